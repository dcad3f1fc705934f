import { SUSPEND_CAUSES } from '../model/objects/schedule-vm-backup.ts';
import { businessHoursRuns, longestGapMs, nextRunMs } from '../model/backups/schedule.ts';
import { family, seconds } from './family.ts';

export const scheduleInfo = family({
  name: 'harvester_vmbackup_schedule_info',
  type: 'gauge',
  help: 'Constant 1; the VM, the type and the cron pattern of a ScheduleVMBackup.',
  labels: ['namespace', 'schedule', 'vm', 'type', 'cron'],
  *observe({ schedules }) {
    for (const { namespace, name: schedule, vm, type, cron } of schedules) {
      yield { labels: { namespace, schedule, vm, type, cron }, value: 1 };
    }
  },
});

export const scheduleSuspended = family({
  name: 'harvester_vmbackup_schedule_suspended',
  type: 'gauge',
  help: '1 for the cause a schedule is suspended by: a user, too many failures, or a backup target that could not be reached.',
  labels: ['namespace', 'schedule', 'cause'],
  *observe({ schedules }) {
    for (const { namespace, name: schedule, suspendedBy } of schedules) {
      for (const cause of SUSPEND_CAUSES) {
        yield { labels: { namespace, schedule, cause }, value: Number(cause === suspendedBy) };
      }
    }
  },
});

export const scheduleFailures = family({
  name: 'harvester_vmbackup_schedule_failures',
  type: 'gauge',
  help: 'Failed backups of a schedule since the last good one.',
  labels: ['namespace', 'schedule'],
  *observe({ schedules }) {
    for (const { namespace, name: schedule, failures } of schedules) {
      yield { labels: { namespace, schedule }, value: failures };
    }
  },
});

export const scheduleMaxFailures = family({
  name: 'harvester_vmbackup_schedule_max_failures',
  type: 'gauge',
  help: 'Failures in a row at which Harvester suspends a schedule.',
  labels: ['namespace', 'schedule'],
  *observe({ schedules }) {
    for (const { namespace, name: schedule, maxFailures } of schedules) {
      yield { labels: { namespace, schedule }, value: maxFailures };
    }
  },
});

export const scheduleInterval = family({
  name: 'harvester_vmbackup_schedule_interval_seconds',
  type: 'gauge',
  help: "Longest time between two runs of a schedule's cron pattern; absent if the pattern never runs twice.",
  labels: ['namespace', 'schedule'],
  *observe({ schedules }) {
    for (const { namespace, name: schedule, cron } of schedules) {
      const gap = longestGapMs(cron);
      if (gap !== undefined) yield { labels: { namespace, schedule }, value: seconds(gap) };
    }
  },
});

export const scheduleNextRun = family({
  name: 'harvester_vmbackup_schedule_next_run_timestamp_seconds',
  type: 'gauge',
  help: 'Next run of a schedule, in UTC as the controller keeps it; absent while it is suspended.',
  labels: ['namespace', 'schedule'],
  *observe({ schedules, nowMs }) {
    for (const { namespace, name: schedule, cron, suspendedBy, createdMs } of schedules) {
      const next = suspendedBy === undefined ? nextRunMs(cron, nowMs, createdMs) : undefined;
      if (next !== undefined) yield { labels: { namespace, schedule }, value: seconds(next) };
    }
  },
});

export const scheduleBusinessHoursRuns = family({
  name: 'harvester_vmbackup_schedule_business_hours_runs',
  type: 'gauge',
  help: 'Runs of a schedule in the next 7 days that begin inside --business-hours; 0 while it is suspended, absent unless the hours are set.',
  labels: ['namespace', 'schedule'],
  *observe({ schedules, nowMs, businessHours }) {
    if (businessHours === undefined) return;
    for (const { namespace, name: schedule, cron, suspendedBy, createdMs } of schedules) {
      const runs = suspendedBy === undefined ? businessHoursRuns(cron, businessHours, nowMs, createdMs) : 0;
      if (runs !== undefined) yield { labels: { namespace, schedule }, value: runs };
    }
  },
});
