import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type SettingSpelling,
  type TargetPlace,
  placeOfSetting,
  placeOfUrl,
} from '../../../src/model/objects/target-place.ts';

const s3 = (endpoint: string, overrides: Partial<SettingSpelling> = {}): TargetPlace | undefined =>
  placeOfSetting({
    type: 's3',
    endpoint,
    bucketName: 'hv-prod',
    bucketRegion: 'us-east-1',
    virtualHostedStyle: false,
    ...overrides,
  });
const nfs = (endpoint: string): TargetPlace | undefined =>
  placeOfSetting({ type: 'nfs', endpoint, bucketName: '', bucketRegion: '', virtualHostedStyle: false });

const idsOf = (places: readonly (TargetPlace | undefined)[]): ReadonlySet<string | undefined> =>
  new Set(places.map((place) => place?.targetId));

describe('the place of a backup target', () => {
  const ONE_PLACE: Readonly<Record<string, readonly (TargetPlace | undefined)[]>> = {
    's3://s3.example.net:9000/hv-prod': [
      s3('https://s3.example.net:9000'),
      s3('http://s3.example.net:9000/'),
      s3('S3.Example.NET:9000'),
      s3(' https://s3.example.net.:9000// '),
      s3('https://s3.example.net:9000', { bucketRegion: 'eu-west-1' }),
      s3('https://s3.example.net:9000', { bucketName: 'hv-prod/' }),
      s3('https://hv-prod.s3.example.net:9000', { virtualHostedStyle: true }),
      s3('https://s3.example.net:9000', { virtualHostedStyle: true }),
      s3('https://user:canary@s3.example.net:9000?x=canary#canary'),
    ],
    's3://s3.example.net/hv-prod': [
      s3('https://s3.example.net'),
      s3('https://s3.example.net:443'),
      s3('http://s3.example.net:80/'),
    ],
    's3://aws/hv-prod': [
      s3(''),
      s3('', { bucketRegion: 'eu-central-1' }),
      s3('https://s3.amazonaws.com'),
      s3('s3.eu-west-1.amazonaws.com'),
      s3('https://hv-prod.s3.dualstack.us-east-1.amazonaws.com', { virtualHostedStyle: true }),
    ],
    's3://aws-cn/hv-prod': [
      s3('', { bucketRegion: 'cn-north-1' }),
      s3('https://s3.cn-north-1.amazonaws.com.cn'),
    ],
    's3://aws-us-gov/hv-prod': [
      s3('', { bucketRegion: 'us-gov-west-1' }),
      s3('https://s3.us-gov-west-1.amazonaws.com'),
    ],
    'nfs://srv.example.net/export/Backups': [
      nfs('nfs://srv.example.net:/export/Backups'),
      nfs('srv.example.net:/export/Backups/'),
      nfs('NFS://SRV.example.net/export//Backups?nfsOptions=vers=4.1'),
      placeOfUrl('nfs://srv.example.net:/export/Backups'),
      placeOfUrl('nfs://srv.example.net:2049/export/./Backups'),
    ],
    'cifs://files.local/share': [
      placeOfUrl('cifs://files.local/share'),
      placeOfUrl('cifs://FILES.local/share/?cifsOptions=x'),
    ],
    's3://?/hv-prod': [
      placeOfUrl('s3://hv-prod@us-east-1/'),
      placeOfUrl('s3://hv-prod@eu-west-1'),
      placeOfUrl('S3://hv-prod@dummy//'),
    ],
    's3://?/hv-prod/a/b': [placeOfUrl('s3://hv-prod@us-east-1/a/b/'), placeOfUrl('s3://hv-prod@x//a//b')],
    'azblob://core.windows.net/backups': [
      placeOfUrl('azblob://backups@core.windows.net/'),
      placeOfUrl('azblob://backups@core.windows.net'),
    ],
  };

  for (const [target, spellings] of Object.entries(ONE_PLACE)) {
    it(`is ${target}, however it is spelled`, () => {
      assert.deepEqual(new Set(spellings.map((place) => place?.target)), new Set([target]));
      assert.equal(idsOf(spellings).size, 1);
    });
  }

  it('differs where the store differs: host, port, bucket, letters of a path, partition, protocol', () => {
    const places = [
      ...Object.values(ONE_PLACE).map(([first]) => first),
      s3('https://s3.example.org:9000'),
      s3('https://s3.example.net:9001'),
      s3('https://s3.example.net:9000', { bucketName: 'hv-test' }),
      s3('https://hv-prod.s3.example.net:9000'),
      nfs('srv.example.net:/export/backups'),
      nfs('srv.example.net:/export'),
      placeOfUrl('cifs://srv.example.net/export/Backups'),
    ];
    assert.equal(idsOf(places).size, places.length);
    assert.ok(!idsOf(places).has(undefined));
  });

  it('has an id of 16 hex digits, and a loose one that any name of the host shares', () => {
    const place = s3('https://s3.example.net:9000');
    assert.match(place?.targetId ?? '', /^[0-9a-f]{16}$/);
    assert.equal(place?.looseId, s3('https://10.0.0.7:9000')?.looseId);
    assert.equal(place?.looseId, placeOfUrl('s3://hv-prod@us-east-1/')?.looseId);
    assert.notEqual(place?.looseId, s3('https://s3.example.net:9000', { bucketName: 'other' })?.looseId);
    assert.equal(nfs('a:/x')?.looseId, nfs('b:/x')?.looseId);
  });

  it('is undefined for a text that names no place', () => {
    for (const url of ['', '   ', 's3://', 'nfs://', 'ftp://srv/path', 'bucket', 'nfs://srv host/x']) {
      assert.equal(placeOfUrl(url), undefined, url);
    }
    assert.equal(s3('https://s3.example.net', { bucketName: '' }), undefined);
    assert.equal(s3('https://bad host'), undefined);
    assert.equal(nfs(''), undefined);
  });

  const SCOPES: Readonly<Record<string, readonly string[]>> = {
    public: [
      '',
      's3.amazonaws.com',
      's3.example.net:9000',
      'example.net',
      'minio.ch',
      '8.8.8.8',
      '[2001:db8::1]:9000',
      '172.32.0.1',
    ],
    private: [
      '10.1.2.3:9000',
      '172.31.0.9',
      '192.168.1.1',
      '100.64.0.1',
      '127.0.0.1',
      'minio',
      'nas.local',
      'a.b.internal',
      '[fd00::7]',
      '[fe80::1]',
      '[::1]:9000',
    ],
    cluster: [
      'minio-service.default:9000',
      'minio.backup',
      'minio.backup.svc',
      'minio.backup.svc.cluster.local:443',
    ],
  };
  for (const [scope, endpoints] of Object.entries(SCOPES)) {
    it(`has scope ${scope} by its host`, () => {
      for (const endpoint of endpoints) assert.equal(s3(endpoint)?.scope, scope, endpoint);
    });
  }

  it('is ambiguous where the URL does not identify the store', () => {
    assert.equal(placeOfUrl('s3://hv-prod@us-east-1/')?.scope, 'ambiguous');
    assert.equal(placeOfUrl('azblob://backups@core.windows.net/')?.scope, 'ambiguous');
    assert.equal(placeOfUrl('nfs://10.0.0.1:/x')?.scope, 'private');
    assert.equal(placeOfUrl('nfs://nas.example.net:/x')?.scope, 'public');
  });
});

describe('any spelling of a backup target', () => {
  const label = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
  const host = fc.array(label, { minLength: 3, maxLength: 4 }).map((labels) => labels.join('.'));
  // S3 forbids bucket names that read as an encoded domain.
  const bucket = fc
    .stringMatching(/^[a-z][a-z0-9-]{1,10}[a-z0-9]$/)
    .filter((name) => !name.startsWith('xn--'));
  const port = fc.option(
    fc.integer({ min: 1024, max: 65_535 }).filter((each) => each !== 2049),
    { nil: undefined },
  );
  const randomCase = (text: string, upper: readonly boolean[]): string =>
    Array.from(text)
      .map((letter, at) => (upper[at % upper.length] === true ? letter.toUpperCase() : letter))
      .join('');
  const letters = fc.array(fc.boolean(), { minLength: 1, maxLength: 7 });

  it('of one S3 bucket gives one id', () => {
    const scheme = fc.constantFrom('', 'http://', 'https://', 'HTTPS://');
    const end = fc.constantFrom('', '/', '//', '/?x=1');
    fc.assert(
      fc.property(
        host,
        port,
        bucket,
        scheme,
        end,
        letters,
        fc.boolean(),
        fc.string(),
        (name, number, bucketName, front, back, upper, virtual, bucketRegion) => {
          const suffix = number === undefined ? '' : `:${number}`;
          const spelled = `${front}${virtual ? `${bucketName}.` : ''}${randomCase(name, upper)}${suffix}${back}`;
          const place = s3(spelled, { bucketName, bucketRegion, virtualHostedStyle: virtual });
          assert.equal(place?.target, `s3://${name}${suffix}/${bucketName}`);
          assert.equal(place.targetId, s3(`https://${name}${suffix}`, { bucketName })?.targetId);
        },
      ),
    );
  });

  it('of one NFS export gives one id', () => {
    const path = fc.array(fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/), { minLength: 1, maxLength: 4 });
    const options = fc.constantFrom('', '?nfsOptions=soft', '?nfsOptions=vers=4.2,timeo=330');
    const separator = fc.constantFrom('/', '//', '/./');
    fc.assert(
      fc.property(
        host,
        path,
        options,
        separator,
        letters,
        fc.boolean(),
        fc.boolean(),
        (name, parts, query, slash, upper, colon, scheme) => {
          const spelled = `${scheme ? 'nfs://' : ''}${randomCase(name, upper)}${colon ? ':' : ''}/${parts.join(slash)}${query}`;
          assert.equal(nfs(spelled)?.target, `nfs://${name}/${parts.join('/')}`);
          assert.equal(
            placeOfUrl(`nfs://${spelled.replace(/^nfs:\/\//, '')}`)?.targetId,
            nfs(spelled)?.targetId,
          );
        },
      ),
    );
  });

  it('of two places gives two ids', () => {
    const spelling = fc.tuple(host, port, bucket);
    fc.assert(
      fc.property(spelling, spelling, (left, right) => {
        const idOf = ([name, number, bucketName]: typeof left): string | undefined =>
          s3(`${name}:${number ?? 443}`, { bucketName })?.targetId;
        assert.equal(idOf(left) === idOf(right), left.join() === right.join());
      }),
    );
  });

  it('keeps no user and no password', () => {
    // What a password may hold: also the characters that end the user part of a URL.
    const password = fc.string({
      unit: fc.constantFrom(...Array.from('aZ9/+=?#@:%&. ')),
      minLength: 0,
      maxLength: 12,
    });
    fc.assert(
      fc.property(password, password, host, (before, after, name) => {
        const secret = `${before}CANARY${after}`;
        const places = [
          s3(`https://user:${secret}@${name}:9000`),
          s3(`${secret}@${name}`),
          nfs(`nfs://user:${secret.replaceAll('/', '')}@${name}:/x`),
          placeOfUrl(`s3://AKIA:${secret}@hv-prod@us-east-1/`),
          placeOfUrl(`azblob://user:${secret}@core.windows.net/`),
          placeOfUrl(`cifs://user:${encodeURIComponent(secret)}@${name}/share?password=${secret}`),
        ];
        assert.ok(!JSON.stringify(places).toUpperCase().includes('CANARY'), JSON.stringify(places));
      }),
    );
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, bucketName) => {
        for (const scheme of ['', 's3://', 'nfs://', 'cifs://', 'azblob://']) placeOfUrl(`${scheme}${text}`);
        s3(text, { bucketName });
        nfs(text);
      }),
    );
  });
});
