import assert from 'node:assert/strict';
import { findTargetTrouble } from '../../src/findings/target.ts';
import {
  aBackupTarget,
  aLonghornBackup,
  aSchedule,
  aServerVersion,
  aTargetSetting,
  aView,
  aVmBackup,
  anErrorBackup,
} from '../builders.ts';

describe('trouble of a backup target', () => {
  it('is found as a conflict when imported backups fail for lack of data', () => {
    const view = aView({
      serverVersions: [aServerVersion('v1.4.1')],
      targetSettings: [aTargetSetting()],
      backupTargets: [aBackupTarget()],
      schedules: [aSchedule()],
      vmBackups: [anErrorBackup()],
    });
    assert.deepEqual(findTargetTrouble(view), [
      {
        id: 'HarvesterBackupTargetConflict',
        severity: 'critical',
        title: 'Backups of target s3://s3.example.net:9000/hv-prod are being lost',
        subject: { target: 's3://s3.example.net:9000/hv-prod' },
        evidence: [
          { label: 'VMBackups imported from it', value: '1' },
          { label: 'VMBackups in error because their data is not found', value: '1' },
          { label: 'This cluster writes to it as well', value: 'yes' },
          {
            label: 'Against a change of the target',
            value: '1 VMBackup (not ready, or being deleted): prod/weekly',
          },
          { label: 'target_id', value: '000debd050d88e42' },
        ],
        explanation:
          'Likely another cluster uses this target; no write of another one was seen, so it is not proven: data deleted by hand in the store looks the same. Harvester imports what it finds in a target, and deletes there what is deleted here: two clusters with one target delete each other’s backups, and retry what they cannot find.',
        remedy: {
          text: 'In this order: suspend the schedules of both clusters; delete the failed VMBackups that are safe to delete; give the cluster that came later a bucket or export of its own; only then delete what it imported; resume the schedules.',
          commands: [
            "kubectl get schedulevmbackups.harvesterhci.io -A -o 'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,SUSPENDED:.spec.suspend'",
            'freezewatch break-loop',
            'freezewatch break-loop --apply',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterBackupTargetConflict.md',
      },
    ]);
  });

  it('is found when the target is out of reach', () => {
    const view = aView({
      targetSettings: [aTargetSetting()],
      backupTargets: [aBackupTarget({ available: false })],
    });
    assert.deepEqual(findTargetTrouble(view), [
      {
        id: 'HarvesterBackupTargetUnavailable',
        severity: 'warning',
        title: 'Backup target s3://s3.example.net:9000/hv-prod cannot be reached',
        subject: { target: 's3://s3.example.net:9000/hv-prod' },
        evidence: [{ label: 'Last read by Longhorn', value: '2025-03-05 11:59:00 UTC, 1 min ago' }],
        explanation:
          'Longhorn cannot reach it: backups fail, deletions hang, and Harvester suspends schedules.',
        remedy: {
          text: 'Read why, then check the network, the credentials and the certificate of the store.',
          commands: [
            'kubectl get backuptargets.longhorn.io -n longhorn-system default -o \'jsonpath={.spec.backupTargetURL}{"\\n"}{range .status.conditions[*]}{.type}={.status} {.message}{"\\n"}{end}\'',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterBackupTargetUnavailable.md',
      },
    ]);
  });

  it('leaves alone: a target of its own', () => {
    const view = aView({
      targetSettings: [aTargetSetting()],
      backupTargets: [aBackupTarget()],
      schedules: [aSchedule()],
      vmBackups: [aVmBackup()],
      longhornBackups: [aLonghornBackup()],
    });
    assert.deepEqual(findTargetTrouble(view), []);
  });
});
