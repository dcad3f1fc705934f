import assert from 'node:assert/strict';
import { every, untilAborted } from '../../src/inputs/log-source.ts';

const fail = (): never => assert.fail('it was started');

describe('untilAborted', () => {
  it('resolves when its signal aborts, and rejects with a bug', async () => {
    const stop = new AbortController();
    const waiting = untilAborted(stop.signal, () => undefined);
    stop.abort();
    await waiting;
    const bug = new TypeError('bug');
    await assert.rejects(
      untilAborted(new AbortController().signal, (onBug) => onBug(bug)),
      bug,
    );
  });

  it('resolves, and starts nothing, when its signal was aborted before', async () => {
    await untilAborted(AbortSignal.abort(), fail);
  });
});

describe('every', () => {
  it('does nothing when its signal was aborted before', () => {
    every(1, fail, { signal: AbortSignal.abort(), onBug: fail });
  });
});
