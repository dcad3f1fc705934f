import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ACCESS_LINE_NEEDLE, parseAccessLine } from '../../../src/model/logs/access-line.ts';

const URL = '/apis/subresources.kubevirt.io/v1/namespaces/team-a/virtualmachineinstances/web-01/freeze';
const line = (fields: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({
    component: 'virt-api',
    contentLength: 0,
    level: 'info',
    method: 'PUT',
    pos: 'filter.go:47',
    proto: 'HTTP/1.1',
    remoteAddress: '10.52.0.0',
    statusCode: 200,
    timestamp: '2025-02-24T09:12:41.515002Z',
    url: URL,
    username: '-',
    ...fields,
  });

describe('parseAccessLine', () => {
  const call = { namespace: 'team-a', vm: 'web-01', action: 'freeze', result: 'success' };
  const counted: readonly [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['a freeze', {}, call],
    ['an unfreeze', { url: URL.replace('/freeze', '/unfreeze') }, { ...call, action: 'unfreeze' }],
    ['the older API version', { url: URL.replace('/v1/', '/v1alpha3/') }, call],
    ['a query', { url: `${URL}?timeout=30s` }, call],
    ['202', { statusCode: 202 }, call],
    ['409: the VM does not run', { statusCode: 409 }, { ...call, result: 'rejected' }],
    ['404', { statusCode: 404 }, { ...call, result: 'rejected' }],
    ['500: virt-handler refused', { statusCode: 500 }, { ...call, result: 'failed' }],
    ['503', { statusCode: 503 }, { ...call, result: 'failed' }],
    ['a VM named freeze', { url: URL.replace('web-01', 'freeze') }, { ...call, vm: 'freeze' }],
  ];
  for (const [name, fields, expected] of counted) {
    it(`counts ${name}`, () => {
      assert.deepEqual(parseAccessLine(line(fields)), expected);
    });
  }

  const ignored: readonly [string, string][] = [
    ['another method', line({ method: 'GET' })],
    ['another subresource', line({ url: URL.replace('/freeze', '/pause') })],
    ['a VM named freeze that is paused', line({ url: URL.replace('web-01/freeze', 'freeze/pause') })],
    ['a longer path', line({ url: `${URL}/status` })],
    ['a virtualmachines path', line({ url: URL.replace('virtualmachineinstances', 'virtualmachines') })],
    ['another component', line({ component: 'virt-handler' })],
    ['no status code', line({ statusCode: undefined })],
    ['a status code as text', line({ statusCode: '200' })],
    ['no url', line({ url: null })],
    ['a redirect', line({ statusCode: 301 })],
    ['a klog line', 'W0312 09:12:41.000000       1 freeze.go:12] PUT /freeze'],
    ['a torn line', line({}).slice(0, -20)],
    ['an empty line', ''],
    ['JSON that is no object', '["freeze"]'],
  ];
  for (const [name, text] of ignored) {
    it(`ignores ${name}`, () => {
      assert.equal(parseAccessLine(text), undefined);
    });
  }

  it('never throws, and needs the needle to count', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.json(), fc.dictionary(fc.string(), fc.jsonValue()).map(line)),
        (text) => {
          if (parseAccessLine(text) !== undefined) assert.ok(text.includes(ACCESS_LINE_NEEDLE));
        },
      ),
    );
  });
});
