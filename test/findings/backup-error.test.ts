import assert from 'node:assert/strict';
import { roots } from '../../src/findings/causes.ts';
import { findBackupErrors } from '../../src/findings/backup-error.ts';
import { reportOf } from '../../src/findings/report.ts';
import { MINUTE_MS, NOW_MS, aView, aVmBackup, aVmi, anErrorBackup, aVirtApi } from '../builders.ts';

describe('VMBackups in error', () => {
  it('are one finding for each VM, by cause', () => {
    const view = aView({
      vmBackups: [
        anErrorBackup({ errorMs: undefined }),
        anErrorBackup({ name: 'monthly', error: 'volumesnapshot_error' }),
        aVmBackup(),
      ],
    });
    assert.deepEqual(findBackupErrors(view), [
      {
        id: 'HarvesterVMBackupError',
        severity: 'warning',
        title: '2 VMBackups of VM prod/db are in error',
        subject: { namespace: 'prod', vm: 'db', vmbackups: ['monthly', 'weekly'] },
        evidence: [
          { label: 'VMBackups', value: 'monthly, weekly' },
          { label: '1 time', value: 'a VolumeSnapshot of it is in error state' },
          { label: '1 time', value: 'the Longhorn backup it points at does not exist' },
          { label: 'Failing for', value: '2 h' },
        ],
        explanation:
          'The VM has no backup of those moments: Longhorn could not snapshot or upload a volume. Its data is gone from the backup target; find out who deleted it.',
        remedy: {
          text: 'Read the errors, mend the cause, and delete what failed: a schedule counts failures, and Harvester refuses to change the target meanwhile.',
          commands: [
            'kubectl get virtualmachinebackups.harvesterhci.io -n prod -o \'jsonpath={range .items[?(@.status.error.message)]}{.metadata.name}{"\\t"}{.spec.source.name}{"\\t"}{.status.error.message}{"\\n"}{end}\'',
            'freezewatch break-loop --namespace prod --vm db',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMBackupError.md',
      },
    ]);
  });

  it('is no problem of its own where it drives a loop: it is shown under the loop', () => {
    const { findings } = reportOf(
      aView({ vmis: [aVmi()], vmBackups: [anErrorBackup()], virtApis: [aVirtApi()], virtHandlers: [] }),
    );
    const error = findings.find(({ id }) => id === 'HarvesterVMBackupError');
    assert.deepEqual(error?.causes, ['HarvesterVMFreezeLoop.prod.db.node-1']);
    assert.ok(!roots(findings).includes(error));
  });

  it('leaves alone: an error younger than an import may take', () => {
    const view = aView({ vmBackups: [anErrorBackup({ failedSinceMs: NOW_MS - 14 * MINUTE_MS })] });
    assert.deepEqual(findBackupErrors(view), []);
  });

  it('leaves alone: a ready backup', () => {
    const view = aView({ vmBackups: [aVmBackup()] });
    assert.deepEqual(findBackupErrors(view), []);
  });
});
