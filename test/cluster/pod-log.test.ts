import assert from 'node:assert/strict';
import { followPodLog, type PodLogOptions } from '../../src/cluster/pod-log.ts';
import { deliver, refuse, written, type Delivery, type WrittenLine } from './container-log.ts';
import { all, apiFor, startLocalServer, type Answer, type LocalServer } from './local-server.ts';

const at = (second: number, fraction = ''): string =>
  `2025-02-24T09:12:${String(second).padStart(2, '0')}${fraction}Z`;
const noPrevious = refuse(400, 'previous terminated container "compute" in pod "p" not found');

describe('followPodLog', () => {
  let server: LocalServer;
  const seen = { lines: 0, gaps: 0, opened: 0, waited: 0 };
  const stop = new AbortController();

  /** Each answer serves one request, in order. */
  const following = async (answers: readonly Answer[], options: Partial<PodLogOptions> = {}) => {
    const left = [...answers];
    server = await startLocalServer((request, response) => left.shift()?.(request, response));
    Object.assign(seen, { lines: 0, gaps: 0, opened: 0, waited: 0 });
    const log = { namespace: 'prod', pod: 'p', container: 'compute', since: new Date(at(10)), needle: 'hit' };
    const source = followPodLog(
      apiFor(server),
      { ...log, ...options },
      {
        onLines: (count) => (seen.lines += count),
        onGap: () => (seen.gaps += 1),
        onOpen: () => (seen.opened += 1),
        onWaiting: () => (seen.waited += 1),
      },
    );
    return async (): Promise<string[]> => (await all(source(stop.signal))).map(({ text }) => text);
  };
  const log =
    (lines: readonly WrittenLine[], delivery: Delivery = {}): Answer =>
    (request, response) =>
      deliver(lines, request, response, delivery);
  const queries = (): string[] =>
    server.requests.map((request) => {
      const query = new URL(request.slice(4), server.url).searchParams;
      return `${query.has('previous') ? 'previous' : 'follow'} ${query.get('sinceTime') ?? ''}`;
    });

  afterEach(() => server.close());

  it('asks for the stamped log of one container, from the second it is wanted from', async () => {
    const read = await following([log([])], { since: new Date(at(10, '.700')) });
    await read();
    assert.deepEqual(server.requests, [
      'GET /api/v1/namespaces/prod/pods/p/log?follow=true&container=compute&timestamps=true&sinceTime=2025-02-24T09%3A12%3A10Z',
    ]);
  });

  it('yields the lines with the needle, and counts all', async () => {
    const lines = [
      written(at(11), 'a hit'),
      written(at(12), 'a miss'),
      written(at(13, '.5'), 'größe hit 日本'),
    ];
    const read = await following([log(lines, { pieceBytes: 1 })]);
    assert.deepEqual(await read(), ['a hit', 'größe hit 日本']);
    assert.deepEqual(seen, { lines: 3, gaps: 0, opened: 1, waited: 0 });
  });

  it('skips what was written before it is wanted, even within the same second', async () => {
    const lines = [written(at(10, '.6999'), 'old hit'), written(at(10, '.7'), 'hit')];
    const read = await following([log(lines)], { since: new Date(at(10, '.700')) });
    assert.deepEqual(await read(), ['hit']);
  });

  it('compares stamps as moments: with trimmed zeros, with an offset', async () => {
    const lines = [
      written('2025-02-24T11:12:10.000000001+02:00', 'hit 1'),
      written(at(10, '.5'), 'hit 2'),
      written('2025-02-24T04:12:10.25-05:00', 'hit 3'),
    ];
    const read = await following([log(lines), log([...lines, written(at(10, '.50000001'), 'hit 4')])]);
    assert.deepEqual([await read(), await read()], [['hit 1', 'hit 2', 'hit 3'], ['hit 4']]);
  });

  it('counts two equal lines of one moment twice, and not again when they are sent again', async () => {
    const lines = [written(at(11), 'hit'), written(at(11), 'hit')];
    const read = await following([log(lines), log([...lines, written(at(11), 'hit')])]);
    assert.deepEqual([await read(), await read()], [['hit', 'hit'], ['hit']]);
  });

  it('reads a line again that was torn off before its newline', async () => {
    const lines = [written(at(11), 'hit 1'), written(at(12), 'hit 2')];
    const read = await following([log(lines, { tornAfterBytes: 50 }), log(lines)]);
    await assert.rejects(read(), { kind: 'broken' });
    assert.deepEqual(await read(), ['hit 2']);
  });

  it('counts nothing twice when the server ignores sinceTime', async () => {
    const lines = [written(at(5), 'old hit'), written(at(11), 'hit 1'), written(at(20), 'miss')];
    const more = [...lines, written(at(21), 'hit 2')];
    const read = await following([
      log(lines, { ignoresSinceTime: true }),
      log(more, { ignoresSinceTime: true }),
    ]);
    assert.deepEqual([await read(), await read()], [['hit 1'], ['hit 2']]);
  });

  it('counts lines whose stamps go back, and each once', async () => {
    const lines = [
      written(at(40), 'hit 1'),
      written(at(41), 'miss'),
      written(at(12), 'hit 2'),
      written(at(13), 'miss'),
    ];
    const read = await following([log(lines), log([...lines, written(at(13, '.1'), 'hit 3')])]);
    assert.deepEqual([await read(), await read(), seen.gaps], [['hit 1', 'hit 2'], ['hit 3'], 0]);
  });

  it('asks again for the last line and the second before it, as a proof that nothing is missing', async () => {
    const lines = [written(at(11, '.9'), 'hit'), written(at(12, '.1'), 'miss')];
    const read = await following([log(lines), log(lines)]);
    assert.deepEqual([await read(), await read()], [['hit'], []]);
    assert.deepEqual([queries()[1], seen.gaps], [`follow ${at(11)}`, 0]);
  });

  it('does not miss a line whose stamp is a little older than the last one', async () => {
    const lines = [written(at(12), 'hit 1'), written(at(11, '.999'), 'hit 2')];
    const read = await following([log(lines, { lines: 1 }), log(lines)]);
    assert.deepEqual([await read(), await read()], [['hit 1'], ['hit 2']]);
  });

  it('reports a gap when the last line does not come again and there is no previous container', async () => {
    const rotated = log([written(at(30), 'hit 2')]);
    const read = await following([log([written(at(11), 'hit 1')]), rotated, noPrevious, rotated]);
    assert.deepEqual([await read(), await read(), seen.gaps], [['hit 1'], ['hit 2'], 1]);
  });

  it('reads the rest of the previous container first after a restart, without a gap', async () => {
    const before = [written(at(11), 'hit 1'), written(at(12), 'hit 2')];
    const after = log([written(at(20), 'hit 3')]);
    const read = await following([log(before, { lines: 1 }), after, log(before), after]);
    assert.deepEqual([await read(), await read(), seen.gaps], [['hit 1'], ['hit 2', 'hit 3'], 0]);
    assert.deepEqual(queries().slice(1), [`follow ${at(10)}`, `previous ${at(10)}`, `follow ${at(11)}`]);
  });

  it('takes what it can get, and reports a gap, when a container was restarted twice', async () => {
    const second = log([written(at(20), 'hit 2')]);
    const third = log([written(at(30), 'hit 3')]);
    const read = await following([log([written(at(11), 'hit 1')]), third, second, second, third]);
    assert.deepEqual([await read(), await read(), seen.gaps], [['hit 1'], ['hit 2', 'hit 3'], 1]);
  });

  it('is no error while the container waits to start, and ends when the pod is gone', async () => {
    const waiting = refuse(400, 'container "compute" in pod "p" is waiting to start: ContainerCreating');
    const read = await following([waiting, refuse(404, 'pods "p" not found')]);
    assert.deepEqual([await read(), await read(), seen.waited], [[], [], 1]);
  });

  it('reports every other refusal', async () => {
    const read = await following([
      refuse(400, 'container x is not valid for pod p'),
      refuse(403, 'forbidden'),
    ]);
    await assert.rejects(read(), { status: 400 });
    await assert.rejects(read(), { status: 403 });
  });

  it('opens a log again that was quiet for long, without an error', async () => {
    const quiet: Answer = (_request, response) => response.flushHeaders();
    const read = await following([quiet, () => undefined], { quietReconnectMs: 20 });
    assert.deepEqual([await read(), await read()], [[], []]);
  });

  it('counts a line that is too long and does not yield it, and goes on after it', async () => {
    const lines = [written(at(11), `hit ${'x'.repeat(200)}`), written(at(12), 'hit')];
    for (const pieceBytes of [7, 1_000]) {
      const read = await following([log(lines, { pieceBytes }), log(lines)], { maxLineBytes: 100 });
      assert.deepEqual([await read(), seen.lines, await read()], [['hit'], 2, []]);
      await server.close();
    }
    server = await startLocalServer(() => undefined);
  });

  it('takes no line without a stamp: the kubelet writes its own errors into the log', async () => {
    const broken: Answer = (_request, response) =>
      response.end('failed to open log file hit: no such file\n');
    const read = await following([broken]);
    assert.deepEqual([await read(), seen.lines], [[], 1]);
  });
});
