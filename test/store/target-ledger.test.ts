import assert from 'node:assert/strict';
import type { BackupTarget, LonghornBackup } from '../../src/model/objects/longhorn.ts';
import { NO_TARGET_HISTORY, removedBackups } from '../../src/model/targets/target-history.ts';
import { placeOfUrl } from '../../src/model/objects/target-place.ts';
import { TIMING } from '../../src/model/timing.ts';
import { TargetLedger } from '../../src/store/target-ledger.ts';
import type { VmBackup } from '../../src/model/objects/vm-backup.ts';
import {
  aBackupTarget,
  aLonghornBackup,
  anErrorBackup,
  aTargetSetting,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
} from '../builders.ts';

const target = aBackupTarget();
const whole = aLonghornBackup();
const marked = aLonghornBackup({ objectOnlyRemoval: true });

/** A ledger that knows the default target for an hour. */
function watching(): TargetLedger {
  const ledger = new TargetLedger();
  ledger.recordTarget({ previous: undefined, next: target, nowMs: NOW_MS - HOUR_MS });
  return ledger;
}

interface Circumstances {
  readonly ledger?: TargetLedger;
  readonly nowMs?: number;
  readonly targets?: readonly BackupTarget[];
}

/** A ledger after one step of a Backup. */
function after(
  previous: LonghornBackup | undefined,
  next: LonghornBackup | undefined,
  { ledger = watching(), nowMs = NOW_MS, targets = [target] }: Circumstances = {},
): TargetLedger {
  ledger.recordBackup({ previous, next, nowMs }, targets);
  return ledger;
}

const removedOf = (ledger: TargetLedger, afterMs = MINUTE_MS): number | undefined =>
  removedBackups(ledger, 'default', NOW_MS + afterMs, TIMING);

describe('a native Backup that vanished from the store', () => {
  it('counts once, when Longhorn marks it, not again when it goes', () => {
    const ledger = after(whole, marked);
    assert.equal(removedOf(ledger), 1);
    after(marked, marked, { ledger });
    after(marked, undefined, { ledger });
    assert.equal(removedOf(ledger), 1);
  });

  it('counts also when it is first seen marked', () => {
    assert.equal(removedOf(after(undefined, marked)), 1);
  });

  it('counts a minute later: by then the cause would be known', () => {
    const ledger = after(whole, marked);
    assert.equal(removedOf(ledger, MINUTE_MS - 1), 0);
    assert.equal(removedOf(ledger, MINUTE_MS), 1);
  });

  const NOT: Readonly<Record<string, () => TargetLedger>> = {
    'was deleted here, without the mark': () => after(whole, undefined),
    'was pulled from the store': () => after({ ...whole, native: false }, { ...marked, native: false }),
    'never was complete': () => after({ ...whole, state: 'Error' }, { ...marked, state: 'Error' }),
    'went while the target was away': () =>
      after(whole, marked, { targets: [aBackupTarget({ available: false })] }),
    'is of a target that nobody knows': () => after(whole, marked, { targets: [] }),
    'went within ten minutes of a change of the target': () =>
      after(whole, marked, { nowMs: NOW_MS - HOUR_MS + 10 * MINUTE_MS }),
  };
  for (const [what, ledger] of Object.entries(NOT)) {
    it(`does not count if it ${what}`, () => assert.equal(removedOf(ledger()), 0));
  }

  it('still counts when it came back', () => {
    const ledger = after(undefined, { ...whole, native: false }, { ledger: after(whole, marked) });
    assert.equal(removedOf(ledger), 1);
    assert.equal(ledger.losses.size, 0);
  });

  it('is undefined for a target never seen', () => {
    assert.equal(removedBackups(NO_TARGET_HISTORY, 'default', NOW_MS, TIMING), undefined);
  });
});

describe('the ledger of losses', () => {
  it('keeps since when a complete Backup is gone or is not complete any more', () => {
    const gone = { target: 'default', atMs: NOW_MS, vanished: false };
    assert.deepEqual([...after(whole, undefined).losses], [[whole.name, gone]]);
    assert.deepEqual([...after(whole, { ...whole, state: 'Unknown' }).losses], [[whole.name, gone]]);
  });

  it('keeps the first moment while the Backup is pulled again, and forgets it when that is complete', () => {
    const pulled = aLonghornBackup({ native: false, state: 'New' });
    const later = { ledger: after(whole, undefined), nowMs: NOW_MS + MINUTE_MS };
    assert.equal(after(undefined, pulled, later).losses.get(whole.name)?.atMs, NOW_MS);
    assert.equal(after(pulled, { ...pulled, state: 'Completed' }, later).losses.size, 0);
  });

  it('learns nothing from a Backup that comes, stays, or never was complete', () => {
    const unborn = aLonghornBackup({ state: 'InProgress' });
    const ledger = watching();
    after(undefined, whole, { ledger });
    after(whole, whole, { ledger });
    after(undefined, unborn, { ledger });
    after(unborn, undefined, { ledger });
    assert.equal(ledger.losses.size, 0);
  });

  it('drops what is older than every grace', () => {
    const namesAt = (nowMs: number, targets: readonly BackupTarget[] = [target]): readonly string[] => {
      const ledger = after({ ...whole, name: 'a' }, undefined);
      after({ ...whole, name: 'b' }, undefined, { ledger, nowMs, targets });
      return [...ledger.losses.keys()];
    };
    assert.deepEqual(namesAt(NOW_MS + HOUR_MS), ['a', 'b']);
    assert.deepEqual(namesAt(NOW_MS + HOUR_MS + 1), ['b']);
    assert.deepEqual(namesAt(NOW_MS + 4 * HOUR_MS, [aBackupTarget({ pollIntervalMs: 2 * HOUR_MS })]), [
      'a',
      'b',
    ]);
  });

  it('takes the loss of thousands at once', () => {
    const ledger = watching();
    for (let index = 0; index < 20_000; index += 1) {
      const name = `backup-${index}`;
      after({ ...whole, name }, { ...marked, name }, { ledger });
    }
    assert.equal(removedOf(ledger), 20_000);
  });
});

describe('the ledger of a target', () => {
  const elsewhere = aBackupTarget({ place: placeOfUrl('s3://other@us-east-1/') });

  it('begins anew at another place, and forgets what was lost at the old one', () => {
    const ledger = after(whole, marked);
    ledger.recordTarget({ previous: target, next: elsewhere, nowMs: NOW_MS });
    assert.equal(ledger.targets.get('default')?.placeSinceMs, NOW_MS);
    assert.equal(ledger.losses.size, 0);
    assert.equal(removedOf(ledger), 0);
  });

  it('begins anew when the URL goes, and again when it returns', () => {
    const ledger = watching();
    const unset = aBackupTarget({ place: undefined });
    ledger.recordTarget({ previous: target, next: unset, nowMs: NOW_MS });
    assert.equal(ledger.targets.get('default')?.placeId, undefined);
    assert.equal(ledger.targets.get('default')?.placeSinceMs, NOW_MS);
    ledger.recordTarget({ previous: unset, next: target, nowMs: NOW_MS + 1 });
    assert.equal(ledger.targets.get('default')?.placeSinceMs, NOW_MS + 1);
  });

  it('begins with a target that has no URL yet', () => {
    const ledger = new TargetLedger();
    ledger.recordTarget({ previous: undefined, next: aBackupTarget({ place: undefined }), nowMs: NOW_MS });
    assert.equal(removedOf(ledger), 0);
  });

  it('keeps since when the target is available again', () => {
    const ledger = watching();
    const away = aBackupTarget({ available: false });
    ledger.recordTarget({ previous: target, next: away, nowMs: NOW_MS });
    assert.equal(ledger.targets.get('default')?.availableSinceMs, undefined);
    ledger.recordTarget({ previous: away, next: target, nowMs: NOW_MS });
    assert.equal(ledger.targets.get('default')?.availableSinceMs, NOW_MS);
    assert.equal(ledger.targets.get('default')?.placeSinceMs, NOW_MS - HOUR_MS);
  });

  it('ends with its object', () => {
    const ledger = after(whole, marked);
    ledger.recordTarget({ previous: target, next: undefined, nowMs: NOW_MS });
    assert.deepEqual([ledger.targets.size, ledger.losses.size], [0, 0]);
  });

  it('is its own: what becomes of another target does not touch it', () => {
    const ledger = after(whole, marked);
    const second = aBackupTarget({ name: 'second', place: elsewhere.place });
    ledger.recordTarget({ previous: undefined, next: second, nowMs: NOW_MS });
    ledger.recordTarget({ previous: second, next: undefined, nowMs: NOW_MS });
    assert.deepEqual([removedOf(ledger), ledger.losses.size], [1, 1]);
  });
});

describe('the ledger of failed imports', () => {
  const failed = anErrorBackup();
  const deleted = (previous: VmBackup, next?: VmBackup, ledger = watching()): TargetLedger => {
    ledger.recordVmBackup({ previous, next, nowMs: NOW_MS });
    return ledger;
  };
  const counts = (ledger: TargetLedger): readonly number[] =>
    [...ledger.failedImports.values()].map(({ count }) => count);

  it('keeps how many of a location were deleted', () => {
    const ledger = deleted(failed, undefined, deleted(failed));
    assert.deepEqual(
      [...ledger.failedImports.values()],
      [{ location: failed.location, count: 2, atMs: NOW_MS }],
    );
  });

  it('begins anew after a week of silence', () => {
    const ledger = deleted(failed);
    ledger.recordVmBackup({ previous: failed, next: undefined, nowMs: NOW_MS + 7 * 24 * HOUR_MS + 1 });
    assert.deepEqual(counts(ledger), [1]);
  });

  it('keeps none of a native one, another error, a passing error, or one that stays', () => {
    assert.deepEqual(counts(deleted(anErrorBackup({ imported: false }))), []);
    assert.deepEqual(counts(deleted(anErrorBackup({ error: 'freeze_failed' }))), []);
    assert.deepEqual(counts(deleted(anErrorBackup({ failedSinceMs: NOW_MS - 15 * MINUTE_MS }))), []);
    assert.deepEqual(counts(deleted(failed, failed)), []);
  });
});

describe('the ledger of the Setting', () => {
  it('keeps when it was seen to name another place, not when it was first seen', () => {
    const ledger = watching();
    const setting = aTargetSetting();
    ledger.recordSetting({ previous: undefined, next: setting, nowMs: NOW_MS });
    ledger.recordSetting({ previous: setting, next: setting, nowMs: NOW_MS });
    assert.equal(ledger.settingChangedMs, undefined);
    ledger.recordSetting({ previous: setting, next: { ...setting, place: undefined }, nowMs: NOW_MS });
    assert.equal(ledger.settingChangedMs, NOW_MS);
  });
});
