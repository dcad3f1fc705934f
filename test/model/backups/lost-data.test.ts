import assert from 'node:assert/strict';
import { findNeverBackedUp } from '../../../src/findings/never-backed-up.ts';
import { findMissingData } from '../../../src/findings/backup-data-missing.ts';
import { vmBackupProblem } from '../../../src/metrics/backup.ts';
import { degradedReason } from '../../../src/model/objects/degraded-reason.ts';
import type { VmBackup } from '../../../src/model/objects/vm-backup.ts';
import { seriesOf } from '../../metrics/series.ts';
import {
  HOUR_MS,
  NOW_MS,
  type ViewOverrides,
  aBackupTarget,
  aBackupVolume,
  aLonghornBackup,
  aTargetSetting,
  aView,
  aVm,
  aVmBackup,
} from '../../builders.ts';

describe('the reason of "Change back to non-ready"', () => {
  const TEXTS: readonly [string, string][] = [
    ['missing_in_target', 'cannot find longhorn backup backup-1 in the backup target'],
    ['missing_in_target', 'cannot find volume pvc-1 in the backup target'],
    ['lh_backup_missing', 'longhorn backup backup-1 is not ready'],
    ['lh_backup_not_complete', 'backup backup-1 is not completed'],
    ['lh_backup_not_complete', 'backup backup-1 is being deleted'],
    ['storageclass_missing', 'cannot find storage class fast'],
    [
      'target_unreachable',
      'cannot mount nfs 10.9.9.9:/export, options [nfsvers=4.0 actimeo=1 soft timeo=300 retry=2]: vers=4.0: mount failed: exit status 32\nOutput: mount.nfs4: Connection timed out\n: cannot mount using NFSv4',
    ],
    ['target_unreachable', "NFS path /export doesn't exist or is not a directory: stat: stale"],
    ['target_unreachable', 'timeout executing: ls [-1 /var/lib], output , error <nil>'],
    ['target_unreachable', 'failed to execute: ls [-1 /x], output ls: Stale file handle'],
    [
      'target_unreachable',
      'failed to list objects with param: {Bucket: "b"} error: AWS Error:  RequestError send request failed dial tcp: i/o timeout',
    ],
    ['target_unreachable', 'NoCredentialProviders: no valid providers in chain. Deprecated.'],
    ['target_unreachable', 'failed to connect to backup target, reason: timeout after 8s'],
    ['other', 'something new'],
  ];
  for (const [reason, text] of TEXTS) {
    it(`${reason}: ${text.slice(0, 70)}`, () => {
      assert.equal(degradedReason(text), reason);
    });
  }
});

const degraded = (overrides: Partial<VmBackup> = {}): VmBackup =>
  aVmBackup({ degraded: 'missing_in_target', degradedSinceMs: NOW_MS - HOUR_MS, ...overrides });

const CURRENT = { backupTargets: [aBackupTarget()], targetSettings: [aTargetSetting()] };

/** The reason label, and whether the data is called gone. */
function judged(backup: VmBackup, overrides: ViewOverrides = {}): readonly [string | undefined, boolean] {
  const view = aView({ ...CURRENT, vmBackups: [backup], ...overrides });
  const [series] = seriesOf(vmBackupProblem, view);
  return [/reason="([^"]+)"/.exec(series ?? '')?.[1], findMissingData(view).length > 0];
}

describe('a VMBackup that Harvester changed back', () => {
  it('is gone when Harvester missed it in the target it was written to', () => {
    assert.deepEqual(judged(degraded()), ['missing_in_target', true]);
    assert.deepEqual(judged(degraded({ degraded: 'lh_backup_missing' })), ['lh_backup_missing', true]);
  });

  it('is not gone when the store was away', () => {
    assert.deepEqual(judged(degraded({ degraded: 'target_unreachable' })), ['target_unreachable', false]);
  });

  it('is not gone when it lies in another target than the present one', () => {
    const elsewhere = { endpoint: 'https://old.example.net', bucket: 'old' };
    assert.deepEqual(judged(degraded({ location: elsewhere })), ['other_target', false]);
  });

  it('is not gone when only its storage class is', () => {
    assert.deepEqual(judged(degraded({ degraded: 'storageclass_missing' })), ['storageclass_missing', false]);
  });

  it('is not gone for a reason that is not known', () => {
    assert.deepEqual(judged(degraded({ degraded: 'other' })), ['other', false]);
  });

  it('is not gone when Longhorn lists it complete after that: Harvester 1.7 and 1.8 never take the mark back', () => {
    const longhornBackups = [aLonghornBackup()];
    assert.deepEqual(judged(degraded(), { longhornBackups }), ['found_again', false]);
    const stale = { longhornBackups, backupTargets: [aBackupTarget({ lastSyncedMs: NOW_MS - 2 * HOUR_MS })] };
    assert.deepEqual(judged(degraded(), stale), ['missing_in_target', true]);
  });
});

describe('a VM whose only VMBackup was changed back', () => {
  const never = (backup: VmBackup): boolean =>
    findNeverBackedUp(aView({ ...CURRENT, virtualMachines: [aVm({ createdMs: 0 })], vmBackups: [backup] }))
      .length > 0;

  it('has a backup while the store is only away, and none when it is gone', () => {
    assert.equal(never(degraded({ degraded: 'target_unreachable' })), false);
    assert.equal(never(degraded({ degraded: 'storageclass_missing' })), false);
    assert.equal(never(degraded()), true);
    assert.equal(never(degraded({ degraded: 'other' })), true);
  });
});

describe('a store that lost everything', () => {
  const backups = ['db', 'web', 'mail'].map((vm) => degraded({ vm, name: `nightly-${vm}` }));
  const found = (overrides: ViewOverrides) =>
    findMissingData(aView({ ...CURRENT, vmBackups: backups, ...overrides }));

  it('is one finding for all VMs', () => {
    const findings = found({});
    assert.deepEqual(
      findings.map(({ id, title }) => [id, title]),
      [
        [
          'HarvesterVMBackupDataMissing',
          'Backup target s3://s3.example.net:9000/hv-prod is empty: the data of all 3 VMBackups in it is gone',
        ],
      ],
    );
    assert.deepEqual(findings[0]?.evidence[0], { label: '3 VMs', value: 'prod/db, prod/mail, prod/web' });
  });

  it('is one finding for each VM where something is left', () => {
    assert.equal(found({ backupVolumes: [aBackupVolume()] }).length, 3);
    assert.equal(found({ longhornBackups: [aLonghornBackup({ name: 'another' })] }).length, 3);
  });

  it('is one finding for each VM where Longhorn cannot read the store', () => {
    assert.equal(found({ backupTargets: [aBackupTarget({ available: false })] }).length, 3);
  });
});
