import assert from 'node:assert/strict';
import { callsPerHour, isLoop, isSilent } from '../../../src/model/freezes/loop-shape.ts';
import type { FreezeStep } from '../../../src/model/view.ts';
import { HOUR_MS, MINUTE_MS, NOW_MS } from '../../builders.ts';

const STEPS = 360;
const TIME = { nowMs: NOW_MS, stepMs: MINUTE_MS, countedSinceMs: undefined } as const;
const QUIET: FreezeStep = { reached: 0, succeeded: 0, refused: 0, thawed: 0, firstMs: undefined };

/** Six hours that end with the given calls of each minute; `thawed` of each call are followed by an unfreeze. */
function history(calls: readonly number[], thawed = 0): readonly FreezeStep[] {
  const quiet = Array.from({ length: STEPS - calls.length }, () => QUIET);
  const first = NOW_MS - (calls.length - 1) * MINUTE_MS;
  return [
    ...quiet,
    ...calls.map((count, index): FreezeStep => {
      const firstMs = count > 0 ? first + index * MINUTE_MS : undefined;
      return { reached: count, succeeded: count, refused: 0, thawed: count * thawed, firstMs };
    }),
  ];
}

const every = (minutes: number, length: number): readonly number[] =>
  Array.from({ length }, (_, index) => Number((length - 1 - index) % minutes === 0));

describe('a loop by its calls', () => {
  it('is fast from 40 calls in each of ten windows on, and not below', () => {
    assert.equal(isLoop(history(Array.from({ length: 20 }, () => 8)), TIME), true);
    assert.equal(isLoop(history(Array.from({ length: 20 }, () => 7)), TIME), false);
  });

  it('is fast after eight windows, where no more are known', () => {
    const calls = history(Array.from({ length: 10 }, () => 60));
    const since = (minutes: number) => ({ ...TIME, countedSinceMs: NOW_MS - minutes * MINUTE_MS });
    assert.equal(isLoop(calls, TIME), false);
    assert.equal(isLoop(calls, since(9)), true);
    assert.equal(isLoop(calls, since(7)), false);
  });

  it('is slow: one VMBackup, retried every 2 minutes for 40 minutes and more', () => {
    assert.equal(isLoop(history(every(2, 45)), TIME), true);
    assert.equal(isLoop(history(every(2, 30)), TIME), false);
  });

  it('comes in bursts: two calls in each 10 minutes, for 6 hours', () => {
    const burst = every(10, STEPS).map((call, index, all) => call + (all[index + 1] ?? 0));
    assert.equal(isLoop(history(burst), TIME), true);
    assert.equal(isLoop(history(burst.slice(-170)), TIME), false);
  });

  it('is more than any backup makes, in six hours and in the last', () => {
    const hourly = Array.from({ length: STEPS }, (_, index) => (index % 60 === 59 ? 200 : 0));
    assert.equal(isLoop(history(hourly), TIME), true);
    assert.equal(isLoop(history(hourly.map((calls) => calls / 2)), TIME), false);
  });

  it('is over when the last window is quiet', () => {
    assert.equal(isLoop(history([...Array.from({ length: 50 }, () => 60), 0, 0, 0, 0, 0]), TIME), false);
  });
});

describe('a caller that thaws what it froze', () => {
  for (const minutes of [2, 3, 5]) {
    it(`is no loop, with one freeze every ${minutes} minutes`, () => {
      assert.equal(isLoop(history(every(minutes, STEPS)), TIME), true);
      assert.equal(isLoop(history(every(minutes, STEPS), 1), TIME), false);
    });
  }

  it('is a loop, where half of the freezes are left', () => {
    assert.equal(isLoop(history(every(5, STEPS), 0.5), TIME), true);
  });

  it('is a loop, where it freezes without end', () => {
    assert.equal(
      isLoop(
        history(
          Array.from({ length: 20 }, () => 60),
          1,
        ),
        TIME,
      ),
      true,
    );
  });
});

describe('a silent log', () => {
  const since = (minutes: number) => ({ ...TIME, countedSinceMs: NOW_MS - minutes * MINUTE_MS });

  it('is one read for ten minutes without a call', () => {
    assert.equal(isSilent(undefined, since(10)), true);
    assert.equal(isSilent(history([1, ...Array.from({ length: 11 }, () => 0)]), since(60)), true);
  });

  it('is not silent when read for less, with a call, or without a known start', () => {
    assert.equal(isSilent(undefined, since(9)), false);
    assert.equal(isSilent(undefined, TIME), false);
    assert.equal(isSilent(history([1, 0, 0]), since(60)), false);
  });
});

describe('the rate of calls', () => {
  const step = (calls: number, firstMs: number): FreezeStep => ({ ...QUIET, reached: calls, firstMs });
  const running = (calls: number, firstMs: number) => [...history([]).slice(1), step(calls, firstMs)];

  it('is known ten seconds into a loop', () => {
    const nowMs = NOW_MS + 40_000;
    assert.equal(callsPerHour(running(132, NOW_MS + 30_000), { ...TIME, nowMs }), 47_520);
  });

  it('goes back no further than the log is known', () => {
    const nowMs = NOW_MS + 30_000;
    const time = { ...TIME, nowMs, countedSinceMs: NOW_MS };
    assert.equal(callsPerHour(running(338, NOW_MS - MINUTE_MS), time), 40_560);
  });

  it('is that of ten minutes in a longer loop', () => {
    const calls = history(Array.from({ length: 30 }, () => 30));
    assert.equal(callsPerHour(calls, { ...TIME, nowMs: NOW_MS + MINUTE_MS - 1 }), 1_800);
  });

  it('is no multiple of a single call a moment ago', () => {
    assert.equal(callsPerHour(running(1, NOW_MS), { ...TIME, nowMs: NOW_MS + 1 }), HOUR_MS / 10_000);
  });

  it('is zero without a call', () => {
    assert.equal(callsPerHour(history([]), TIME), 0);
  });
});
