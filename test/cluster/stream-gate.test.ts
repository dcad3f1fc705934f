import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { StreamGate } from '../../src/cluster/stream-gate.ts';
import { all, apiFor, startLocalServer, until, type LocalServer } from './local-server.ts';

describe('StreamGate', () => {
  let server: LocalServer;
  let stop: AbortController;
  const waiting: ServerResponse[] = [];

  beforeEach(async () => {
    stop = new AbortController();
    waiting.length = 0;
    server = await startLocalServer((_request, response) => void waiting.push(response));
  });
  afterEach(() => server.close());

  it('opens so many streams at a time, and the next when one is open', async () => {
    const gate = new StreamGate(apiFor(server), { startsAtOnce: 2, graceMs: 60_000 });
    const streams = ['/1', '/2', '/3'].map((path) => gate.stream(path, { signal: stop.signal }));
    await until(() => waiting.length === 2, 'two requests');
    assert.deepEqual([...server.requests].sort(), ['GET /1', 'GET /2']);
    waiting[0]?.flushHeaders();
    await until(() => waiting.length === 3, 'the third request');
    for (const response of waiting) response.end();
    await Promise.all(streams.map(async (stream) => all(await stream)));
  });

  it('does not let a log without a line hold up the others', async () => {
    const gate = new StreamGate(apiFor(server), { startsAtOnce: 1, graceMs: 5 });
    const streams = ['/1', '/2'].map((path) => gate.stream(path, { signal: stop.signal }));
    await until(() => waiting.length === 2, 'two requests');
    stop.abort();
    await Promise.all(streams.map((stream) => assert.rejects(stream, { name: 'AbortError' })));
  });

  it('counts a stream as open from its head to its end', async () => {
    const gate = new StreamGate(apiFor(server));
    const reading = gate.stream('/', { signal: stop.signal }).then(all);
    await until(() => waiting.length === 1, 'the request');
    assert.equal(gate.open, 0);
    waiting[0]?.flushHeaders();
    await until(() => gate.open === 1, 'the open stream');
    waiting[0]?.end();
    await reading;
    assert.equal(gate.open, 0);
  });

  it('gives the turn of a refused stream to the next', async () => {
    const gate = new StreamGate(apiFor(server), { startsAtOnce: 1, graceMs: 60_000 });
    const refused = gate.stream('/1', { signal: stop.signal });
    const next = gate.stream('/2', { signal: stop.signal });
    await until(() => waiting.length === 1, 'the first request');
    waiting[0]?.writeHead(404).end();
    await assert.rejects(refused, { status: 404 });
    await until(() => waiting.length === 2, 'the second request');
    waiting[1]?.end();
    await all(await next);
  });

  it('ends the wait for a turn with its signal, and gives that turn to the next', async () => {
    const gate = new StreamGate(apiFor(server), { startsAtOnce: 1, graceMs: 60_000 });
    const first = gate.stream('/1', { signal: stop.signal });
    const leaving = new AbortController();
    const left = gate.stream('/2', { signal: leaving.signal });
    const next = gate.stream('/3', { signal: stop.signal });
    leaving.abort();
    await assert.rejects(left, { name: 'AbortError' });
    await assert.rejects(gate.stream('/4', { signal: leaving.signal }), { name: 'AbortError' });
    await until(() => waiting.length === 1, 'the first request');
    waiting[0]?.end();
    await all(await first);
    await until(() => waiting.length === 2, 'the request after it');
    waiting[1]?.end();
    await all(await next);
    assert.deepEqual(server.requests, ['GET /1', 'GET /3']);
  });
});
