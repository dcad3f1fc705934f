import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BasicAuth, createBasicAuth, TooBusyError } from '../../src/web-config/basic-auth.ts';
import { subjectAltNames } from '../../src/web-config/client-certificate.ts';
import { readWebConfig } from '../../src/web-config/web-config.ts';

/** bcrypt of "secret". */
const HASH = '$2b$04$KirLIbdwJavDVcnsNSa9oucAXU3j6rOtNQlHRjGBNSlPAtqLef06e';

describe('readWebConfig', () => {
  let directory = '';
  beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'freezewatch-web-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  function file(text: string): string {
    const path = join(directory, 'web.yaml');
    writeFileSync(path, text);
    return path;
  }

  it('takes headers and users', () => {
    const text = `http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: deny\nbasic_auth_users:\n  ops: ${HASH}\n`;
    const { tls, headers, users } = readWebConfig(file(text));
    assert.deepEqual([tls, headers, [...users]], [undefined, { 'X-Frame-Options': 'deny' }, [['ops', HASH]]]);
  });

  it('takes an empty file for plain HTTP', () => {
    assert.equal(readWebConfig(file('')).tls, undefined);
  });

  const broken = {
    'an unknown key': ['tls_config: {}\n', ':1:1: unknown key tls_config'],
    'an unknown key inside': [
      'tls_server_config:\n  cert_file: a\n  certfile: b\n',
      ':3:3: unknown key tls_server_config.certfile',
    ],
    'rate limits': [
      'rate_limit:\n  burst: 1\n',
      ':1:1: unknown key rate_limit (rate limits are not supported)',
    ],
    'a header that is not allowed': [
      'http_server_config:\n  headers:\n    Server: x\n',
      ':3:5: unknown key http_server_config.headers.Server',
    ],
    'a wrong value of a header': [
      'http_server_config:\n  headers:\n    X-Frame-Options: never\n',
      ':3:22: http_server_config.headers.X-Frame-Options: Invalid option: expected one of "deny"|"sameorigin"',
    ],
    'a password that is not hashed': [
      'basic_auth_users:\n  ops: secret\n',
      ':2:8: basic_auth_users.ops: expected a bcrypt hash',
    ],
    'an unknown cipher suite': [
      'tls_server_config:\n  cipher_suites: [RC4]\n',
      ':2:19: tls_server_config.cipher_suites.0: Invalid option',
    ],
    'YAML that is broken': ['tls_server_config: [\n', ':2:1: Flow sequence'],
    'a certificate without key': [
      'tls_server_config:\n  cert_file: a\n',
      ': tls_server_config: needs key_file (or key)',
    ],
    'a client CA that nobody is checked against': [
      'tls_server_config: {cert_file: a, key_file: b, client_ca_file: c}\n',
      ': tls_server_config: client_ca_file without client_auth_type',
    ],
    'SANs of clients that need no certificate': [
      'tls_server_config: {cert_file: a, key_file: b, client_allowed_sans: [x], client_auth_type: VerifyClientCertIfGiven}\n',
      ': tls_server_config: client_allowed_sans needs',
    ],
    'versions that exclude each other': [
      'tls_server_config: {cert_file: a, key_file: b, min_version: TLS13, max_version: TLS12}\n',
      ': tls_server_config: min_version TLS13 is above',
    ],
    'a certificate file that is not there': [
      'tls_server_config: {cert_file: a, key_file: b}\n',
      ": tls_server_config: ENOENT: no such file or directory, open '",
    ],
  } as const;
  for (const [title, [text, problem]] of Object.entries(broken)) {
    it(`refuses ${title}, with its place`, () => {
      const path = file(text);
      assert.throws(
        () => readWebConfig(path),
        (error: Error) => {
          assert.equal(error.name, 'ConfigError');
          assert.ok(error.message.startsWith(`${path}${problem}`), error.message);
          assert.ok(!error.message.includes('secret'), 'a secret is in the message');
          return true;
        },
      );
    });
  }

  it('says which file it cannot read', () => {
    assert.throws(() => readWebConfig(join(directory, 'none.yaml')), {
      message: /^--web\.config\.file: cannot read .*ENOENT/,
    });
  });
});

describe('basic auth', () => {
  const users = new Map([['ops', HASH]]);
  const header = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const cases = {
    'the right password': [header('ops:secret'), true],
    'a wrong password': [header('ops:Secret'), false],
    'an unknown user': [header('root:secret'), false],
    'the password behind which the hash of nobody stands': [header('root:'), false],
    'no password': [header('ops'), false],
    'no header': [undefined, false],
    'another scheme': ['Bearer abc', false],
    'what is not base64': ['Basic !!!', false],
  } as const;
  for (const [title, [authorization, allowed]] of Object.entries(cases)) {
    it(`${allowed ? 'accepts' : 'refuses'} ${title}, the second time as well`, async () => {
      const isAllowed = createBasicAuth();
      assert.deepEqual(
        [await isAllowed(users, authorization), await isAllowed(users, authorization)],
        [allowed, allowed],
      );
    });
  }

  it('forgets what it knew of a user whose password was changed or who was removed', async () => {
    const isAllowed = createBasicAuth();
    assert.equal(await isAllowed(users, header('ops:secret')), true);
    assert.equal(await isAllowed(new Map(), header('ops:secret')), false);
    assert.equal(await isAllowed(new Map([['ops', HASH.replace(/6e$/, '5e')]]), header('ops:secret')), false);
  });
});

describe('basic auth under a flood', () => {
  const users = new Map([['ops', HASH]]);
  const header = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;
  const flood = (isAllowed: BasicAuth, count: number): Promise<PromiseSettledResult<boolean>[]> =>
    Promise.allSettled(
      Array.from({ length: count }, (_, index) => isAllowed(users, header(`ops:wrong-${index}`))),
    );

  it('lets few comparisons wait, and says that it is busy to all others', async () => {
    const results = await flood(createBasicAuth(), 100);
    const refused = results.filter((result) => result.status === 'fulfilled' && !result.value);
    const busy = results.filter(
      (result) => result.status === 'rejected' && result.reason instanceof TooBusyError,
    );
    assert.deepEqual([refused.length, busy.length], [17, 83]);
  });

  it('accepts a password that was right before at once, after any number of wrong ones', async () => {
    const isAllowed = createBasicAuth();
    assert.equal(await isAllowed(users, header('ops:secret')), true);
    for (let round = 0; round < 12; round += 1)
      await Promise.allSettled(
        Array.from({ length: 17 }, (_, index) => isAllowed(users, header(`ops:wrong-${round}-${index}`))),
      );
    const flooding = flood(isAllowed, 100);
    // It would have to wait, and be refused, if it had to be compared.
    assert.equal(await isAllowed(users, header('ops:secret')), true);
    await flooding;
  });

  it('compares the same password once, however often it comes at the same time', async () => {
    const isAllowed = createBasicAuth();
    const asked = Array.from({ length: 100 }, () => isAllowed(users, header('ops:secret')));
    assert.deepEqual(new Set(await Promise.all(asked)), new Set([true]));
  });
});

describe('subjectAltNames', () => {
  it('are the names of all four kinds', () => {
    const text =
      'DNS:a.example, IP Address:10.0.0.1, IP Address:FE80:0:0:0:0:0:0:1, URI:spiffe://a/b, email:a@example.com';
    assert.deepEqual(subjectAltNames(text), [
      'a.example',
      '10.0.0.1',
      'fe80::1',
      'spiffe://a/b',
      'a@example.com',
    ]);
  });

  it('do not contain what one name pretends to be', () => {
    assert.deepEqual(subjectAltNames('DNS:"a, DNS:admin"'), ['a, DNS:admin']);
    assert.deepEqual(subjectAltNames('othername:<unsupported>, DNS:b'), ['b']);
    assert.deepEqual(subjectAltNames(''), []);
  });
});
