import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodeOf, Interruption } from '../src/ending.ts';

const interrupted = (exitCode = 130): AbortSignal => AbortSignal.abort(new Interruption('SIGINT', exitCode));
const mustNotRun = (): never => assert.fail('it was started');

describe('the exit code of a command', () => {
  let stop: AbortController;
  beforeEach(() => (stop = new AbortController()));
  const interrupt = (): void => stop.abort(new Interruption('SIGINT', 130));

  it('is its own when nothing interrupts it', async () => {
    assert.equal(await exitCodeOf(() => Promise.resolve(1), stop.signal, false), 1);
    assert.equal(await exitCodeOf(() => Promise.resolve(2), stop.signal, true), 2);
  });

  it('is that of the interruption for a command that looks once, whatever its work says about it', async () => {
    const wait = (): Promise<number> => sleep(3_600_000, 0, { signal: stop.signal });
    for (const work of [
      wait,
      () => wait().catch(() => 1),
      () => wait().catch(() => Promise.reject(stop.signal.reason as Error)),
      () => new Promise<number>(() => undefined),
    ]) {
      stop = new AbortController();
      setImmediate(interrupt);
      assert.equal(await exitCodeOf(work, stop.signal, false), 130);
    }
  });

  it('is 0 for a server that SIGTERM ends, 130 for one that Ctrl-C ends, or its own where its clean-up says so', async () => {
    const cleaned = (exitCode: number) => (): Promise<number> =>
      sleep(3_600_000, 0, { signal: stop.signal }).catch(() => exitCode);
    for (const [cause, code, own, expected] of [
      ['SIGTERM', 143, 0, 0],
      ['SIGTERM', 143, 3, 3],
      ['SIGINT', 130, 0, 130],
      ['SIGINT', 130, 3, 3],
    ] as const) {
      stop = new AbortController();
      setImmediate(() => stop.abort(new Interruption(cause, code)));
      assert.equal(await exitCodeOf(cleaned(own), stop.signal, true), expected);
    }
  });

  it('is known without a start when the interruption came before', async () => {
    assert.equal(await exitCodeOf(mustNotRun, interrupted(143), false), 143);
    const terminated = AbortSignal.abort(new Interruption('SIGTERM', 143));
    assert.equal(await exitCodeOf(mustNotRun, terminated, true), 0);
  });

  it('hides no bug', async () => {
    const bug = new TypeError('bug');
    setImmediate(interrupt);
    const failing = async (): Promise<number> => {
      await sleep(3_600_000, 0, { signal: stop.signal }).catch(() => undefined);
      throw bug;
    };
    await assert.rejects(exitCodeOf(failing, stop.signal, false), bug);
  });
});
