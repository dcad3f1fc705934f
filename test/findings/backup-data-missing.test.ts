import assert from 'node:assert/strict';
import { findMissingData } from '../../src/findings/backup-data-missing.ts';
import { aView, aVmBackup } from '../builders.ts';

describe('missing data', () => {
  it('is found where Harvester noticed it', () => {
    const view = aView({ vmBackups: [aVmBackup({ degraded: 'missing_in_target' })] });
    assert.deepEqual(findMissingData(view), [
      {
        id: 'HarvesterVMBackupDataMissing',
        severity: 'warning',
        title: 'Data of 1 VMBackup of VM prod/db is gone from the backup target',
        subject: { namespace: 'prod', vm: 'db', vmbackups: ['nightly'] },
        evidence: [
          { label: 'VMBackups', value: 'nightly' },
          { label: '1 VMBackup', value: 'changed back to non-ready by Harvester' },
        ],
        explanation:
          'They are listed, but cannot be restored. Another cluster with the same target, a lifecycle rule of the bucket, or somebody in the Longhorn UI deleted the data.',
        remedy: {
          text: 'Make a new backup of the VM now. Then find who deletes in the target before you trust the others.',
          commands: [
            'kubectl get virtualmachinebackups.harvesterhci.io -n prod nightly -o \'jsonpath={range .status.conditions[*]}{.type}={.status} {.reason} {.message}{"\\n"}{end}\'',
            'kubectl get backups.longhorn.io -n longhorn-system --ignore-not-found backup-1c2d3e4f5a6b7c8d',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMBackupDataMissing.md',
      },
    ]);
  });

  it('leaves alone: a ready backup', () => {
    const view = aView({ vmBackups: [aVmBackup()] });
    assert.deepEqual(findMissingData(view), []);
  });
});
