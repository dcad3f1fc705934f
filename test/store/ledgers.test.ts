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

  it('keeps six hours by the minute, with what became of each call', () => {
    const ledger = new FreezeLedger(() => true, 60_000);
    ledger.record(call, 1_000);
    ledger.record({ ...call, result: 'failed' }, 500);
    ledger.record({ ...call, result: 'rejected' }, 100);
    ledger.record({ ...call, action: 'unfreeze' }, 2_000);
    assert.equal(ledger.historyOf('prod', 'other', 0), undefined);
    const history = ledger.historyOf('prod', 'db', 359 * 60_000);
    assert.equal(history?.length, 360);
    assert.deepEqual(history[0], { reached: 2, succeeded: 1, refused: 2, thawed: 1, firstMs: 500 });
    ledger.record(call, 360 * 60_000);
    assert.equal(ledger.historyOf('prod', 'db', 359 * 60_000)?.[0]?.reached, 0);
  });

  it('knows all calls since the log that reaches back least', () => {
    const ledger = new FreezeLedger(() => true);
    assert.equal(ledger.countedSinceMs, undefined);
    ledger.readSince(2_000);
    ledger.readSince(1_000);
    assert.equal(ledger.countedSinceMs, 2_000);
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

  it("counts a failed thaw of KubeVirt's own backup, alone as 1.8 writes it or repeated as 1.9 does", () => {
    const ledger = new LauncherLedger();
    ledger.record('prod', 'db', 'backup_thaw_failed', 1_000);
    ledger.record('prod', 'db', 'thaw_failed', 60_000);
    ledger.record('prod', 'db', 'backup_thaw_failed', 60_001);
    assert.deepEqual(
      [ledger.of('prod', 'db').unfreezeFailures, ledger.of('prod', 'db').lastUnfreezeFailureMs],
      [2, 60_000],
    );
  });

  it('counts safety unfreezes by VM', () => {
    const ledger = new LauncherLedger();
    ledger.record('prod', 'db', 'safety_unfreeze', 0);
    ledger.record('prod', 'db', 'safety_unfreeze', 1_000);
    assert.equal(ledger.of('prod', 'db').safetyUnfreezes, 2);
    assert.equal(ledger.of('prod', 'web').safetyUnfreezes, 0);
  });
});
