import assert from 'node:assert/strict';
import { ApiError, ConnectionError } from '../../src/errors.ts';
import { pump, type Source } from '../../src/cluster/source.ts';

const quick = {
  firstWaitMs: 1,
  longestWaitMs: 4,
  stableAfterMs: 60_000,
  absentWaitMs: 1,
  forbiddenWaitMs: 1,
};
const unexpected = (error: Error): never => {
  throw new Error(`unexpected: ${error.message}`);
};
const torn = new ConnectionError('broken', 'torn');

/** A source that goes through the runs in turn, then aborts. */
function runsOf(stop: AbortController, runs: readonly (readonly (number | Error)[])[]): Source<number> {
  const left = [...runs];
  // eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous by its type
  return async function* () {
    const run = left.shift();
    if (run === undefined) stop.abort();
    for (const item of run ?? []) {
      if (item instanceof Error) throw item;
      yield item;
    }
  };
}

describe('pump', () => {
  it('feeds the sink across ends and failures, and reports each failure', async () => {
    const stop = new AbortController();
    const items: number[] = [];
    const errors: Error[] = [];
    const source = runsOf(stop, [[1, 2], [torn], [3, torn], []]);
    await pump(source, (item) => items.push(item), {
      signal: stop.signal,
      onError: (error) => errors.push(error),
      timing: quick,
    });
    assert.deepEqual(
      [items, errors],
      [
        [1, 2, 3],
        [torn, torn],
      ],
    );
  });

  it('rejects with a bug of the source', async () => {
    const stop = new AbortController();
    const bug = new TypeError('bug');
    const running = pump(runsOf(stop, [[bug]]), () => undefined, {
      signal: stop.signal,
      onError: unexpected,
    });
    await assert.rejects(running, bug);
  });

  it('rejects with what the sink throws', async () => {
    const stop = new AbortController();
    const sink = (): never => {
      throw new Error('full');
    };
    const running = pump(runsOf(stop, [[1]]), sink, { signal: stop.signal, onError: unexpected });
    await assert.rejects(running, { message: 'full' });
  });

  it('waits longer after each run that is not stable, even after a clean end', async () => {
    const waits = await waitsBetween([[], [], [1], []], { ...quick, firstWaitMs: 8, longestWaitMs: 16 });
    const [first = 0, second = 0, third = 0, fourth = 0] = waits;
    assert.ok(first >= 5 && second >= 11 && third >= 11 && fourth >= 11, waits.join());
  });

  it('reopens at once after a stable run that ended cleanly', async () => {
    const stop = new AbortController();
    const source = runsOf(stop, [[1], [2], [3]]);
    // An hour would let the test time out.
    const timing = { firstWaitMs: 3_600_000, stableAfterMs: 0 };
    await pump(source, () => undefined, { signal: stop.signal, onError: unexpected, timing });
    assert.ok(stop.signal.aborted);
  });

  it('waits as long as the server asks', async () => {
    const [wait = 0] = await waitsBetween([[new ApiError(429, 'TooManyRequests', '', 40)]], quick);
    assert.ok(wait >= 39, String(wait));
  });

  it('waits its own time for a kind that is not served and for one that is forbidden', async () => {
    const timing = { ...quick, absentWaitMs: 20, forbiddenWaitMs: 40 };
    const runs = [[new ApiError(404, '', '')], [new ApiError(403, 'Forbidden', '')]];
    const [absent = 0, forbidden = 0] = await waitsBetween(runs, timing);
    assert.ok(absent >= 14 && forbidden >= 29, `${absent} ${forbidden}`);
  });

  it('ends promptly, and without an error, when it is stopped while it waits', async () => {
    const stop = new AbortController();
    const timing = { firstWaitMs: 3_600_000 };
    await pump(runsOf(stop, [[torn]]), () => undefined, {
      signal: stop.signal,
      onError: () => setImmediate(() => stop.abort()),
      timing,
    });
    assert.ok(stop.signal.aborted);
  });
});

async function waitsBetween(
  runs: readonly (readonly (number | Error)[])[],
  timing: typeof quick,
): Promise<readonly number[]> {
  const stop = new AbortController();
  const source = runsOf(stop, runs);
  const openedMs: number[] = [];
  const timed: Source<number> = (signal) => {
    openedMs.push(performance.now());
    return source(signal);
  };
  await pump(timed, () => undefined, { signal: stop.signal, onError: () => undefined, timing });
  return openedMs.slice(1).map((at, index) => at - (openedMs[index] ?? at));
}
