import assert from 'node:assert/strict';
import { FreezeLedger } from '../../src/store/freeze-ledger.ts';
import { LauncherLedger } from '../../src/store/launcher-ledger.ts';

const call = { namespace: 'prod', vm: 'db', action: 'freeze', result: 'success' } as const;

describe('FreezeLedger', () => {
  it('is zero for a VM that was never frozen', () => {
    const { calls, lastFreezeMs } = new FreezeLedger(() => true).of('prod', 'db');
    assert.deepEqual(calls.freeze, { success: 0, rejected: 0, failed: 0 });
    assert.equal(lastFreezeMs, undefined);
  });

  it('counts by action and result, and dates the newest freeze that reached virt-handler', () => {
    const ledger = new FreezeLedger(() => true);
    ledger.record(call, 2_000);
    ledger.record({ ...call, result: 'failed' }, 3_000);
    ledger.record({ ...call, result: 'rejected' }, 4_000);
    ledger.record({ ...call, action: 'unfreeze' }, 5_000);
    ledger.record(call, 1_000);
    assert.deepEqual(ledger.of('prod', 'db').calls, {
      freeze: { success: 2, rejected: 1, failed: 1 },
      unfreeze: { success: 1, rejected: 0, failed: 0 },
    });
    assert.equal(ledger.of('prod', 'db').lastFreezeMs, 3_000);
  });

  it('keeps the freeze calls of the last hour by the minute, oldest first', () => {
    const ledger = new FreezeLedger(() => true, 60_000);
    ledger.record(call, 0);
    ledger.record(call, 61 * 60_000);
    ledger.record({ ...call, result: 'failed' }, 61 * 60_000);
    ledger.record({ ...call, result: 'rejected' }, 61 * 60_000);
    ledger.record({ ...call, action: 'unfreeze' }, 61 * 60_000);
    ledger.record(call, 60 * 60_000);
    const quiet = Array.from({ length: 57 }, () => 0);
    assert.deepEqual(ledger.trendOf('prod', 'db', 62 * 60_000 + 1), [...quiet, 1, 2, 0]);
    assert.deepEqual(ledger.trendOf('prod', 'other', 0), [...quiet, 0, 0, 0]);
  });

  it('keeps every VM that exists, however many names a caller invents', () => {
    const ledger = new FreezeLedger((key) => key === 'prod/db');
    ledger.record(call, 0);
    for (let i = 0; i < 3_000; i += 1) ledger.record({ ...call, vm: `invented-${i}` }, 0);
    assert.equal(ledger.of('prod', 'db').calls.freeze.success, 1);
    assert.equal(ledger.of('prod', 'invented-0').calls.freeze.success, 0);
    assert.equal(ledger.of('prod', 'invented-2999').calls.freeze.success, 1);
  });
});

describe('LauncherLedger', () => {
  it('counts one failed thaw once, though two lines report it', () => {
    const ledger = new LauncherLedger();
    ledger.record('prod', 'db', 'thaw_failed', 1_000);
    ledger.record('prod', 'db', 'thaw_request_failed', 1_001);
    assert.equal(ledger.of('prod', 'db').unfreezeFailures, 1);
  });

  it('counts a failed thaw that only one of the two reports', () => {
    const ledger = new LauncherLedger();
    ledger.record('prod', 'db', 'thaw_failed', 1_000);
    ledger.record('prod', 'db', 'thaw_request_failed', 60_000);
    ledger.record('prod', 'db', 'thaw_request_failed', 61_000);
    assert.equal(ledger.of('prod', 'db').unfreezeFailures, 3);
  });

  it('counts safety unfreezes by VM', () => {
    const ledger = new LauncherLedger();
    ledger.record('prod', 'db', 'safety_unfreeze', 0);
    ledger.record('prod', 'db', 'safety_unfreeze', 1_000);
    assert.equal(ledger.of('prod', 'db').safetyUnfreezes, 2);
    assert.equal(ledger.of('prod', 'web').safetyUnfreezes, 0);
  });
});
