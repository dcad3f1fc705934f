import assert from 'node:assert/strict';
import * as backup from '../../src/metrics/backup.ts';
import { DETAILED_BACKUPS_PER_NAMESPACE } from '../../src/model/backups/broken-backups.ts';
import { BACKUP_STATES, vmBackupState } from '../../src/model/backups/backup-state.ts';
import {
  anErrorBackup,
  aRestore,
  aServerVersion,
  aView,
  aVm,
  aVmBackup,
  aVmi,
  MINUTE_MS,
  NOW_MS,
  unavailable,
} from '../builders.ts';
import { seriesOf } from './series.ts';

describe('vmBackupState', () => {
  const states: readonly [string, Parameters<typeof vmBackupState>[0], ReturnType<typeof vmBackupState>][] = [
    ['one being deleted, whatever else it says', anErrorBackup({ deletingSinceMs: NOW_MS }), 'deleting'],
    ['one with an error', anErrorBackup(), 'error'],
    ['one that only its condition calls failed', anErrorBackup({ error: undefined }), 'error'],
    ['a ready one with an old error text', aVmBackup({ error: 'other' }), 'ready'],
    [
      'one changed back, though readyToUse stayed true',
      aVmBackup({ degraded: 'missing_in_target' }),
      'degraded',
    ],
    ['one changed back', aVmBackup({ readyToUse: false, degraded: 'missing_in_target' }), 'degraded'],
    ['a snapshot, which touches no target', aVmBackup({ type: 'snapshot', degraded: 'other' }), 'ready'],
    ['one nobody touched', aVmBackup({ readyToUse: false, initialised: false }), 'pending'],
    ['one on its way', aVmBackup({ readyToUse: false }), 'in_progress'],
  ];
  for (const [name, object, expected] of states) {
    it(`of ${name} is ${expected}`, () => {
      assert.equal(vmBackupState(object, false), expected);
    });
  }

  it('of a ready one without its data is dangling', () => {
    assert.equal(vmBackupState(aVmBackup(), true), 'dangling');
    assert.equal(vmBackupState(anErrorBackup(), true), 'error');
  });
});

describe('harvester_vmbackups', () => {
  it('has every state of a namespace and type that exist, zeros included', () => {
    const view = aView({
      vmBackups: [aVmBackup(), anErrorBackup(), aVmBackup({ name: 's', type: 'snapshot' })],
    });
    const series = seriesOf(backup.vmBackups, view);
    assert.equal(series.length, 2 * BACKUP_STATES.length);
    assert.ok(series.includes('harvester_vmbackups{namespace="prod",type="backup",state="error"} 1'));
    assert.ok(series.includes('harvester_vmbackups{namespace="prod",type="backup",state="degraded"} 0'));
    assert.ok(series.includes('harvester_vmbackups{namespace="prod",type="snapshot",state="ready"} 1'));
  });

  it('is absent while VMBackups cannot be read', () => {
    assert.deepEqual(seriesOf(backup.vmBackups, aView({ vmBackups: unavailable() })), []);
  });
});

describe('harvester_vmbackup_problem', () => {
  const problem = (object: ReturnType<typeof aVmBackup>) =>
    seriesOf(backup.vmBackupProblem, aView({ vmBackups: [object] }));
  const labels = (name: string, rest: string): string =>
    `harvester_vmbackup_problem{namespace="prod",vm="db",vmbackup="${name}",${rest}} 1`;

  it('names reason and origin', () => {
    assert.deepEqual(problem(anErrorBackup()), [
      labels('weekly', 'state="error",reason="lh_backup_not_found",origin="imported"'),
    ]);
    assert.deepEqual(problem(aVmBackup({ degraded: 'missing_in_target' })), [
      labels('nightly', 'state="degraded",reason="missing_in_target",origin="native"'),
    ]);
  });

  it('has those stuck, once they are', () => {
    const deleting = (minutes: number) =>
      problem(aVmBackup({ deletingSinceMs: NOW_MS - minutes * MINUTE_MS }));
    assert.deepEqual(deleting(15), []);
    assert.deepEqual(deleting(16), [labels('nightly', 'state="deleting",reason="stuck",origin="native"')]);
    const running = (minutes: number) =>
      problem(aVmBackup({ readyToUse: false, createdMs: NOW_MS - minutes * MINUTE_MS }));
    assert.deepEqual(running(120), []);
    assert.deepEqual(running(121), [labels('nightly', 'state="in_progress",reason="stuck",origin="native"')]);
  });

  it('is bounded in a namespace with ten thousand broken backups, and keeps one of every VM', () => {
    const vmBackups = Array.from({ length: 10_000 }, (_, i) =>
      anErrorBackup({ name: `b-${i}`, uid: `b-${i}`, vm: i < 9_980 ? 'db' : `vm-${i}` }),
    );
    const view = aView({ vmBackups });
    const series = seriesOf(backup.vmBackupProblem, view);
    assert.equal(series.length, DETAILED_BACKUPS_PER_NAMESPACE);
    const vms = new Set(series.map((line) => /vm="([^"]+)"/.exec(line)?.[1]));
    assert.equal(vms.size, 21);
    assert.ok(
      seriesOf(backup.vmBackups, view).includes(
        'harvester_vmbackups{namespace="prod",type="backup",state="error"} 10000',
      ),
    );
    assert.deepEqual(seriesOf(backup.vmBackupProblem, aView({ vmBackups: vmBackups.toReversed() })), series);
  });
});

/** Without a Longhorn backup yet. */
const NEW_VOLUME = { name: 'v', longhornBackup: undefined, volume: 'pvc-1' };

describe('harvester_vmbackup_freezes_guest', () => {
  const freezes = (
    version: string | undefined,
    object: Partial<ReturnType<typeof anErrorBackup>> = {},
    vmi = {},
  ) =>
    seriesOf(
      backup.vmBackupFreezesGuest,
      aView({
        vmBackups: [anErrorBackup(object)],
        vmis: [aVmi(vmi)],
        serverVersions: [aServerVersion(version)],
      }),
    ).map((line) => line.at(-1));

  const cases: readonly [string, readonly string[], string][] = [
    ['1.4 with the annotation', freezes('v1.4.1') as string[], '1'],
    [
      '1.4 with a VolumeSnapshot that exists and failed',
      freezes('v1.4.1', { error: 'volumesnapshot_error' }) as string[],
      '0',
    ],
    ['1.4 whose annotation says no', freezes('v1.4.1', { freezeAnnotation: false }) as string[], '0'],
    ['1.4 before it was decided', freezes('v1.4.1', { freezeAnnotation: undefined }) as string[], '1'],
    [
      '1.4 before it was decided, without an agent',
      freezes('v1.4.1', { freezeAnnotation: undefined }, { agentConnected: false }) as string[],
      '0',
    ],
    ['1.4.3, where the fix never came', freezes('v1.4.3') as string[], '1'],
    ['an unknown version, as the leakiest', freezes(undefined) as string[], '1'],
    ['a branch build', freezes('master-abcdef') as string[], '1'],
    ['1.5, which skips a volume with a known backup', freezes('v1.5.0') as string[], '0'],
    [
      '1.5 for a volume without one',
      freezes('v1.8.2', { volumes: [{ name: 'v', longhornBackup: undefined, volume: 'pvc-1' }] }) as string[],
      '1',
    ],
    [
      '1.8 with an error of the CSI configuration, which comes first',
      freezes('v1.8.2', { error: 'csi_config', volumes: [NEW_VOLUME] }) as string[],
      '0',
    ],
    ['1.4 with a claim that is not bound', freezes('v1.4.1', { error: 'pvc_not_bound' }) as string[], '0'],
    [
      '1.9 with a missing Secret',
      freezes('v1.9.0-rc6', { error: 'secret_missing', volumes: [NEW_VOLUME] }) as string[],
      '0',
    ],
    [
      '1.8 with a claim that is missing at the start',
      freezes('v1.8.2', { error: 'pvc_missing', initialised: false, volumes: [NEW_VOLUME] }) as string[],
      '0',
    ],
    [
      '1.8 with a claim that went after the start',
      freezes('v1.8.2', { error: 'pvc_missing', volumes: [NEW_VOLUME] }) as string[],
      '1',
    ],
    [
      '1.8 with a snapshot name that is taken, which is seen after the freeze',
      freezes('v1.8.2', { error: 'already_exists', volumes: [NEW_VOLUME] }) as string[],
      '1',
    ],
    ['a VM that does not run', freezes('v1.4.1', {}, { phase: 'Succeeded' }) as string[], '0'],
  ];
  for (const [name, actual, expected] of cases) {
    it(`is ${expected} on ${name}`, () => {
      assert.deepEqual(actual, [expected]);
    });
  }

  it('is not there for one that is ready', () => {
    const view = aView({ vmBackups: [aVmBackup()], vmis: [aVmi()] });
    assert.deepEqual(seriesOf(backup.vmBackupFreezesGuest, view), []);
    assert.deepEqual(seriesOf(backup.vmBackupWrites, view), []);
  });
});

describe('harvester_vm_last_backup_timestamp_seconds', () => {
  const last = (view: Parameters<typeof aView>[0]) => seriesOf(backup.lastBackup, aView(view));
  const line = (type: string, value: number): string =>
    `harvester_vm_last_backup_timestamp_seconds{namespace="prod",vm="db",type="${type}"} ${value}`;

  it('is 0 for a VM that never had one', () => {
    assert.deepEqual(last({ virtualMachines: [aVm()] }), [line('backup', 0)]);
    assert.deepEqual(last({ virtualMachines: [aVm()], vmBackups: [anErrorBackup()] }), [line('backup', 0)]);
  });

  it('is the completion of the newest that is ready', () => {
    const done = (name: string, completedMs: number) => aVmBackup({ name, completedMs });
    const vmBackups = [done('a', 1_000), done('c', 3_000), done('b', 2_000), anErrorBackup()];
    assert.deepEqual(last({ virtualMachines: [aVm()], vmBackups }), [line('backup', 3)]);
  });

  it('counts snapshots apart from backups, and only where there are any', () => {
    const snapshot = aVmBackup({ type: 'snapshot', completedMs: 4_000 });
    assert.deepEqual(last({ virtualMachines: [aVm()], vmBackups: [snapshot] }), [
      line('backup', 0),
      line('snapshot', 4),
    ]);
  });

  it('is of running VMs where VirtualMachines cannot be read, and absent without VMBackups', () => {
    assert.deepEqual(last({ virtualMachines: unavailable(), vmis: [aVmi()] }), [line('backup', 0)]);
    assert.deepEqual(last({ virtualMachines: [aVm()], vmBackups: unavailable() }), []);
  });

  it('forgets a VM that is gone, and its backups remain without it', () => {
    assert.deepEqual(last({ virtualMachines: [], vmBackups: [aVmBackup()] }), []);
  });
});

describe('harvester_vm_last_backup_duration_seconds', () => {
  it('is of backups made here: how long an import took says nothing', () => {
    const native = aVmBackup({ createdMs: 1_000, completedMs: 61_000 });
    const imported = aVmBackup({ name: 'i', imported: true, createdMs: 0, completedMs: 900_000 });
    const view = aView({ virtualMachines: [aVm()], vmBackups: [native, imported] });
    assert.deepEqual(seriesOf(backup.lastBackupDuration, view), [
      'harvester_vm_last_backup_duration_seconds{namespace="prod",vm="db",type="backup"} 60',
    ]);
  });
});

describe('harvester_vm_last_verified_restore_timestamp_seconds', () => {
  const verified = (view: Parameters<typeof aView>[0]) =>
    seriesOf(
      backup.lastVerifiedRestore,
      aView({ virtualMachines: [aVm()], vmBackups: [aVmBackup()], ...view }),
    );
  const line = (value: number): string =>
    `harvester_vm_last_verified_restore_timestamp_seconds{namespace="prod",vm="db"} ${value}`;

  it('is the newest complete restore of a backup of the VM', () => {
    const restores = [
      aRestore({ restoredMs: 1_000 }),
      aRestore({ name: 'r2', restoredMs: 2_000 }),
      aRestore({ name: 'r3', restoredMs: 3_000, complete: false }),
    ];
    assert.deepEqual(verified({ restores }), [line(2)]);
  });

  it('is 0 when there never was one', () => {
    assert.deepEqual(verified({ restores: [] }), [line(0)]);
    assert.deepEqual(verified({ restores: [aRestore({ vmBackup: 'of-another' })] }), [line(0)]);
  });

  it('outlives the backup when the VM itself was restored', () => {
    const restore = aRestore({ vmBackup: 'gone', newVm: false, targetVm: 'db', restoredMs: 5_000 });
    assert.deepEqual(verified({ restores: [restore] }), [line(5)]);
  });

  it('is absent while restores cannot be read', () => {
    assert.deepEqual(verified({ restores: unavailable() }), []);
  });
});
