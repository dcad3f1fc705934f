import assert from 'node:assert/strict';
import { findStaleBackups } from '../../../src/findings/backup-age.ts';
import { findNeverBackedUp } from '../../../src/findings/never-backed-up.ts';
import { lastLonghornBackup, longhornBackupProblem } from '../../../src/metrics/longhorn.ts';
import type { PersistentVolume } from '../../../src/model/objects/longhorn.ts';
import { seriesOf } from '../../metrics/series.ts';
import {
  DAY_MS,
  HOUR_MS,
  NOW_MS,
  type ViewOverrides,
  aLonghornBackup,
  aSchedule,
  aView,
  aVm,
  aVmBackup,
  aVmi,
  unavailable,
} from '../../builders.ts';

const aVolume = (name: string, claim: string): PersistentVolume => ({
  namespace: '',
  name,
  uid: name,
  createdMs: 0,
  deletingSinceMs: undefined,
  longhornVolume: name,
  claim: { namespace: 'prod', name: claim },
});

const daily = (overrides: Parameters<typeof aLonghornBackup>[0] = {}) =>
  aLonghornBackup({
    name: 'backup-daily',
    recurringJob: 'daily',
    backupCreatedMs: NOW_MS - 9 * HOUR_MS,
    ...overrides,
  });

const cluster = (overrides: ViewOverrides = {}) =>
  aView({
    virtualMachines: [aVm({ createdMs: NOW_MS - 9 * DAY_MS })],
    persistentVolumes: [aVolume('pvc-1', 'db-disk-0'), aVolume('pvc-2', 'db-disk-1')],
    longhornBackups: [daily()],
    ...overrides,
  });

const at = (ms: number): readonly string[] => [
  `harvester_vm_last_longhorn_backup_timestamp_seconds{namespace="prod",vm="db"} ${ms / 1_000}`,
];

describe('harvester_vm_last_longhorn_backup_timestamp_seconds', () => {
  const TWO = [aVm({ claims: ['db-disk-0', 'db-disk-1'], createdMs: NOW_MS - 9 * DAY_MS })];
  const cases: readonly [string, ViewOverrides, readonly string[]][] = [
    ['has the newest that a recurring job made', {}, at(NOW_MS - 9 * HOUR_MS)],
    ['is absent while one disk has none', { virtualMachines: TWO }, []],
    [
      'has the oldest of the newest of all disks',
      {
        virtualMachines: TWO,
        longhornBackups: [
          daily(),
          daily({ name: 'b-2', volume: 'pvc-2', backupCreatedMs: NOW_MS - 33 * HOUR_MS }),
          daily({ name: 'b-3', volume: 'pvc-2', backupCreatedMs: NOW_MS - 57 * HOUR_MS }),
        ],
      },
      at(NOW_MS - 33 * HOUR_MS),
    ],
    [
      'is absent for what a VMBackup owns',
      { vmBackups: [aVmBackup()], longhornBackups: [aLonghornBackup()] },
      [],
    ],
    ['is absent for one that failed', { longhornBackups: [daily({ state: 'Error' })] }, []],
    ['is absent for one whose data is going', { longhornBackups: [daily({ objectOnlyRemoval: true })] }, []],
    ['is absent while nobody knows what VMBackups own', { vmBackups: unavailable() }, []],
    [
      'is absent for another cluster’s volume of an equal claim',
      { longhornBackups: [daily({ native: false, volume: 'pvc-77' })] },
      [],
    ],
    [
      'counts what was pulled again from the store, by its volume',
      { longhornBackups: [daily({ native: false })] },
      at(NOW_MS - 9 * HOUR_MS),
    ],
    [
      'goes by the noted claim where PersistentVolumes cannot be read',
      { persistentVolumes: unavailable() },
      at(NOW_MS - 9 * HOUR_MS),
    ],
    [
      'asks for the disks that were plugged into the running VM only',
      { vmis: [aVmi({ claims: ['db-disk-0', 'db-disk-1'] })] },
      [],
    ],
  ];
  for (const [name, overrides, expected] of cases) {
    it(name, () => {
      assert.deepEqual(seriesOf(lastLonghornBackup, cluster(overrides)), expected);
    });
  }
});

describe('a VM that Longhorn backs up itself', () => {
  it('is not one without any backup', () => {
    assert.deepEqual(findNeverBackedUp(cluster()), []);
    assert.equal(findNeverBackedUp(cluster({ longhornBackups: [] })).length, 1);
  });

  it('is not stale while Longhorn’s are fresh, and both are named when it is', () => {
    const late = { schedules: [aSchedule()], vmBackups: [aVmBackup({ completedMs: NOW_MS - 60 * HOUR_MS })] };
    assert.deepEqual(findStaleBackups(cluster(late)), []);
    const old = [daily({ backupCreatedMs: NOW_MS - 55 * HOUR_MS })];
    assert.deepEqual(findStaleBackups(cluster({ ...late, longhornBackups: old }))[0]?.evidence, [
      { label: 'Last good one', value: '2025-03-03 00:00:00 UTC, 2 d 12 h ago' },
      { label: 'Scheduled at least every', value: '1 d' },
      {
        label: 'Last Longhorn Backups without a VMBackup',
        value: '2025-03-03 05:00:00 UTC, 2 d 7 h ago',
      },
    ]);
  });
});

describe('a disk that was plugged into the running VM only', () => {
  it('is mapped to its VM', () => {
    const view = cluster({
      vmis: [aVmi({ claims: ['db-disk-0', 'plugged'] })],
      persistentVolumes: [aVolume('pvc-9', 'plugged')],
      longhornBackups: [daily({ name: 'backup-e', volume: 'pvc-9', state: 'Error', claim: undefined })],
    });
    assert.deepEqual(seriesOf(longhornBackupProblem, view), [
      'harvester_longhorn_backup_problem{backup="backup-e",volume="pvc-9",namespace="prod",vm="db",state="Error"} 1',
    ]);
  });
});
