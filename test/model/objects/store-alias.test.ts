import assert from 'node:assert/strict';
import { placeOfSetting } from '../../../src/model/objects/target-place.ts';
import { STORE_ALIASES, storeHost } from '../../../src/model/objects/store-alias.ts';

const idOf = (endpoint: string, bucketRegion = ''): string | undefined =>
  placeOfSetting({ type: 's3', endpoint, bucketName: 'hv', bucketRegion, virtualHostedStyle: false })
    ?.targetId;

describe('a public store with several documented names', () => {
  const ONE_STORE: readonly (readonly [string, string])[] = [
    ['s3.wasabisys.com', 's3.us-east-1.wasabisys.com'],
    ['s3.nl-1.wasabisys.com', 's3.eu-central-1.wasabisys.com'],
    ['s3.de-1.wasabisys.com', 's3.eu-central-2.wasabisys.com'],
    ['s3.uk-1.wasabisys.com', 's3.eu-west-1.wasabisys.com'],
    ['s3.fr-1.wasabisys.com', 's3.eu-west-2.wasabisys.com'],
    ['s3.uk-2.wasabisys.com', 's3.eu-west-3.wasabisys.com'],
    ['s3.it-1.wasabisys.com', 's3.eu-south-1.wasabisys.com'],
    ['s3.us-west-004.backblazeb2.com', 's3.eu-central-003.backblazeb2.com'],
    ['oss-cn-hangzhou.aliyuncs.com', 'oss-cn-hangzhou-internal.aliyuncs.com'],
    ['oss-eu-central-1.aliyuncs.com', 'oss-cn-hangzhou.aliyuncs.com'],
    ['obs.cn-north-4.myhuaweicloud.com', 'obs.myhuaweicloud.com'],
    [
      's3.private.eu-de.cloud-object-storage.appdomain.cloud',
      's3.direct.eu-de.cloud-object-storage.appdomain.cloud',
    ],
    [
      's3.private.us-south.cloud-object-storage.appdomain.cloud',
      's3.us-south.cloud-object-storage.appdomain.cloud',
    ],
    ['s3-accelerate.amazonaws.com', 's3-fips.us-east-1.amazonaws.com'],
    ['s3.eusc-de-east-1.amazonaws.eu', 's3.eusc-de-east-1.api.amazonwebservices.eu'],
  ];
  for (const [one, other] of ONE_STORE) {
    it(`is one place as ${one} and as ${other}`, () => {
      assert.equal(idOf(`https://${one}`), idOf(`https://${other}:443/`));
    });
  }

  const TWO_STORES: readonly (readonly [string, string])[] = [
    ['s3.wasabisys.com', 's3.us-east-2.wasabisys.com'],
    ['s3.nl-1.wasabisys.com', 's3.eu-central-2.wasabisys.com'],
    ['s3.de-1.wasabisys.com', 's3.eu-central-1.wasabisys.com'],
    ['s3.uk-1.wasabisys.com', 's3.uk-2.wasabisys.com'],
    ['s3.fr-1.wasabisys.com', 's3.eu-west-1.wasabisys.com'],
    ['s3.uk-2.wasabisys.com', 's3.eu-west-2.wasabisys.com'],
    ['s3.it-1.wasabisys.com', 's3.eu-west-1.wasabisys.com'],
    ['s3.us-west-004.backblazeb2.com', 's3.us-west-004.backblazeb2.com.example.net'],
    ['oss-cn-hangzhou.aliyuncs.com', 'oss-cn-shanghai-finance-1.aliyuncs.com'],
    ['obs.cn-north-4.myhuaweicloud.com', 'obs.eu-west-101.myhuaweicloud.eu'],
    [
      's3.private.eu-de.cloud-object-storage.appdomain.cloud',
      's3.private.eu-gb.cloud-object-storage.appdomain.cloud',
    ],
    ['account.r2.cloudflarestorage.com', 'account.eu.r2.cloudflarestorage.com'],
    ['nyc3.digitaloceanspaces.com', 'ams3.digitaloceanspaces.com'],
    ['s3.amazonaws.com', 's3.eusc-de-east-1.amazonaws.eu'],
    ['s3.wasabisys.com', 's3.wasabisys.com:9000'],
  ];
  for (const [one, other] of TWO_STORES) {
    it(`is not one as ${one} and as ${other}`, () => {
      assert.notEqual(idOf(`https://${one}`), idOf(`https://${other}`));
    });
  }

  it('has rows that are used, each with its source', () => {
    const hosts = ONE_STORE.flat();
    for (const { host, source } of STORE_ALIASES) {
      assert.ok(
        hosts.some((each) => host.test(each)),
        String(host),
      );
      assert.match(source, /^https:\/\//);
    }
  });

  it('leaves any other host as it is, and a sovereign region names its partition', () => {
    assert.equal(storeHost('minio.lab.internal:9000'), 'minio.lab.internal:9000');
    assert.equal(idOf('', 'eusc-de-east-1'), idOf('https://s3.eusc-de-east-1.amazonaws.eu'));
  });
});
