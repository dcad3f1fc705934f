import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { listen, type WebServer } from '../../src/http/web-server.ts';
import { createLogWriter } from '../../src/log-writer.ts';
import {
  hasOpenssl,
  replaceCertificate,
  writeCertificate,
  type Certificate,
} from '../web-config/certificates.ts';

/** bcrypt of "secret". */
const HASH = '$2b$04$KirLIbdwJavDVcnsNSa9oucAXU3j6rOtNQlHRjGBNSlPAtqLef06e';
const TLS = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';

describe('the web server with a web configuration', () => {
  let directory = '';
  let server: WebServer | undefined;
  let certificate: Certificate;
  let log: PassThrough;

  before(function () {
    if (hasOpenssl()) return;
    process.stderr.write(
      'SKIPPED: TLS of the web server is not tested, because there is no openssl to make certificates with\n',
    );
    this.skip();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'freezewatch-tls-'));
    certificate = writeCertificate(directory, 'server');
    log = new PassThrough();
  });
  afterEach(async () => {
    await server?.close(0);
    server = undefined;
    rmSync(directory, { recursive: true });
  });

  function configure(text: string): string {
    const file = join(directory, 'web.yaml');
    writeFileSync(file, text);
    return file;
  }

  async function serving(text: string): Promise<string> {
    const logger = createLogWriter({ level: 'info', format: 'logfmt', stream: log });
    const address = { host: '127.0.0.1', port: 0 };
    const webConfigFile = configure(text);
    server = await listen((_request, response) => void response.end('metrics'), {
      address,
      webConfigFile,
      logger,
    });
    return server.url;
  }

  /** Each on a connection of its own, as `agent: false` asks. */
  async function fetched(
    url: string,
    options: RequestOptions = {},
  ): Promise<{ readonly status: number; readonly text: string }> {
    const request = get(url, { agent: false, ca: certificate.cert, ...options });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const text = (await response.setEncoding('utf8').toArray()).join('');
    return { status: response.statusCode ?? 0, text };
  }

  const logged = (): string => String(log.setEncoding('utf8').read() ?? '');

  it('speaks TLS with the certificate of the file', async () => {
    const url = await serving(TLS);
    assert.match(url, /^https:/);
    assert.deepEqual(await fetched(url), { status: 200, text: 'metrics' });
  });

  it('uses a replaced certificate for the next connection', async () => {
    const url = await serving(TLS);
    await fetched(url);
    const renewed = writeCertificate(directory, 'renewed');
    replaceCertificate(directory, 'server', renewed);
    await assert.rejects(fetched(url), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    assert.deepEqual(await fetched(url, { ca: renewed.cert }), { status: 200, text: 'metrics' });
  });

  it('keeps the last good version while the new one is broken, and says so once', async () => {
    const url = await serving(TLS);
    configure(`${TLS}  nonsense: true\n`);
    assert.equal((await fetched(url)).status, 200);
    assert.equal((await fetched(url)).status, 200);
    assert.equal(logged().match(/level=error .*unknown key tls_server_config\.nonsense/g)?.length, 1);
  });

  it('does not pretend to switch TLS off while it runs', async () => {
    const url = await serving(TLS);
    configure('');
    assert.equal((await fetched(url)).status, 200);
    assert.match(logged(), /level=error .*needs a restart/);
  });

  it('asks for the password of a user, and obeys a changed file at once', async () => {
    const url = await serving(`${TLS}basic_auth_users:\n  ops: ${HASH}\n`);
    assert.equal((await fetched(url)).status, 401);
    assert.equal((await fetched(url, { auth: 'ops:wrong' })).status, 401);
    assert.equal((await fetched(url, { auth: 'ops:secret' })).status, 200);
    configure(`${TLS}basic_auth_users:\n  other: ${HASH}\n`);
    assert.equal((await fetched(url, { auth: 'ops:secret' })).status, 401);
    assert.equal((await fetched(url, { auth: 'other:secret' })).status, 200);
  });

  it('asks for passwords over plain HTTP too, and adds the headers', async () => {
    const url = await serving(
      `http_server_config: {headers: {X-Frame-Options: deny}}\nbasic_auth_users: {ops: ${HASH}}\n`,
    );
    const refused = await fetch(url);
    assert.deepEqual([refused.status, refused.headers.get('x-frame-options')], [401, 'deny']);
    assert.equal(refused.headers.get('www-authenticate'), 'Basic');
    const authorization = `Basic ${Buffer.from('ops:secret').toString('base64')}`;
    assert.equal((await fetch(url, { headers: { authorization } })).status, 200);
  });

  it('speaks no version of TLS below the least one', async () => {
    const url = await serving(`${TLS}  min_version: TLS13\n`);
    await assert.rejects(fetched(url, { maxVersion: 'TLSv1.2' }), { code: 'EPROTO' });
    assert.equal((await fetched(url)).status, 200);
  });

  /** Which of these clients each policy lets in: one without certificate, one that the CA knows, one it does not. */
  const policies = {
    NoClientCert: [true, true, true],
    RequestClientCert: [true, true, true],
    RequireAnyClientCert: [false, true, true],
    VerifyClientCertIfGiven: [true, true, false],
    RequireAndVerifyClientCert: [false, true, false],
  } as const;
  for (const [policy, expected] of Object.entries(policies)) {
    it(`lets in whom ${policy} lets in`, async () => {
      const known = writeCertificate(directory, 'known');
      const stranger = writeCertificate(directory, 'stranger');
      const authority = policy === 'NoClientCert' ? '' : '  client_ca_file: known.crt\n';
      const url = await serving(`${TLS}  client_auth_type: ${policy}\n${authority}`);
      const admitted = await Promise.all(
        [{}, known, stranger].map((client) =>
          fetched(url, client).then(
            ({ status }) => status === 200,
            () => false,
          ),
        ),
      );
      assert.deepEqual(admitted, expected);
    });
  }

  it('lets in only clients with an allowed name', async () => {
    const scraper = writeCertificate(directory, 'known', 'DNS:prometheus.example');
    const url = await serving(
      `${TLS}  client_auth_type: RequireAnyClientCert\n  client_allowed_sans: [prometheus.example]\n`,
    );
    assert.equal((await fetched(url, scraper)).status, 200);
    await assert.rejects(fetched(url, writeCertificate(directory, 'other', 'DNS:other.example')));
  });

  it('is closed by its deadline although a client never finishes its handshake', async () => {
    const url = await serving(TLS);
    const client = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
    await once(client, 'connect');
    await server?.close(10);
    server = undefined;
  });
});
