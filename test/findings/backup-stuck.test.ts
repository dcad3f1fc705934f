import assert from 'node:assert/strict';
import { findStuckBackups } from '../../src/findings/backup-stuck.ts';
import { HOUR_MS, MINUTE_MS, NOW_MS, aView, aVmBackup } from '../builders.ts';

describe('stuck VMBackups', () => {
  it('are found while they are made and while they are deleted', () => {
    const view = aView({
      vmBackups: [
        aVmBackup({ readyToUse: false, createdMs: NOW_MS - 3 * HOUR_MS, progress: 15 }),
        aVmBackup({ name: 'old', deletingSinceMs: NOW_MS - 20 * MINUTE_MS }),
      ],
    });
    assert.deepEqual(findStuckBackups(view), [
      {
        id: 'HarvesterVMBackupStuck',
        severity: 'warning',
        title: '2 VMBackups of VM prod/db are stuck',
        subject: { namespace: 'prod', vm: 'db', vmbackups: ['nightly', 'old'] },
        evidence: [
          { label: 'nightly', value: 'in progress for 3 h, 15 % done' },
          { label: 'old', value: 'being deleted for 20 min' },
        ],
        explanation:
          'A schedule drops its runs while its last backup does not come to an end, and nothing else reports it.',
        remedy: {
          text: 'Look at the Longhorn backups of its volumes and at the target. Do not remove finalizers: the data would stay in the target, and another import would bring the VMBackup back.',
          commands: [
            'kubectl get virtualmachinebackups.harvesterhci.io -n prod nightly -o \'jsonpath={range .status.conditions[*]}{.type}={.status} {.reason} {.message}{"\\n"}{end}\'',
            'kubectl get backups.longhorn.io -n longhorn-system',
            'kubectl get virtualmachinerestores.harvesterhci.io -n prod',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMBackupStuck.md',
      },
    ]);
  });

  it('leaves alone: a backup that takes an hour', () => {
    const view = aView({ vmBackups: [aVmBackup({ readyToUse: false, createdMs: NOW_MS - HOUR_MS })] });
    assert.deepEqual(findStuckBackups(view), []);
  });
});
