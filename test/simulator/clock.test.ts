import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';

import fc from 'fast-check';
import { VirtualClock, WallClock } from '../../simulator/clock.ts';

const START = new Date('2025-03-01T00:00:00Z');

describe('the virtual clock', () => {
  it('does everything in the order of time, and what is planned for one moment in the order of planning', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), (delays) => {
        const clock = new VirtualClock(START);
        const done: { readonly atMs: number; readonly index: number }[] = [];
        delays.forEach((ms, index) => clock.after(ms, () => done.push({ atMs: clock.elapsedMs(), index })));
        clock.advance(20);
        const expected = delays
          .map((atMs, index) => ({ atMs, index }))
          .sort((a, b) => a.atMs - b.atMs || a.index - b.index);
        assert.deepEqual(done, expected);
      }),
    );
  });

  it('shows the moment of the action while the action runs, and the end of the advance afterwards', () => {
    const clock = new VirtualClock(START);
    const seen: string[] = [];
    clock.after(1_500, () => seen.push(clock.now().toISOString()));
    clock.advance(10_000);
    assert.deepEqual(
      [...seen, clock.now().toISOString()],
      ['2025-03-01T00:00:01.500Z', '2025-03-01T00:00:10.000Z'],
    );
  });

  it('does what an action plans within the same advance', () => {
    const clock = new VirtualClock(START);
    const seen: number[] = [];
    clock.after(10, () => clock.after(10, () => seen.push(clock.elapsedMs())));
    clock.advance(20);
    assert.deepEqual(seen, [20]);
  });

  it('repeats until cancelled, also from within', () => {
    const clock = new VirtualClock(START);
    let count = 0;
    const timer = clock.every(10, () => {
      count += 1;
      if (count === 3) timer.cancel();
    });
    clock.advance(100);
    assert.equal(count, 3);
  });

  it('forgets everything when stopped', () => {
    const clock = new VirtualClock(START);
    let count = 0;
    clock.every(10, () => (count += 1));
    clock.stop();
    clock.after(10, () => (count += 1));
    clock.advance(100);
    assert.equal(count, 0);
  });
});

describe('the compressed clock', () => {
  it('counts simulated time at its speed, and keeps the stamps of the wall', async () => {
    const clock = new WallClock(1_000);
    const events = new EventEmitter();
    const before = Date.now();
    clock.after(20_000, () => events.emit('due', clock.elapsedMs(), clock.now().getTime()));
    const [elapsedMs, atMs] = (await once(events, 'due')) as [number, number];
    clock.stop();
    assert.ok(elapsedMs >= 19_000, `${elapsedMs} simulated milliseconds had passed`);
    assert.ok(atMs - before < 20_000, 'the stamps are real time');
  });

  it('does things at the moments they were planned for, however late the machine comes to them', async () => {
    const clock = new WallClock(1_000);
    const events = new EventEmitter();
    const seen: number[] = [];
    clock.after(1_000, () => {
      seen.push(clock.elapsedMs());
      clock.after(500, () => {
        seen.push(clock.elapsedMs());
        events.emit('done');
      });
    });
    const startMs = clock.elapsedMs();
    const busyUntil = performance.now() + 30;
    while (performance.now() < busyUntil); // the machine does something else for thirty simulated seconds
    await once(events, 'done');
    clock.stop();
    const [first = 0, second = 0] = seen;
    assert.ok(first - startMs <= 1_000 && second - first === 500, seen.join(', '));
  });
});
