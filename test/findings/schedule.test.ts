import assert from 'node:assert/strict';
import { findScheduleTrouble } from '../../src/findings/schedule.ts';
import { aSchedule, aView } from '../builders.ts';

describe('trouble of a schedule', () => {
  it('is found when Harvester suspended it, or is about to', () => {
    const view = aView({
      schedules: [
        aSchedule({ failures: 4, suspendedBy: 'failures' }),
        aSchedule({ name: 'hourly', failures: 1, suspendedBy: 'target' }),
        aSchedule({ name: 'weekly', failures: 3 }),
      ],
    });
    assert.deepEqual(findScheduleTrouble(view), [
      {
        id: 'HarvesterVMBackupScheduleSuspended',
        severity: 'warning',
        title: 'Schedule prod/hourly is suspended: VM db gets no more backups',
        subject: { namespace: 'prod', schedule: 'hourly', vm: 'db' },
        evidence: [
          { label: 'Suspended', value: 'because the target could not be reached' },
          { label: 'Failures in a row', value: '1, suspended at 4' },
        ],
        explanation:
          'Harvester suspended it and does not resume it by itself, even when the cause is mended.',
        remedy: {
          text: 'Mend the cause first, then resume the schedule.',
          commands: [
            'kubectl get schedulevmbackups.harvesterhci.io -n prod hourly -o yaml',
            'kubectl get virtualmachinebackups.harvesterhci.io -n prod -o \'jsonpath={range .items[?(@.status.error.message)]}{.metadata.name}{"\\t"}{.spec.source.name}{"\\t"}{.status.error.message}{"\\n"}{end}\'',
            'kubectl patch schedulevmbackups.harvesterhci.io -n prod hourly --type merge -p \'{"spec":{"suspend":false}}\'',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMBackupScheduleSuspended.md',
      },
      {
        id: 'HarvesterVMBackupScheduleSuspended',
        severity: 'warning',
        title: 'Schedule prod/nightly is suspended: VM db gets no more backups',
        subject: { namespace: 'prod', schedule: 'nightly', vm: 'db' },
        evidence: [
          { label: 'Suspended', value: 'because too many runs failed' },
          { label: 'Failures in a row', value: '4, suspended at 4' },
        ],
        explanation:
          'Harvester suspended it and does not resume it by itself, even when the cause is mended.',
        remedy: {
          text: 'Mend the cause first, then resume the schedule. Resuming deletes the failed VMBackups of the schedule.',
          commands: [
            'kubectl get schedulevmbackups.harvesterhci.io -n prod nightly -o yaml',
            'kubectl get virtualmachinebackups.harvesterhci.io -n prod -o \'jsonpath={range .items[?(@.status.error.message)]}{.metadata.name}{"\\t"}{.spec.source.name}{"\\t"}{.status.error.message}{"\\n"}{end}\'',
            'kubectl patch schedulevmbackups.harvesterhci.io -n prod nightly --type merge -p \'{"spec":{"suspend":false}}\'',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMBackupScheduleSuspended.md',
      },
      {
        id: 'HarvesterVMBackupScheduleNearSuspension',
        severity: 'warning',
        title: 'Schedule prod/weekly is suspended if it fails once more',
        subject: { namespace: 'prod', schedule: 'weekly', vm: 'db' },
        evidence: [{ label: 'Failures in a row', value: '3, suspended at 4' }],
        explanation: 'Each failed run counts, and only a good one sets the count back.',
        remedy: {
          text: 'Mend what fails before the next run.',
          commands: [
            'kubectl get schedulevmbackups.harvesterhci.io -n prod weekly -o yaml',
            'kubectl get virtualmachinebackups.harvesterhci.io -n prod -o \'jsonpath={range .items[?(@.status.error.message)]}{.metadata.name}{"\\t"}{.spec.source.name}{"\\t"}{.status.error.message}{"\\n"}{end}\'',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMBackupScheduleNearSuspension.md',
      },
    ]);
  });

  it('leaves alone: one that a person suspended', () => {
    const view = aView({ schedules: [aSchedule({ suspendedBy: 'user', failures: 4 })] });
    assert.deepEqual(findScheduleTrouble(view), []);
  });

  it('leaves alone: one with failures to spare', () => {
    const view = aView({ schedules: [aSchedule({ failures: 2 })] });
    assert.deepEqual(findScheduleTrouble(view), []);
  });
});
