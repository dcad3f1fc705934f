import type { ScheduleVmBackup } from '../model/objects/schedule-vm-backup.ts';
import type { ClusterView } from '../model/view.ts';
import { type Finding, runbookOf } from './finding.ts';
import { listBackupErrors } from './kubectl.ts';
import { commandLine } from './shell-word.ts';

/** Schedules that Harvester suspended, and those it will suspend at their next failure. */
export function findScheduleTrouble({ schedules }: ClusterView): readonly Finding[] {
  const sorted = [...schedules].sort((a, b) => fullName(a).localeCompare(fullName(b)));
  const suspended = sorted.filter(
    ({ suspendedBy }) => suspendedBy === 'failures' || suspendedBy === 'target',
  );
  const near = sorted.filter(
    ({ suspendedBy, failures, maxFailures }) => suspendedBy === undefined && failures >= maxFailures - 1,
  );
  return [...suspended.map(suspendedFinding), ...near.map(nearFinding)];
}

const fullName = ({ namespace, name }: ScheduleVmBackup): string => `${namespace}/${name}`;

const subjectOf = ({ namespace, name: schedule, vm }: ScheduleVmBackup) => ({ namespace, schedule, vm });

const failuresOf = ({ failures, maxFailures }: ScheduleVmBackup) => ({
  label: 'Failures in a row',
  value: `${failures}, suspended at ${maxFailures}`,
});

const showSchedule = ({ namespace, name }: ScheduleVmBackup): string =>
  commandLine('kubectl', 'get', 'schedulevmbackups.harvesterhci.io', '-n', namespace, name, '-o', 'yaml');

function suspendedFinding(schedule: ScheduleVmBackup): Finding {
  const { namespace, name, vm, suspendedBy, failures, maxFailures } = schedule;
  const byTarget = suspendedBy === 'target';
  const deletes = failures >= maxFailures ? ' Resuming deletes the failed VMBackups of the schedule.' : '';
  return {
    id: 'HarvesterVMBackupScheduleSuspended',
    severity: 'warning',
    title: `Schedule ${fullName(schedule)} is suspended: VM ${vm} gets no more backups`,
    subject: subjectOf(schedule),
    evidence: [
      {
        label: 'Suspended',
        value: byTarget ? 'because the target could not be reached' : 'because too many runs failed',
      },
      failuresOf(schedule),
    ],
    explanation: 'Harvester suspended it and does not resume it by itself, even when the cause is mended.',
    remedy: {
      text: `Mend the cause first, then resume the schedule.${deletes}`,
      commands: [
        showSchedule(schedule),
        listBackupErrors(namespace),
        commandLine(
          'kubectl',
          'patch',
          'schedulevmbackups.harvesterhci.io',
          '-n',
          namespace,
          name,
          '--type',
          'merge',
          '-p',
          '{"spec":{"suspend":false}}',
        ),
      ],
    },
    runbook: runbookOf('HarvesterVMBackupScheduleSuspended'),
  };
}

function nearFinding(schedule: ScheduleVmBackup): Finding {
  return {
    id: 'HarvesterVMBackupScheduleNearSuspension',
    severity: 'warning',
    title: `Schedule ${fullName(schedule)} is suspended if it fails once more`,
    subject: subjectOf(schedule),
    evidence: [failuresOf(schedule)],
    explanation: 'Each failed run counts, and only a good one sets the count back.',
    remedy: {
      text: 'Mend what fails before the next run.',
      commands: [showSchedule(schedule), listBackupErrors(schedule.namespace)],
    },
    runbook: runbookOf('HarvesterVMBackupScheduleNearSuspension'),
  };
}
