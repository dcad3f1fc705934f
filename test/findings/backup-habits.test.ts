import assert from 'node:assert/strict';
import {
  findBusinessHoursRuns,
  findConcurrentBackups,
  findUnverifiedBackups,
} from '../../src/findings/backup-habits.ts';
import {
  DAY_MS,
  MINUTE_MS,
  NOW_MS,
  aRestore,
  aSchedule,
  aView,
  aVm,
  aVmBackup,
  unavailable,
} from '../builders.ts';

const titles = (findings: readonly { readonly id: string; readonly title: string }[]) =>
  findings.map(({ id, title }) => `${id}: ${title}`);

describe('many backups at a time', () => {
  const running = (count: number, minutes: number) =>
    aView({
      vmBackups: Array.from({ length: count }, (_, index) =>
        aVmBackup({
          name: `b-${index}`,
          vm: `vm-${index}`,
          readyToUse: false,
          createdMs: NOW_MS - minutes * MINUTE_MS,
        }),
      ),
    });

  it('are found from the sixth on, after half an hour', () => {
    assert.deepEqual(titles(findConcurrentBackups(running(6, 30))), [
      'HarvesterVMBackupsConcurrent: 6 backups of namespace prod run at the same time',
    ]);
    assert.deepEqual(findConcurrentBackups(running(5, 30)), []);
    assert.deepEqual(findConcurrentBackups(running(6, 29)), []);
  });
});

describe('backups that were never restored', () => {
  const view = (overrides: Parameters<typeof aView>[0] = {}) =>
    aView({ virtualMachines: [aVm()], vmBackups: [aVmBackup()], ...overrides });

  it('are one finding for each namespace', () => {
    assert.deepEqual(titles(findUnverifiedBackups(view())), [
      'HarvesterVMBackupUnverified: Backups of 1 VM of namespace prod were not restored in the last 90 d',
    ]);
  });

  it('are proved by a restore for 90 days', () => {
    const restored = (days: number) =>
      findUnverifiedBackups(view({ restores: [aRestore({ restoredMs: NOW_MS - days * DAY_MS })] })).length;
    assert.deepEqual([restored(90), restored(91)], [0, 1]);
  });

  it('are not judged while restores cannot be read, nor for a VM without a backup', () => {
    assert.deepEqual(findUnverifiedBackups(view({ restores: unavailable() })), []);
    assert.deepEqual(findUnverifiedBackups(view({ vmBackups: [] })), []);
  });
});

describe('schedules in business hours', () => {
  const businessHours = { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1_080, timeZone: 'UTC' };
  const noon = aSchedule({ cron: '0 12 * * *' });

  it('are one finding for each namespace, with their runs', () => {
    const [finding] = findBusinessHoursRuns(aView({ businessHours, schedules: [noon] }));
    assert.equal(finding?.title, '1 schedule of namespace prod runs in business hours');
    assert.deepEqual(finding.evidence, [
      { label: 'nightly', value: 'VM db, 0 12 * * *: 5 runs in the next 7 days' },
    ]);
  });

  it('leaves alone: runs of the night, a suspended one, and all where no hours are set', () => {
    assert.deepEqual(findBusinessHoursRuns(aView({ businessHours, schedules: [aSchedule()] })), []);
    const suspended = aSchedule({ ...noon, suspendedBy: 'user' });
    assert.deepEqual(findBusinessHoursRuns(aView({ businessHours, schedules: [suspended] })), []);
    assert.deepEqual(findBusinessHoursRuns(aView({ schedules: [noon] })), []);
  });
});
