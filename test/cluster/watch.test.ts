import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { watch, type WatchOptions } from '../../src/cluster/watch.ts';
import { DecodeError } from '../../src/errors.ts';
import type { Change, Identity } from '../../src/model/change.ts';
import type { Resource } from '../../src/model/resource.ts';
import { all, apiFor, sendJson, sendStatus, startLocalServer } from './local-server.ts';
import type { Answer, LocalServer } from './local-server.ts';

interface Thing extends Identity {
  readonly size: number;
}

const things: Resource<Thing> = {
  source: 'things',
  group: 'example.io',
  version: 'v1',
  plural: 'things',
  namespace: 'prod',
  labelSelector: 'a=b',
  decode: (object) => {
    const { metadata, size } = object as { metadata: { name: string }; size: number };
    if (typeof size !== 'number') throw new DecodeError('size', 'a number');
    return { namespace: 'prod', name: metadata.name, uid: metadata.name, size };
  },
};

const thing = (name: string, version: number, size: unknown = 1): object => ({
  metadata: { namespace: 'prod', name, resourceVersion: String(version) },
  size,
});
const list = (items: readonly unknown[], version: number, token = ''): object => ({
  items,
  metadata: { resourceVersion: String(version), continue: token },
});
const line = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;
const gone = { kind: 'Status', code: 410, reason: 'Expired', message: 'too old' };

describe('watch', () => {
  let server: LocalServer;
  const decodeErrors: (string | undefined)[] = [];
  const stop = new AbortController();
  const options: WatchOptions = {
    onDecodeError: (_resource, _error, key) => decodeErrors.push(key),
    watchSeconds: () => 300,
  };

  /** Each answer serves one request, in order. */
  const opened = async (answers: readonly Answer[], more: Partial<WatchOptions> = {}) => {
    const left = [...answers];
    server = await startLocalServer((request, response) => left.shift()?.(request, response));
    const source = watch(apiFor(server), things, { ...options, ...more });
    return (): Promise<Change<Thing>[]> => all(source(stop.signal));
  };
  const listing =
    (...page: Parameters<typeof list>): Answer =>
    (_request, response) =>
      sendJson(response, list(...page));
  const watching =
    (...lines: readonly string[]): Answer =>
    (_request, response) =>
      void response.end(lines.join(''));
  const queries = (): string[] =>
    server.requests.map((request) => {
      const query = new URL(request.slice(4), server.url).searchParams;
      return query.has('watch')
        ? `watch ${query.get('resourceVersion') ?? ''}`
        : `list ${query.get('continue') ?? ''}`;
    });

  beforeEach(() => (decodeErrors.length = 0));
  afterEach(() => server.close());

  it('lists page by page, then watches from the version of the list', async () => {
    const read = await opened([listing([thing('a', 1)], 7, 'more'), listing([thing('b', 2)], 7), watching()]);
    const changes = await read();
    assert.deepEqual(
      changes.map((change) => (change.type === 'set' ? change.object.name : change.type)),
      ['sync', 'a', 'b', 'synced'],
    );
    const path = '/apis/example.io/v1/namespaces/prod/things';
    assert.deepEqual(server.requests, [
      `GET ${path}?limit=500&labelSelector=a%3Db`,
      `GET ${path}?limit=500&continue=more&labelSelector=a%3Db`,
      `GET ${path}?watch=true&allowWatchBookmarks=true&resourceVersion=7&timeoutSeconds=300&labelSelector=a%3Db`,
    ]);
  });

  it('yields what was added, changed and deleted', async () => {
    const read = await opened([
      listing([], 1),
      watching(
        line('ADDED', thing('a', 2)),
        line('MODIFIED', thing('a', 3, 5)),
        line('DELETED', thing('a', 4)),
      ),
    ]);
    assert.deepEqual((await read()).slice(2), [
      { type: 'set', object: { namespace: 'prod', name: 'a', uid: 'a', size: 1 } },
      { type: 'set', object: { namespace: 'prod', name: 'a', uid: 'a', size: 5 } },
      { type: 'delete', key: 'prod/a' },
    ]);
  });

  it('resumes after a clean end where the last event or bookmark left it, without a list', async () => {
    const bookmark = line('BOOKMARK', { metadata: { resourceVersion: '9' } });
    const read = await opened([listing([], 1), watching(line('ADDED', thing('a', 2)), bookmark), watching()]);
    await read();
    assert.deepEqual(await read(), []);
    assert.deepEqual(queries(), ['list ', 'watch 1', 'watch 9']);
  });

  it('resumes after a torn connection without a list: the server replays what came after', async () => {
    const tear: Answer = (_request, response) =>
      response.write(line('ADDED', thing('a', 2)) + '{"type":"ADD', () => response.destroy());
    const read = await opened([listing([], 1), tear, watching()]);
    await assert.rejects(read(), { kind: 'broken' });
    await read();
    assert.deepEqual(queries(), ['list ', 'watch 1', 'watch 2']);
  });

  const failures: Readonly<Record<string, Answer>> = {
    'an ERROR event 410': watching(line('ERROR', gone)),
    'HTTP 410': (_request, response) => sendStatus(response, 410, 'Expired'),
    'another ERROR event': watching(line('ERROR', { ...gone, code: 500 })),
    'a line that is not JSON': watching('<html>\n'),
    'an event that is none': watching('{"type":"WHAT"}\n'),
    'a version the server does not know yet': (_request, response) =>
      sendStatus(response, 504, 'Timeout', 'Too large resource version'),
  };
  for (const [what, answer] of Object.entries(failures)) {
    it(`lists again after ${what}`, async () => {
      const read = await opened([listing([], 5), answer, listing([], 9), watching()]);
      await assert.rejects(read());
      assert.deepEqual((await read()).at(-1), { type: 'synced' });
      assert.deepEqual(queries(), ['list ', 'watch 5', 'list ', 'watch 9']);
    });
  }

  it('believes events whose versions go back, and lists again once the watch ends', async () => {
    const back = watching(line('ADDED', thing('a', 3)), line('MODIFIED', thing('a', 7, 5)));
    const read = await opened([listing([], 5), back, listing([], 9), watching()]);
    assert.deepEqual((await read()).slice(2), [
      { type: 'set', object: { namespace: 'prod', name: 'a', uid: 'a', size: 1 } },
      { type: 'set', object: { namespace: 'prod', name: 'a', uid: 'a', size: 5 } },
    ]);
    await read();
    assert.deepEqual(queries(), ['list ', 'watch 5', 'list ', 'watch 9']);
  });

  it('lists again after a watch that was silent for too long', async () => {
    const silent: Answer = (_request, response) => response.flushHeaders();
    const read = await opened([listing([], 5), silent, listing([], 5), watching()], { idleTimeoutMs: 20 });
    await assert.rejects(read(), { kind: 'timeout' });
    await read();
    assert.deepEqual(queries(), ['list ', 'watch 5', 'list ', 'watch 5']);
  });

  it('keeps its place when the server asks for patience', async () => {
    const busy: Answer = (_request, response) => {
      response.setHeader('retry-after', '3');
      sendStatus(response, 429, 'TooManyRequests');
    };
    const read = await opened([listing([], 5), busy, watching()]);
    await assert.rejects(read(), { status: 429, retryAfterMs: 3_000 });
    await read();
    assert.deepEqual(queries(), ['list ', 'watch 5', 'watch 5']);
  });

  it('starts the list over when its continue token expired', async () => {
    const expired: Answer = (_request, response) => sendStatus(response, 410, 'Expired');
    const read = await opened([listing([thing('a', 1)], 5, 'old'), expired, listing([], 6), watching()]);
    await assert.rejects(read(), { status: 410 });
    assert.deepEqual(await read(), [{ type: 'sync' }, { type: 'synced' }]);
    assert.deepEqual(queries(), ['list ', 'list old', 'list ', 'watch 6']);
  });

  it('skips and counts an object of a list that does not decode', async () => {
    const read = await opened([listing([thing('a', 1, 'big'), thing('b', 2)], 5), watching()]);
    assert.equal((await read()).filter(({ type }) => type === 'set').length, 1);
    assert.deepEqual(decodeErrors, ['prod/a']);
  });

  it('drops an object that no longer decodes, rather than to keep its old value', async () => {
    const read = await opened([
      listing([thing('a', 1)], 1),
      watching(line('MODIFIED', thing('a', 2, 'big'))),
    ]);
    assert.deepEqual((await read()).at(-1), { type: 'delete', key: 'prod/a' });
    assert.deepEqual(decodeErrors, ['prod/a']);
  });

  it('needs no more than the metadata of a deleted object', async () => {
    const read = await opened([listing([], 1), watching(line('DELETED', thing('a', 2, 'big')))]);
    assert.deepEqual((await read()).at(-1), { type: 'delete', key: 'prod/a' });
    assert.deepEqual(decodeErrors, []);
  });

  it('reads a list without a version, as of metrics-server, and lists again after the watch', async () => {
    const unversioned: Answer = (_request, response) =>
      sendJson(response, { kind: 'PodMetricsList', metadata: {}, items: [thing('a', 1)] });
    const read = await opened([unversioned, watching(), listing([], 9), watching()]);
    assert.equal((await read()).filter(({ type }) => type === 'set').length, 1);
    await read();
    assert.deepEqual(queries(), ['list ', 'watch ', 'list ', 'watch 9']);
  });

  it('takes a list of null items for an empty one, and anything else for nonsense', async () => {
    const nothing: Answer = (_request, response) =>
      sendJson(response, { items: null, metadata: { resourceVersion: '1' } });
    const read = await opened([
      nothing,
      watching(),
      (_request, response) => sendJson(response, { kind: 'Status' }),
    ]);
    assert.equal((await read()).length, 2);
    const other = watch(apiFor(server), things, options);
    await assert.rejects(all(other(stop.signal)), { kind: 'nonsense' });
  });

  it('keeps characters whole that are torn between two chunks', async () => {
    const bytes = Buffer.from(line('ADDED', thing('größe-日本', 2)));
    const byteByByte: Answer = (_request, response) => writeBytes(response, bytes, 0);
    const read = await opened([listing([], 1), byteByByte]);
    const change = (await read()).at(-1);
    assert.equal(change?.type === 'set' && change.object.name, 'größe-日本');
  });

  it('reports every sign of life', async () => {
    let signs = 0;
    let lists = 0;
    const bookmark = line('BOOKMARK', { metadata: { resourceVersion: '9' } });
    const read = await opened(
      [listing([], 1, 'x'), listing([], 1), watching(line('ADDED', thing('a', 2)), bookmark)],
      {
        onProgress: () => (signs += 1),
        onListed: () => (lists += 1),
      },
    );
    await read();
    assert.deepEqual([signs, lists], [5, 1]);
  });
});

function writeBytes(response: ServerResponse, bytes: Buffer, at: number): void {
  if (at === bytes.length) response.end();
  else response.write(bytes.subarray(at, at + 1), () => writeBytes(response, bytes, at + 1));
}
