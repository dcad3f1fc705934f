import assert from 'node:assert/strict';
import { DecodeError } from '../../../src/errors.ts';
import { decodeServerVersionSetting, decodeTargetSetting } from '../../../src/model/objects/setting.ts';

const CANARY = 'CANARY-7f3a';

const setting = (value: unknown, rest: object = {}): object => ({
  apiVersion: 'harvesterhci.io/v1beta1',
  kind: 'Setting',
  metadata: {
    name: 'backup-target',
    uid: 's-1',
    annotations: { 'harvesterhci.io/lastRefreshTime': '2025-03-01T02:10:00Z' },
  },
  value: typeof value === 'string' ? value : JSON.stringify(value),
  ...rest,
});

const S3 = {
  type: 's3',
  endpoint: 'https://s3.example.net:9000',
  accessKeyId: `${CANARY}-key`,
  secretAccessKey: `${CANARY}-secret`,
  bucketName: 'hv-prod',
  bucketRegion: 'us-east-1',
  cert: `${CANARY}-cert`,
  virtualHostedStyle: false,
  refreshIntervalInSeconds: 600,
};

describe('the Setting backup-target', () => {
  it('is decoded to a place and its refresh, and to nothing else', () => {
    const decoded = decodeTargetSetting(setting(S3));
    assert.equal(decoded.place?.target, 's3://s3.example.net:9000/hv-prod');
    assert.deepEqual(
      { ...decoded, place: undefined },
      {
        namespace: '',
        name: 'backup-target',
        uid: 's-1',
        place: undefined,
        spelling: 'df9792776a64e3c8',
        virtualHostedStyle: false,
        bucketRegion: 'us-east-1',
        refreshIntervalMs: 600_000,
        lastRefreshMs: Date.parse('2025-03-01T02:10:00Z'),
      },
    );
  });

  it('names no place while none is set', () => {
    const type = { type: '', endpoint: '' };
    for (const value of ['', '  ', '{}', 'null', type]) {
      if (value === 'null') continue;
      assert.equal(decodeTargetSetting(setting(value)).place, undefined);
    }
    assert.equal(decodeTargetSetting({ metadata: { name: 'backup-target' } }).place, undefined);
  });

  it('means its default while its value is empty', () => {
    const decoded = decodeTargetSetting(setting('', { default: JSON.stringify(S3) }));
    assert.equal(decoded.place?.target, 's3://s3.example.net:9000/hv-prod');
    assert.equal(decoded.refreshIntervalMs, 600_000);
  });

  it('without an interval is never refreshed', () => {
    const { refreshIntervalMs, lastRefreshMs } = decodeTargetSetting({
      metadata: { name: 'backup-target' },
      value: '{"type":"nfs","endpoint":"nfs://srv:/path"}',
    });
    assert.deepEqual([refreshIntervalMs, lastRefreshMs], [0, undefined]);
  });

  const WITH_SECRETS: Readonly<Record<string, unknown>> = {
    'a whole value': S3,
    'user information in the endpoint': { ...S3, endpoint: `https://${CANARY}:${CANARY}@s3.example.net` },
    'a slash in the password': { ...S3, endpoint: `https://user:a/${CANARY}@s3.example.net` },
    'user information of an NFS server': {
      type: 'nfs',
      endpoint: `nfs://${CANARY}:${CANARY}@srv:/path?x=${CANARY}`,
    },
    'an unknown type': { ...S3, type: CANARY },
    'an endpoint of the wrong type': { ...S3, endpoint: [CANARY] },
    'an interval of the wrong type': { ...S3, refreshIntervalInSeconds: CANARY },
    'text that is no JSON': `{"secretAccessKey":"${CANARY}"`,
    'text that is not even near': CANARY,
    'a JSON text': JSON.stringify(JSON.stringify(S3)),
    'a JSON array': JSON.stringify([S3]),
  };

  for (const [what, value] of Object.entries(WITH_SECRETS)) {
    it(`lets no credential out of ${what}, neither by a field nor by an error`, () => {
      assert.ok(!everythingSaid(() => decodeTargetSetting(setting(value))).includes(CANARY));
    });
  }

  it('of a shape we do not know is a decode error', () => {
    for (const value of ['nonsense', '[]', { ...S3, type: 'tape' }, { ...S3, virtualHostedStyle: 'yes' }]) {
      assert.throws(() => decodeTargetSetting(setting(value)), DecodeError);
    }
  });
});

/** The result, or all that an error carries: message, stack and causes. */
function everythingSaid(decode: () => unknown): string {
  try {
    return JSON.stringify(decode());
  } catch (error) {
    const said: string[] = [];
    for (let each: unknown = error; each instanceof Error; each = each.cause) {
      said.push(each.message, each.stack ?? '', JSON.stringify(each));
    }
    return said.join('\n');
  }
}

describe('the Setting server-version', () => {
  const version = (fields: object): string | undefined =>
    decodeServerVersionSetting({ metadata: { name: 'server-version' }, ...fields }).version;

  it('names a release, its default if the value is empty, or nothing', () => {
    assert.equal(version({ value: 'v1.4.1' }), 'v1.4.1');
    assert.equal(version({ value: '', default: 'v1.7.0' }), 'v1.7.0');
    assert.equal(version({ value: '', default: '' }), undefined);
    assert.equal(version({}), undefined);
  });
});
