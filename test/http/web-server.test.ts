import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage, type RequestListener } from 'node:http';
import { PassThrough } from 'node:stream';
import { ConfigError } from '../../src/errors.ts';
import { listen, type WebServer } from '../../src/http/web-server.ts';
import { createLogWriter } from '../../src/log-writer.ts';

const ANY_PORT = { host: '127.0.0.1', port: 0 };
const logger = createLogWriter({ level: 'error', format: 'logfmt', stream: new PassThrough() });

describe('listen', () => {
  const servers: WebServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close(0)));
  });

  async function serving(app: RequestListener, address = ANY_PORT): Promise<WebServer> {
    const server = await listen(app, { address, logger });
    servers.push(server);
    return server;
  }

  it('says where it can be reached', async () => {
    const { url } = await serving((_request, response) => void response.end('hello'));
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await (await fetch(url)).text(), 'hello');
    assert.match((await serving(() => undefined, { host: '', port: 0 })).url, /^http:\/\/localhost:\d+$/);
  });

  it('names the flag when the port is taken', async () => {
    const { url } = await serving(() => undefined);
    const port = Number(new URL(url).port);
    await assert.rejects(
      listen(() => undefined, { address: { ...ANY_PORT, port }, logger }),
      (error) => {
        assert.ok(error instanceof ConfigError);
        assert.match(
          error.problems[0] ?? '',
          new RegExp(`^--web\\.listen-address: 127\\.0\\.0\\.1:${port} is already in use`),
        );
        return true;
      },
    );
  });

  it('names the flag when the address belongs to another machine', async () => {
    await assert.rejects(
      listen(() => undefined, { address: { host: '192.0.2.1', port: 0 }, logger }),
      {
        message: '--web.listen-address: 192.0.2.1:0 is not an address of this machine',
      },
    );
  });

  it('lets a running request finish when it closes, and does not wait for idle connections', async () => {
    const started = new PassThrough();
    const server = await serving((request, response) => {
      if (request.url === '/idle') return void response.end();
      response.write('begin ');
      started.once('data', () => response.end('end'));
    });
    const agent = new Agent({ keepAlive: true });
    const [idle] = (await once(get(`${server.url}/idle`, { agent }), 'response')) as [IncomingMessage];
    await once(idle.resume(), 'end');
    const [running] = (await once(get(server.url), 'response')) as [IncomingMessage];
    const closed = server.close(60_000);
    started.write('go');
    assert.equal((await running.setEncoding('utf8').toArray()).join(''), 'begin end');
    await closed;
    agent.destroy();
  });

  it('cuts a request that does not finish within the deadline', async () => {
    const server = await serving((_request, response) => void response.write('begin'));
    const [running] = (await once(get(server.url), 'response')) as [IncomingMessage];
    const cut = once(running.resume(), 'error');
    await server.close(1);
    const [error] = (await cut) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
  });
});
