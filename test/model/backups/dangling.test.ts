import assert from 'node:assert/strict';
import { isDangling, missingBackups } from '../../../src/model/backups/dangling.ts';
import { harvesterTarget } from '../../../src/model/targets/current-target.ts';
import { NO_TARGET_HISTORY, type TargetHistory } from '../../../src/model/targets/target-history.ts';
import type { VmBackup } from '../../../src/model/objects/vm-backup.ts';
import {
  aBackupTarget,
  aLonghornBackup,
  aTargetSetting,
  aView,
  aVmBackup,
  DAY_MS,
  MINUTE_MS,
  NOW_MS,
  unavailable,
  type ViewOverrides,
} from '../../builders.ts';

const TWO_POLLS_MS = 10 * MINUTE_MS;
const backup = aVmBackup();
const name = backup.volumes[0]?.longhornBackup ?? '';
interface Past {
  readonly placeSinceMs?: number;
  readonly availableSinceMs?: number;
}

const history = (
  { placeSinceMs = NOW_MS - DAY_MS, availableSinceMs }: Past = {},
  lostMs?: number,
): TargetHistory => ({
  ...NO_TARGET_HISTORY,
  targets: new Map([
    ['default', { placeId: aBackupTarget().place?.targetId, placeSinceMs, availableSinceMs, removed: 0 }],
  ]),
  losses: new Map(lostMs === undefined ? [] : [[name, { target: 'default', atMs: lostMs, vanished: false }]]),
});

/** The Longhorn backup of the VMBackup is gone for a day, unless said otherwise. */
const dangles = (overrides: ViewOverrides = {}, vmBackup: VmBackup = backup): boolean =>
  isDangling(
    aView({
      backupTargets: [aBackupTarget()],
      targetSettings: [aTargetSetting()],
      targetHistory: history(),
      ...overrides,
    }),
    vmBackup,
  );

describe('a dangling VMBackup', () => {
  it('is ready, at the current target, and its Longhorn backup is gone', () => assert.ok(dangles()));

  it('has lost one of its volumes, or has one that is not complete', () => {
    const volumes = [...backup.volumes, { name: 'v2', longhornBackup: 'backup-2', volume: 'pvc-2' }];
    const two = aVmBackup({ volumes });
    const first = aLonghornBackup();
    const second = aLonghornBackup({ name: 'backup-2' });
    assert.ok(dangles({ longhornBackups: [first] }, two));
    assert.ok(!dangles({ longhornBackups: [first, second] }, two));
    assert.ok(dangles({ longhornBackups: [first, { ...second, state: 'Unknown' }] }, two));
  });

  const NOT: Readonly<Record<string, readonly [ViewOverrides, VmBackup?]>> = {
    'whose Longhorn backup is complete': [{ longhornBackups: [aLonghornBackup()] }],
    'that is not ready': [{}, aVmBackup({ readyToUse: false })],
    'that is being deleted': [{}, aVmBackup({ deletingSinceMs: NOW_MS })],
    'that is a snapshot': [{}, aVmBackup({ type: 'snapshot' })],
    'of another target': [
      {},
      aVmBackup({ location: { endpoint: 'https://other.example.net', bucket: 'hv-prod' } }),
    ],
    'that knows no Longhorn backup': [
      {},
      aVmBackup({ volumes: [{ name: 'v', longhornBackup: undefined, volume: 'pvc-1' }] }),
    ],
    'while the target is away': [{ backupTargets: [aBackupTarget({ available: false })] }],
    'while the target was not read lately': [
      { backupTargets: [aBackupTarget({ lastSyncedMs: NOW_MS - 16 * MINUTE_MS })] },
    ],
    "while Longhorn's backups are unread": [{ longhornBackups: unavailable<never>() }],
    'without any target': [{ backupTargets: [] }],
  };
  for (const [what, [overrides, vmBackup]] of Object.entries(NOT)) {
    it(`is not one ${what}`, () => assert.ok(!dangles(overrides, vmBackup)));
  }

  const SINCE: Readonly<Record<string, (sinceMs: number) => readonly [ViewOverrides, VmBackup?]>> = {
    'the loss': (ms) => [{ targetHistory: history({}, ms) }],
    'the start of the exporter, or a change of the target': (ms) => [
      { targetHistory: history({ placeSinceMs: ms }) },
    ],
    'the target came back': (ms) => [{ targetHistory: history({ availableSinceMs: ms }) }],
    'it was created': (ms) => [{}, aVmBackup({ createdMs: ms })],
    'it was complete, if the Longhorn backup is there': (ms) => [
      { longhornBackups: [aLonghornBackup({ state: 'InProgress' })] },
      aVmBackup({ completedMs: ms }),
    ],
  };
  for (const [what, since] of Object.entries(SINCE)) {
    it(`is one more than two polls after ${what}`, () => {
      assert.ok(!dangles(...since(NOW_MS - TWO_POLLS_MS)));
      assert.ok(dangles(...since(NOW_MS - TWO_POLLS_MS - 1)));
    });
  }

  it('without an object is no fresher because Harvester 1.6 renews its time of completion', () => {
    assert.ok(dangles({}, aVmBackup({ completedMs: NOW_MS })));
  });

  it('waits a quarter of an hour where Longhorn never polls', () => {
    const never = { backupTargets: [aBackupTarget({ pollIntervalMs: 0 })] };
    assert.ok(!dangles({ ...never, targetHistory: history({}, NOW_MS - 15 * MINUTE_MS) }));
    assert.ok(dangles({ ...never, targetHistory: history({}, NOW_MS - 15 * MINUTE_MS - 1) }));
  });
});

describe('missingBackups', () => {
  it('names them from the first moment', () => {
    const view = aView({
      backupTargets: [aBackupTarget()],
      targetSettings: [aTargetSetting()],
      targetHistory: history({}, NOW_MS),
    });
    const current = harvesterTarget(view);
    assert.ok(current);
    assert.deepEqual(missingBackups(view, current, backup), [name]);
  });
});
