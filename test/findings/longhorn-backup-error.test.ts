import assert from 'node:assert/strict';
import { findLonghornBackupErrors } from '../../src/findings/longhorn-backup-error.ts';
import { HOUR_MS, MINUTE_MS, NOW_MS, aLonghornBackup, aView, aVm, anErrorBackup } from '../builders.ts';

const failed = (overrides: Parameters<typeof aLonghornBackup>[0] = {}) =>
  aLonghornBackup({ name: 'backup-e1', state: 'Error', createdMs: NOW_MS - HOUR_MS, ...overrides });

describe('Longhorn Backups that failed without a VMBackup', () => {
  it('are one finding for each VM, with the jobs that made them', () => {
    const view = aView({
      virtualMachines: [aVm()],
      longhornBackups: [
        failed({ recurringJob: 'daily' }),
        failed({ name: 'backup-e2', createdMs: NOW_MS - 3 * HOUR_MS, recurringJob: 'daily' }),
        aLonghornBackup(),
      ],
    });
    assert.deepEqual(findLonghornBackupErrors(view), [
      {
        id: 'HarvesterLonghornBackupError',
        severity: 'warning',
        title: '2 Longhorn Backups of VM prod/db failed',
        subject: { namespace: 'prod', vm: 'db' },
        evidence: [
          { label: 'Longhorn Backups', value: 'backup-e1, backup-e2' },
          { label: '1 volume', value: 'pvc-1' },
          { label: 'Made by recurring jobs', value: 'daily' },
          { label: 'The newest began', value: '1 h ago' },
        ],
        explanation:
          'No VMBackup reports them: they are those of Longhorn’s own recurring jobs or UI, or were left by a VMBackup that is gone. Longhorn removes a failed one after a day.',
        remedy: {
          text: 'Read why. Errors of the store (credentials, certificate, clock) fail the next VMBackups as well.',
          commands: [
            "kubectl get backups.longhorn.io -n longhorn-system -o 'custom-columns=NAME:.metadata.name,STATE:.status.state,ERROR:.status.error'",
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterLonghornBackupError.md',
      },
    ]);
  });

  it('are told of volumes that no VM uses', () => {
    const [finding] = findLonghornBackupErrors(aView({ longhornBackups: [failed({ claim: undefined })] }));
    assert.equal(finding?.title, '1 Longhorn Backup of volumes of no VM failed');
    assert.deepEqual(finding.subject, { namespace: 'longhorn-system' });
  });

  it('leaves alone: what a VMBackup in error reports, and what failed a moment ago', () => {
    const view = (overrides = {}) =>
      aView({ virtualMachines: [aVm()], longhornBackups: [failed(overrides)] });
    assert.deepEqual(findLonghornBackupErrors(view({ createdMs: NOW_MS - 14 * MINUTE_MS })), []);
    const reported = aView({
      virtualMachines: [aVm()],
      longhornBackups: [failed()],
      vmBackups: [anErrorBackup()],
    });
    assert.deepEqual(findLonghornBackupErrors(reported), []);
  });
});
