import assert from 'node:assert/strict';
import type { BackupTarget, LonghornBackup } from '../../src/model/longhorn.ts';
import {
  NO_TARGET_HISTORY,
  removedBackups,
  type TargetHistory,
  withBackupChange,
  withTargetChange,
} from '../../src/model/target-history.ts';
import { placeOfUrl } from '../../src/model/target-place.ts';
import { TIMING } from '../../src/model/timing.ts';
import { aBackupTarget, aLonghornBackup, HOUR_MS, MINUTE_MS, NOW_MS } from '../builders.ts';

const target = aBackupTarget();
/** The default target is known for an hour. */
const WATCHED = withTargetChange(NO_TARGET_HISTORY, {
  previous: undefined,
  next: target,
  nowMs: NOW_MS - HOUR_MS,
});

const whole = aLonghornBackup();
const marked = aLonghornBackup({ objectOnlyRemoval: true });

const after = (
  history: TargetHistory,
  previous: LonghornBackup | undefined,
  next: LonghornBackup | undefined,
  { nowMs = NOW_MS, targets = [target] }: { nowMs?: number; targets?: readonly BackupTarget[] } = {},
): TargetHistory => withBackupChange(history, { previous, next, targets, nowMs });

const removedOf = (history: TargetHistory): number | undefined =>
  removedBackups(history, 'default', NOW_MS + MINUTE_MS, TIMING);

describe('a native Backup that vanished from the store', () => {
  it('counts once, when Longhorn marks it, not again when it goes', () => {
    const history = after(WATCHED, whole, marked);
    assert.equal(removedOf(history), 1);
    assert.equal(after(history, marked, marked), history);
    assert.equal(after(history, marked, undefined), history);
  });

  it('counts also when it is first seen marked', () => {
    assert.equal(removedOf(after(WATCHED, undefined, marked)), 1);
  });

  it('counts a minute later: by then the cause would be known', () => {
    const history = after(WATCHED, whole, marked);
    assert.equal(removedBackups(history, 'default', NOW_MS + MINUTE_MS - 1, TIMING), 0);
    assert.equal(removedBackups(history, 'default', NOW_MS + MINUTE_MS, TIMING), 1);
  });

  const NOT: Readonly<Record<string, TargetHistory>> = {
    'was deleted here, without the mark': after(WATCHED, whole, undefined),
    'was pulled from the store': after(WATCHED, { ...whole, native: false }, { ...marked, native: false }),
    'never was complete': after(WATCHED, { ...whole, state: 'Error' }, { ...marked, state: 'Error' }),
    'went while the target was away': after(WATCHED, whole, marked, {
      targets: [aBackupTarget({ available: false })],
    }),
    'is of a target that nobody knows': after(WATCHED, whole, marked, { targets: [] }),
    'went within ten minutes of a change of the target': after(WATCHED, whole, marked, {
      nowMs: NOW_MS - HOUR_MS + 10 * MINUTE_MS,
    }),
  };
  for (const [what, history] of Object.entries(NOT)) {
    it(`does not count if it ${what}`, () => assert.equal(removedOf(history), 0));
  }

  it('still counts when it came back', () => {
    const history = after(after(WATCHED, whole, marked), undefined, { ...whole, native: false });
    assert.equal(removedOf(history), 1);
    assert.equal(history.losses.size, 0);
  });

  it('is undefined for a target never seen', () => {
    assert.equal(removedOf(NO_TARGET_HISTORY), undefined);
  });
});

describe('the history of losses', () => {
  it('keeps since when a complete Backup is gone or is not complete any more', () => {
    const gone = { target: 'default', atMs: NOW_MS, vanished: false };
    assert.deepEqual([...after(WATCHED, whole, undefined).losses], [[whole.name, gone]]);
    assert.deepEqual([...after(WATCHED, whole, { ...whole, state: 'Unknown' }).losses], [[whole.name, gone]]);
  });

  it('keeps the first moment while the Backup is pulled again, and forgets it when that is complete', () => {
    const pulled = aLonghornBackup({ native: false, state: 'New' });
    const later = { nowMs: NOW_MS + MINUTE_MS };
    const history = after(after(WATCHED, whole, undefined), undefined, pulled, later);
    assert.equal(history.losses.get(whole.name)?.atMs, NOW_MS);
    assert.equal(after(history, pulled, { ...pulled, state: 'Completed' }, later).losses.size, 0);
  });

  it('is the same object when a change tells nothing', () => {
    const unborn = aLonghornBackup({ state: 'InProgress' });
    assert.equal(after(WATCHED, undefined, whole), WATCHED);
    assert.equal(after(WATCHED, whole, whole), WATCHED);
    assert.equal(after(WATCHED, undefined, unborn), WATCHED);
    assert.equal(after(WATCHED, unborn, undefined), WATCHED);
    assert.equal(withTargetChange(WATCHED, { previous: target, next: target, nowMs: NOW_MS }), WATCHED);
  });

  it('drops what is older than every grace', () => {
    const rare = { targets: [aBackupTarget({ pollIntervalMs: 2 * HOUR_MS })] };
    const lost = (name: string, history: TargetHistory, nowMs: number, more = {}): TargetHistory =>
      after(history, { ...whole, name }, undefined, { nowMs, ...more });
    const first = lost('a', WATCHED, NOW_MS);
    assert.deepEqual([...lost('b', first, NOW_MS + HOUR_MS).losses.keys()], ['a', 'b']);
    assert.deepEqual([...lost('b', first, NOW_MS + HOUR_MS + 1).losses.keys()], ['b']);
    assert.deepEqual([...lost('b', first, NOW_MS + 4 * HOUR_MS, rare).losses.keys()], ['a', 'b']);
  });

  it('survives the loss of thousands at once', () => {
    let history = WATCHED;
    for (let index = 0; index < 2_000; index += 1) {
      const name = `backup-${index}`;
      history = after(history, { ...whole, name }, { ...marked, name });
    }
    assert.equal(removedOf(history), 2_000);
  });
});

describe('the history of a target', () => {
  const elsewhere = aBackupTarget({ place: placeOfUrl('s3://other@us-east-1/') });
  const change = (
    history: TargetHistory,
    previous: BackupTarget | undefined,
    next: BackupTarget | undefined,
  ): TargetHistory => withTargetChange(history, { previous, next, nowMs: NOW_MS });

  it('begins anew at another place, and forgets what was lost at the old one', () => {
    const history = change(after(WATCHED, whole, marked), target, elsewhere);
    assert.equal(history.targets.get('default')?.placeSinceMs, NOW_MS);
    assert.equal(history.losses.size, 0);
    assert.equal(removedOf(history), 0);
  });

  it('begins anew when the URL goes, and again when it returns', () => {
    const unset = change(WATCHED, target, aBackupTarget({ place: undefined }));
    assert.equal(unset.targets.get('default')?.placeId, undefined);
    const back = withTargetChange(unset, { previous: undefined, next: target, nowMs: NOW_MS + 1 });
    assert.equal(back.targets.get('default')?.placeSinceMs, NOW_MS + 1);
  });

  it('keeps since when the target is available again', () => {
    const away = aBackupTarget({ available: false });
    assert.equal(change(WATCHED, target, away).targets.get('default')?.availableSinceMs, undefined);
    assert.equal(change(WATCHED, away, target).targets.get('default')?.availableSinceMs, NOW_MS);
  });

  it('ends with its object', () => {
    const history = change(after(WATCHED, whole, marked), target, undefined);
    assert.deepEqual([history.targets.size, history.losses.size], [0, 0]);
  });

  it('leaves those of other targets alone', () => {
    const second = aBackupTarget({ name: 'second', place: elsewhere.place });
    const history = change(after(WATCHED, whole, marked), undefined, second);
    assert.equal(removedOf(history), 1);
    assert.equal(change(history, second, undefined).losses.size, 1);
  });
});
