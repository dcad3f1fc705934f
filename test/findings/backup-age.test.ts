import assert from 'node:assert/strict';
import { findStaleBackups } from '../../src/findings/backup-age.ts';
import { HOUR_MS, NOW_MS, aLonghornBackup, aSchedule, aView, aVm, aVmBackup } from '../builders.ts';

describe('a stale backup', () => {
  it('is found when two runs of the schedule made none', () => {
    const view = aView({
      virtualMachines: [aVm()],
      schedules: [aSchedule()],
      vmBackups: [aVmBackup({ completedMs: NOW_MS - 50 * HOUR_MS })],
    });
    assert.deepEqual(findStaleBackups(view), [
      {
        id: 'HarvesterVMBackupStale',
        severity: 'warning',
        title: 'The newest backup of VM prod/db is 2 d 2 h old',
        subject: { namespace: 'prod', vm: 'db', vmbackups: ['nightly'] },
        evidence: [
          { label: 'Last good one', value: '2025-03-03 10:00:00 UTC, 2 d 2 h ago' },
          { label: 'Scheduled at least every', value: '1 d' },
        ],
        explanation:
          'Its schedule should have made at least two more since: runs fail, or are dropped while one is stuck.',
        remedy: {
          text: 'See what its schedule did last.',
          commands: [
            'kubectl get schedulevmbackups.harvesterhci.io -n prod',
            'kubectl get virtualmachinebackups.harvesterhci.io -n prod --sort-by=.metadata.creationTimestamp',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMBackupStale.md',
      },
    ]);
  });

  it('is found when a daily schedule of three days made none at all', () => {
    const schedules = [aSchedule({ createdMs: NOW_MS - 72 * HOUR_MS })];
    const [finding] = findStaleBackups(aView({ virtualMachines: [aVm()], schedules }));
    assert.deepEqual(
      { title: finding?.title, evidence: finding?.evidence },
      {
        title: 'VM prod/db has no good backup, though its schedule has run for days',
        evidence: [
          { label: 'Last good one', value: 'never' },
          { label: 'Scheduled at least every', value: '1 d' },
        ],
      },
    );
  });

  it('leaves alone: a schedule of yesterday that made none yet, and a weekly one', () => {
    const young = aSchedule({ createdMs: NOW_MS - 47 * HOUR_MS });
    const weekly = aSchedule({ createdMs: NOW_MS - 72 * HOUR_MS, cron: '0 2 * * 0' });
    assert.deepEqual(
      [young, weekly].map((each) => findStaleBackups(aView({ virtualMachines: [aVm()], schedules: [each] }))),
      [[], []],
    );
  });

  it('is found when only Longhorn made one, days ago', () => {
    const findings = findStaleBackups(
      aView({
        virtualMachines: [aVm()],
        schedules: [aSchedule()],
        longhornBackups: [aLonghornBackup({ backupCreatedMs: NOW_MS - 72 * HOUR_MS })],
      }),
    );
    assert.deepEqual(
      findings.map(({ title, evidence }) => ({ title, evidence })),
      [
        {
          title: 'VM prod/db has no VMBackup, and what Longhorn made itself is old',
          evidence: [
            { label: 'Last good one', value: 'never' },
            { label: 'Scheduled at least every', value: '1 d' },
            {
              label: 'Last Longhorn Backups without a VMBackup',
              value: '2025-03-02 12:00:00 UTC, 3 d ago',
            },
          ],
        },
      ],
    );
  });

  it('leaves alone: one missed run', () => {
    const view = aView({
      virtualMachines: [aVm()],
      schedules: [aSchedule()],
      vmBackups: [aVmBackup({ completedMs: NOW_MS - 48 * HOUR_MS })],
    });
    assert.deepEqual(findStaleBackups(view), []);
  });

  it('leaves alone: a suspended schedule, which is found by itself', () => {
    const view = aView({
      virtualMachines: [aVm()],
      schedules: [aSchedule({ suspendedBy: 'failures' })],
      vmBackups: [aVmBackup({ completedMs: NOW_MS - 50 * HOUR_MS })],
    });
    assert.deepEqual(findStaleBackups(view), []);
  });

  it('leaves alone: a VM without a schedule', () => {
    const view = aView({
      virtualMachines: [aVm()],
      vmBackups: [aVmBackup({ completedMs: NOW_MS - 50 * HOUR_MS })],
    });
    assert.deepEqual(findStaleBackups(view), []);
  });
});
