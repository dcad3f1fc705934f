import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAllowedTarget } from '../../src/config/allowed-target.ts';
import { parseBusinessHours } from '../../src/config/business-hours.ts';
import { InvalidValue } from '../../src/config/invalid-value.ts';
import { parseListenAddress } from '../../src/config/listen-address.ts';
import { nearest } from '../../src/config/nearest.ts';
import { parseShard } from '../../src/config/shard.ts';
import { namespaceName, number, speed, telemetryPath } from '../../src/config/value-parsers.ts';
import { listenAddressText } from '../../src/config/listen-address.ts';

const ID = '0123456789abcdef';
const BERLIN = { fromMinute: 480, toMinute: 1_080, timeZone: 'Europe/Berlin' };

const accepted: readonly (readonly [(text: string) => unknown, string, unknown])[] = [
  [parseListenAddress, ':9965', { host: '', port: 9965 }],
  [parseListenAddress, '127.0.0.1:0', { host: '127.0.0.1', port: 0 }],
  [parseListenAddress, '[::1]:9965', { host: '::1', port: 9965 }],
  [parseListenAddress, 'localhost:80', { host: 'localhost', port: 80 }],
  [parseShard, '2/3', { index: 2, total: 3 }],
  [parseBusinessHours, 'Mon-Fri 08:00-18:00 Europe/Berlin', { days: [1, 2, 3, 4, 5], ...BERLIN }],
  [parseBusinessHours, ' sat-MON,wed  8:00-18:00 Europe/Berlin', { days: [0, 1, 3, 6], ...BERLIN }],
  [parseBusinessHours, 'Sun 00:00-24:00 UTC', { days: [0], fromMinute: 0, toMinute: 1_440, timeZone: 'UTC' }],
  [parseAllowedTarget, `${ID}=2027-03-31`, { target: ID, untilMs: Date.UTC(2027, 3, 1) }],
  [parseAllowedTarget, `${ID}=2027-03-31T12:00:00+02:00`, { target: ID, untilMs: Date.UTC(2027, 2, 31, 10) }],
  [parseAllowedTarget, `${ID}=2020-01-01`, { target: ID, untilMs: Date.UTC(2020, 0, 2) }],
  [speed, '60x', 60],
  [speed, '1.5', 1.5],
  [telemetryPath, '/probe/metrics', '/probe/metrics'],
  [telemetryPath, '/livez/metrics', '/livez/metrics'],
  [telemetryPath, '/runbooks-metrics', '/runbooks-metrics'],
  [namespaceName, 'harvester-system', 'harvester-system'],
];

const refused: readonly (readonly [(text: string) => unknown, string, RegExp])[] = [
  [parseListenAddress, '9965', /write host:port/],
  [parseListenAddress, ':70000', /a port is at most 65535/],
  [parseListenAddress, '::1:9965', /write host:port/],
  [parseListenAddress, '[localhost]:1', /not an IPv6 address/],
  [parseListenAddress, '127.0.0.256:1', /neither an IPv4 address nor a host name/],
  [parseShard, '0/3', /write I\/N/],
  [parseShard, '4/3', /write I\/N/],
  [parseShard, '1', /write I\/N/],
  [parseBusinessHours, 'Mon-Fri 08:00-18:00', /needs days, times and a time zone: write it like Mon-Fri/],
  [parseBusinessHours, 'Mo-Fr 08:00-18:00 UTC', /"Mo-Fr" is no day or range of days: use Mon Tue/],
  [parseBusinessHours, 'Mon 08:00-25:00 UTC', /write them like 08:00-18:00/],
  [parseBusinessHours, 'Mon 08:60-10:00 UTC', /write them like 08:00-18:00/],
  [parseBusinessHours, 'Mon 08:00-08:00 UTC', /00:00-24:00 is the whole day/],
  [parseBusinessHours, 'Mon 08:00-18:00 Berlin', /use a name like Europe\/Berlin, or UTC/],
  [parseAllowedTarget, ID, /needs an expiry date: write it like/],
  [parseAllowedTarget, `${ID}=soon`, /is no date: write it like 2027-03-31/],
  [parseAllowedTarget, `${ID}=2027-02-30`, /is no date/],
  [parseAllowedTarget, `${ID}=2027-02-30T00:00:00Z`, /is no date/],
  [parseAllowedTarget, 's3://bucket=2027-03-31', /neither a target_id .* nor the uid/],
  [speed, '0.5', /is not a number from 1 to 10000/],
  [speed, '1e3', /is not a number/],
  [telemetryPath, 'metrics', /write it like \/metrics/],
  [telemetryPath, '/readyz', /already another page/],
  [telemetryPath, '/livez/', /^\/livez\/ is already another page: choose a path like \/metrics$/],
  [telemetryPath, '/LiveZ', /already another page/],
  [telemetryPath, '//', /already another page/],
  [telemetryPath, '/API/findings//', /already another page/],
  [telemetryPath, '/runbooks/HarvesterVMBackupError', /already another page/],
  [namespaceName, 'Harvester', /not the name of a namespace/],
];

describe('values of options', () => {
  for (const [parse, text, value] of accepted) {
    it(`${parse.name} takes ${JSON.stringify(text)}`, () => assert.deepEqual(parse(text), value));
  }
  for (const [parse, text, message] of refused) {
    it(`${parse.name} refuses ${JSON.stringify(text)} and names the cure`, () =>
      assert.throws(() => parse(text), { name: 'InvalidValue', message }));
  }

  it('give a value or InvalidValue for any text', () => {
    const parsers = [...new Set(accepted.map(([parse]) => parse)), number(0, 1)];
    fc.assert(
      fc.property(fc.constantFrom(...parsers), fc.string(), (parse, text) => {
        try {
          parse(text);
        } catch (error) {
          assert.ok(error instanceof InvalidValue);
        }
      }),
    );
  });

  it('spell a listen address as it was given', () => {
    for (const text of [':9965', '[::1]:9965', 'localhost:1']) {
      assert.equal(listenAddressText(parseListenAddress(text)), text);
    }
  });
});

describe('nearest', () => {
  it('is the candidate one slip away', () => {
    assert.equal(nearest('srve', ['serve', 'demo', 'version']), 'serve');
    assert.equal(
      nearest('web.listen-adress', ['web.listen-address', 'web.telemetry-path']),
      'web.listen-address',
    );
  });

  it('is undefined when nothing is near', () => {
    assert.equal(nearest('xyzzy', ['serve', 'demo']), undefined);
    assert.equal(nearest('', ['serve', 'demo']), undefined);
  });
});
