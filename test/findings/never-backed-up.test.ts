import assert from 'node:assert/strict';
import { findNeverBackedUp } from '../../src/findings/never-backed-up.ts';
import { DAY_MS, HOUR_MS, NOW_MS, aView, aVm, aVmBackup } from '../builders.ts';

describe('VMs without any backup', () => {
  it('are one finding for each namespace', () => {
    const view = aView({
      virtualMachines: [
        aVm({ createdMs: NOW_MS - 2 * DAY_MS }),
        aVm({ name: 'web', createdMs: NOW_MS - 2 * DAY_MS }),
        aVm({ name: 'backed-up', createdMs: 0 }),
      ],
      vmBackups: [aVmBackup({ vm: 'backed-up' })],
    });
    assert.deepEqual(findNeverBackedUp(view), [
      {
        id: 'HarvesterVMNeverBackedUp',
        severity: 'info',
        title: '2 VMs of namespace prod have no good backup at all',
        subject: { namespace: 'prod' },
        evidence: [{ label: '2 VMs', value: 'db, web' }],
        explanation:
          'Nobody made one that succeeded, and is still there. VMBackups and Longhorn Backups are looked at; those of other programs (Velero, Kasten) leave no mark that can be seen here.',
        remedy: {
          text: 'Schedule backups for those that matter.',
          commands: ['kubectl get schedulevmbackups.harvesterhci.io -n prod'],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMNeverBackedUp.md',
      },
    ]);
  });

  it('leaves alone: a VM of today', () => {
    const view = aView({ virtualMachines: [aVm({ createdMs: NOW_MS - HOUR_MS })] });
    assert.deepEqual(findNeverBackedUp(view), []);
  });
});
