import assert from 'node:assert/strict';
import { ProgressLedger } from '../../src/store/progress-ledger.ts';
import { MINUTE_MS, NOW_MS, aLonghornBackup } from '../builders.ts';

const at = (progress: number, overrides = {}) =>
  aLonghornBackup({ state: 'InProgress', progress, ...overrides });
const isDone = ({ state }: ReturnType<typeof at>): boolean => state === 'Completed';

describe('the ledger of progress', () => {
  const follow = (...steps: readonly (readonly [ReturnType<typeof at> | undefined, number])[]) => {
    const ledger = new ProgressLedger();
    let previous: ReturnType<typeof at> | undefined;
    for (const [next, minute] of steps) {
      ledger.record('longhornBackup', { previous, next, nowMs: NOW_MS + minute * MINUTE_MS }, isDone);
      previous = next;
    }
    const { namespace, name } = at(0);
    return ledger.of('longhornBackup', namespace, name);
  };

  it('knows no change of what it saw once', () => {
    assert.deepEqual(follow([at(10), 0], [at(10), 5]), {
      progress: 10,
      firstProgress: 10,
      firstMs: NOW_MS,
      sinceMs: NOW_MS,
      changed: false,
    });
  });

  it('keeps the moment of the last change, and the first progress for a rate', () => {
    assert.deepEqual(follow([at(10), 0], [at(20), 5], [at(20), 9]), {
      progress: 20,
      firstProgress: 10,
      firstMs: NOW_MS,
      sinceMs: NOW_MS + 5 * MINUTE_MS,
      changed: true,
    });
  });

  it('forgets what is done and what is gone', () => {
    assert.equal(follow([at(10), 0], [at(100, { state: 'Completed' }), 5]), undefined);
    assert.equal(follow([at(10), 0], [undefined, 5]), undefined);
  });

  it('begins anew with another object of the same name', () => {
    assert.equal(follow([at(10), 0], [at(20, { uid: 'another' }), 5])?.changed, false);
  });
});
