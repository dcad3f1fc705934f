import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '../../simulator/demo/programs.ts';
import { readWebConfig } from '../../src/web-config/web-config.ts';
import { hasOpenssl, writeCertificate } from '../web-config/certificates.ts';

const TLS = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';
const HASH = '$2b$04$KirLIbdwJavDVcnsNSa9oucAXU3j6rOtNQlHRjGBNSlPAtqLef06e';

describe('a web configuration', () => {
  const promtool = findProgram('promtool');
  let directory = '';

  before(function () {
    if (promtool !== undefined && hasOpenssl()) return;
    process.stderr.write(
      'SKIPPED: promtool or openssl is missing, so nobody checks that we agree with the exporter-toolkit\n',
    );
    this.skip();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'freezewatch-web-'));
    writeCertificate(directory, 'server');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const cases = {
    'TLS alone': [TLS, true],
    'client certificates': [
      `${TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: server.crt\n`,
      true,
    ],
    'versions and suites': [
      `${TLS}  min_version: TLS12\n  max_version: TLS13\n  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]\n  curve_preferences: [X25519]\n  prefer_server_cipher_suites: true\n`,
      true,
    ],
    'headers and users': [
      `http_server_config:\n  http2: false\n  headers:\n    X-Frame-Options: deny\nbasic_auth_users:\n  ops: ${HASH}\n`,
      true,
    ],
    'an unknown key': ['nonsense: 1\n', false],
    'a header that is not allowed': ['http_server_config: {headers: {Server: x}}\n', false],
    'a wrong header value': ['http_server_config: {headers: {X-Content-Type-Options: sniff}}\n', false],
    'an unknown policy': [`${TLS}  client_auth_type: Maybe\n`, false],
    'a key without certificate': ['tls_server_config: {key_file: server.key}\n', false],
    'a client CA without policy': [`${TLS}  client_ca_file: server.crt\n`, false],
    'a password that is not hashed': ['basic_auth_users: {ops: secret}\n', false],
  } as const;
  for (const [title, [text, valid]] of Object.entries(cases)) {
    it(`with ${title} is ${valid ? 'accepted' : 'refused'} by promtool and by us`, () => {
      const file = join(directory, 'web.yaml');
      writeFileSync(file, text);
      const { status, stdout, stderr } = spawnSync(promtool ?? '', ['check', 'web-config', file], {
        encoding: 'utf8',
      });
      assert.equal(status === 0, valid, stdout + stderr);
      if (valid) readWebConfig(file);
      else assert.throws(() => readWebConfig(file), { name: 'ConfigError' });
    });
  }
});
