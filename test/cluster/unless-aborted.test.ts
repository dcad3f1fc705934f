import assert from 'node:assert/strict';
import { unlessAborted } from '../../src/cluster/unless-aborted.ts';

const never = new Promise<never>(() => undefined);

describe('unlessAborted', () => {
  it('is the promise while the signal does not abort', async () => {
    const { signal } = new AbortController();
    assert.equal(await unlessAborted(Promise.resolve(1), signal), 1);
    await assert.rejects(unlessAborted(Promise.reject(new TypeError('bug')), signal), TypeError);
  });

  it('rejects with the reason of a signal that aborts, or was aborted before', async () => {
    const reason = new Error('enough');
    const stop = new AbortController();
    const waiting = unlessAborted(never, stop.signal);
    stop.abort(reason);
    await assert.rejects(waiting, reason);
    await assert.rejects(unlessAborted(never, stop.signal), reason);
  });
});
