import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createApi, type Api } from '../../src/cluster/api.ts';
import { ApiError, ConnectionError } from '../../src/errors.ts';
import { all, apiFor, kubeConfigFor, sendJson, sendStatus, startLocalServer, until } from './local-server.ts';
import type { Answer, LocalServer } from './local-server.ts';

const signal = new AbortController().signal;
const kindOf = async (call: Promise<unknown>): Promise<string> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ConnectionError, String(error));
  return error.kind;
};

describe('Api', () => {
  let server: LocalServer;
  let api: Api;
  const serve = async (answer: Answer): Promise<void> => {
    server = await startLocalServer(answer);
    api = apiFor(server);
  };
  afterEach(() => server.close());

  it('reads JSON over one kept-alive connection, gzipped or not', async () => {
    await serve((request, response) => {
      if (request.url === '/plain') sendJson(response, { n: 1 });
      else response.setHeader('content-encoding', 'gzip').end(gzipSync('{"n":2}'));
    });
    assert.deepEqual(await api.getJson('/plain', { signal }), { n: 1 });
    assert.deepEqual(await api.getJson('/zipped', { signal }), { n: 2 });
    assert.equal(server.connections(), 1);
  });

  it('sends its name, and asks for gzip in calls but never in streams', async () => {
    const seen: unknown[] = [];
    await serve(({ headers }, response) => {
      seen.push([headers['user-agent'], headers['accept-encoding']]);
      response.end('{}');
    });
    await api.getJson('/', { signal });
    await all(await api.stream('/', { signal }));
    assert.deepEqual(seen, [
      ['freezewatch/test', 'gzip'],
      ['freezewatch/test', undefined],
    ]);
  });

  it('reports a refusal with the status, reason and message of the Status object', async () => {
    await serve((_request, response) => {
      response.setHeader('retry-after', '7');
      sendStatus(response, 429, 'TooManyRequests', 'slow\ndown');
    });
    await assert.rejects(api.getJson('/', { signal }), (error) => {
      assert.ok(error instanceof ApiError);
      const { status, reason, message, retryAfterMs } = error;
      assert.deepEqual([status, reason, message, retryAfterMs], [429, 'TooManyRequests', 'slow down', 7_000]);
      return true;
    });
  });

  it('reports a refusal without a Status object by its HTTP status', async () => {
    await serve((_request, response) => response.writeHead(404).end('404 page not found'));
    await assert.rejects(api.stream('/', { signal }), { name: 'ApiError', status: 404, reason: '' });
  });

  for (const [what, answer] of [
    ['a login page', (_request, response) => response.end('<html>')],
    ['a redirect', (_request, response) => response.writeHead(302, { location: '/login' }).end()],
    ['gzip that is none', (_request, response) => response.setHeader('content-encoding', 'gzip').end('{}')],
    ['something that is not HTTP', (request) => request.socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n')],
  ] satisfies [string, Answer][]) {
    it(`takes ${what} for nonsense`, async () => {
      await serve(answer);
      assert.equal(await kindOf(api.getJson('/', { signal })), 'nonsense');
    });
  }

  it('reports a torn answer as broken', async () => {
    await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"n":', () => response.destroy());
    });
    assert.equal(await kindOf(api.getJson('/', { signal })), 'broken');
  });

  it('reports a server that never answers as a timeout', async () => {
    await serve(() => undefined);
    assert.equal(await kindOf(api.getJson('/', { signal, timeoutMs: 20 })), 'timeout');
  });

  it('reports a closed port as unreachable, and names the server without user info', async () => {
    await serve(() => undefined);
    const { url } = server;
    const secretive = createApi(kubeConfigFor(url.replace('//', '//me:secret@')), { userAgent: 'x' });
    await server.close();
    await assert.rejects(secretive.getJson('/', { signal }), {
      kind: 'unreachable',
      message: `${url}: no connection (ECONNREFUSED)`,
    });
    server = await startLocalServer(() => undefined);
  });

  it('asks again when a kept-alive connection was closed in the meantime', async () => {
    await serve((_request, response) => sendJson(response, {}));
    await api.getJson('/', { signal });
    server.answerWith(({ socket }) => {
      server.answerWith((_request, response) => sendJson(response, { second: true }));
      socket.destroy();
    });
    assert.deepEqual(await api.getJson('/', { signal }), { second: true });
  });

  it('opens a stream at the head of the answer and yields what comes', async () => {
    await serve((_request, response) => response.flushHeaders());
    server.answerWith((_request, response) => {
      response.flushHeaders();
      response.write('a');
      setImmediate(() => response.end('b'));
    });
    assert.equal(Buffer.concat(await all(await api.stream('/', { signal }))).toString(), 'ab');
  });

  it('distinguishes a torn stream from an ended one', async () => {
    await serve((_request, response) => response.write('a', () => response.destroy()));
    assert.equal(await kindOf(all(await api.stream('/', { signal }))), 'broken');
  });

  it('reports a silent stream as a timeout', async () => {
    await serve((_request, response) => void response.write('a'));
    assert.equal(await kindOf(all(await api.stream('/', { signal, idleTimeoutMs: 20 }))), 'timeout');
  });

  it('ends a stream with the reason of the abort, and closes its connection', async () => {
    let isClosed = false;
    await serve((request, response) => {
      request.socket.on('close', () => (isClosed = true));
      response.write('a');
    });
    const stop = new AbortController();
    const chunks = await api.stream('/', { signal: stop.signal });
    const reading = all(chunks);
    stop.abort();
    await assert.rejects(reading, { name: 'AbortError' });
    await until(() => isClosed, 'the connection to close');
  });

  it('sends the body of a DELETE and of a PATCH', async () => {
    await serve((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => sendJson(response, [request.method, request.headers['content-type'], body]));
    });
    assert.deepEqual(await api.remove('/', { preconditions: { uid: 'u' } }, { signal }), [
      'DELETE',
      'application/json',
      '{"preconditions":{"uid":"u"}}',
    ]);
    assert.deepEqual(await api.patch('/', { a: 1 }, 'application/merge-patch+json', { signal }), [
      'PATCH',
      'application/merge-patch+json',
      '{"a":1}',
    ]);
  });

  it('reads the token file anew when the server no longer accepts the cached token', async () => {
    await serve(({ headers }, response) =>
      headers.authorization === 'Bearer new'
        ? sendJson(response, 'in')
        : sendStatus(response, 401, 'Unauthorized'),
    );
    const directory = mkdtempSync(join(tmpdir(), 'freezewatch-'));
    const tokenFile = join(directory, 'token');
    const rotating = createApi(
      kubeConfigFor(server.url, { authProvider: { name: 'tokenFile', config: { tokenFile } } }),
      { userAgent: 'x' },
    );
    writeFileSync(tokenFile, 'old');
    await assert.rejects(rotating.getJson('/', { signal }), { status: 401 });
    writeFileSync(tokenFile, 'new');
    assert.equal(await rotating.getJson('/', { signal }), 'in');
    rmSync(directory, { recursive: true });
  });

  it('asks only once when the credentials are the same as those refused', async () => {
    await serve((_request, response) => sendStatus(response, 401, 'Unauthorized'));
    await assert.rejects(api.getJson('/', { signal }), { status: 401 });
    assert.equal(server.requests.length, 1);
  });

  it('reports a token file that cannot be read as missing credentials', async () => {
    await serve((_request, response) => sendJson(response, {}));
    const user = { authProvider: { name: 'tokenFile', config: { tokenFile: '/nowhere/token' } } };
    const broken = createApi(kubeConfigFor(server.url, user), { userAgent: 'x' });
    await assert.rejects(broken.getJson('/', { signal }), { name: 'ApiError', status: 401 });
  });

  it('knows how far the clock of the server is off, from two seconds on', async () => {
    let offMs = 1_000;
    await serve((_request, response) => {
      response.setHeader('date', new Date(Date.now() + offMs).toUTCString());
      sendJson(response, {});
    });
    await api.getJson('/', { signal });
    assert.equal(api.clockSkewMs(), 0);
    offMs = -60_000;
    await api.getJson('/', { signal });
    assert.ok(Math.abs(api.clockSkewMs() + 60_000) < 1_500, String(api.clockSkewMs()));
  });

  it('says when the connection stands, before any answer, and on a kept-alive connection as well', async () => {
    const waiting: (() => void)[] = [];
    await serve((_request, response) => void waiting.push(() => sendJson(response, {})));
    for (const connections of [1, 2]) {
      let isConnected = false;
      const stream = api.stream('/', { signal, onConnected: () => (isConnected = true) });
      await until(() => isConnected, `connection ${connections}`);
      await until(() => waiting.length === connections, `request ${connections}`);
      waiting.at(-1)?.();
      await all(await stream);
    }
    assert.equal(server.connections(), 1);
  });

  it('does not wait for a credential plugin that hangs, once it is told to end', async () => {
    const plugin = { apiVersion: 'client.authentication.k8s.io/v1', command: 'sleep', args: ['2'] };
    await serve((_request, response) => sendJson(response, {}));
    const hanging = createApi(kubeConfigFor(server.url, { exec: plugin }), { userAgent: 'x' });
    const stop = new AbortController();
    setImmediate(() => stop.abort());
    await assert.rejects(hanging.getJson('/', { signal: stop.signal }), { name: 'AbortError' });
  });
});
