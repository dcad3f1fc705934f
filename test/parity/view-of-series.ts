import type { Series } from '../../bench/backtest/trace.ts';
import type { ScheduleVmBackup } from '../../src/model/objects/schedule-vm-backup.ts';
import type { VmRestore } from '../../src/model/objects/vm-restore.ts';
import type { ClusterView, SourceReport } from '../../src/model/view.ts';
import {
  aBackupTarget,
  aRestore,
  aSchedule,
  aTargetSetting,
  aView,
  aVirtApi,
  aVirtHandler,
  aVmi,
  DAY_MS,
  MINUTE_MS,
  NOW_MS,
} from '../builders.ts';
import { longhornBackupsAt, virtualMachinesAt, vmBackupsAt } from './backups-of-series.ts';
import { type Course, coursesOf, sinceMinute, valueAt } from './courses.ts';
import { freezesAt, freezeSteps, msOf, SOURCE_UP, vmisAt } from './freezes-of-series.ts';
import { virtHandlersAt } from './virt-handlers-of-series.ts';

/** What a cluster must hold to expose such series, minute by minute. Nothing is wrong with what no series tells. */
export function viewsOfSeries(series: readonly Series[]): (minute: number) => ClusterView {
  const courses = coursesOf(series);
  const steps = freezeSteps(courses);
  const ofHandlers = courses.filter(({ labels }) => labels.pod !== undefined);
  return (minute) => {
    const objects = new Map(
      named(courses, 'freezewatch_objects').map((course) => [
        course.labels.resource,
        valueAt(course, minute),
      ]),
    );
    const running = objects.get('virtualmachineinstances');
    const vmis = vmisAt(courses, minute);
    return aView({
      nowMs: msOf(minute),
      ...freezesAt(courses, steps, minute),
      vmis:
        running === undefined
          ? vmis
          : Array.from({ length: running }, (_, index) => aVmi({ name: `vm-${String(index)}` })),
      virtApis: objects.get('virt_api_pods') === 0 ? [] : [aVirtApi()],
      ...(objects.has('virt_handler_pods')
        ? { virtHandlers: objects.get('virt_handler_pods') === 0 ? [] : [aVirtHandler()] }
        : virtHandlersAt(ofHandlers, minute)),
      virtualMachines: virtualMachinesAt(courses, minute),
      vmBackups: vmBackupsAt(courses, minute),
      longhornBackups: longhornBackupsAt(courses, minute),
      schedules: schedulesAt(courses, minute),
      businessHours: { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1_080, timeZone: 'UTC' },
      restores: restoresAt(courses, minute),
      ...targetAt(courses, minute),
      sources: sourcesAt(courses, minute),
      exporter: {
        ...aView().exporter,
        logStreamsSkipped: newest(named(courses, 'freezewatch_log_streams_skipped'), minute) ?? 0,
      },
    });
  };
}

const named = (courses: readonly Course[], wanted: string): readonly Course[] =>
  courses.filter(({ name }) => name === wanted);

const newest = ([course]: readonly Course[], minute: number): number | undefined =>
  course === undefined ? undefined : valueAt(course, minute);

/** Those of business hours run at ten in the morning, and say nothing else. */
function schedulesAt(courses: readonly Course[], minute: number): readonly ScheduleVmBackup[] {
  const told = courses.filter(({ labels }) => labels.schedule !== undefined);
  const names = new Set(
    told.filter((course) => valueAt(course, minute) !== undefined).map(({ labels }) => labels.schedule ?? ''),
  );
  return [...names].map((name) => {
    const own = told.filter(({ labels }) => labels.schedule === name);
    const of = (metric: string) => named(own, `harvester_vmbackup_schedule_${metric}`);
    const [info] = of('info');
    const isBusy = (newest(of('business_hours_runs'), minute) ?? 0) > 0;
    const cause = of('suspended').find((course) => valueAt(course, minute) === 1)?.labels.cause;
    const since = own.flatMap((course) => sinceMinute(course, minute) ?? []);
    return aSchedule({
      name,
      namespace: own[0]?.labels.namespace ?? '',
      createdMs: msOf(Math.min(...since)),
      vm: info?.labels.vm ?? 'db',
      cron: info?.labels.cron ?? (isBusy ? '0 10 * * *' : '0 2 * * *'),
      failures: newest(of('failures'), minute) ?? 0,
      maxFailures: newest(of('max_failures'), minute) ?? 4,
      suspendedBy: (['failures', 'target', 'user'] as const).find((known) => known === cause),
    });
  });
}

function restoresAt(courses: readonly Course[], minute: number): readonly VmRestore[] {
  const troubled = named(courses, 'harvester_vmrestore_problem')
    .filter((course) => valueAt(course, minute) !== undefined)
    .map(({ labels: { namespace = '', vm = '', vmrestore: name = '', reason } }) => {
      const course = { complete: false, progress: 0, createdMs: NOW_MS - 100 * DAY_MS };
      return aRestore({ namespace, name, targetVm: vm, failed: reason === 'error', ...course });
    });
  const verified = named(courses, 'harvester_vm_last_verified_restore_timestamp_seconds').map((course) => {
    const { namespace = '', vm = '' } = course.labels;
    const restoredMs = NOW_MS + (valueAt(course, minute) ?? 0) * 1_000;
    return aRestore({
      namespace,
      name: `of-${vm}`,
      vmBackupNamespace: namespace,
      targetVm: vm,
      newVm: false,
      restoredMs,
    });
  });
  return [...troubled, ...verified];
}

/** Harvester's target, where a series tells of one or a VMBackup is said to be in another. */
function targetAt(courses: readonly Course[], minute: number) {
  const lastSyncedMs = msOf(minute) - MINUTE_MS;
  if (newest(named(courses, 'harvester_backup_target_misconfigured'), minute) === 1)
    return { targetSettings: [aTargetSetting()] };
  const available = newest(named(courses, 'harvester_backup_target_available'), minute);
  if (available !== undefined)
    return {
      targetSettings: [aTargetSetting()],
      backupTargets: [aBackupTarget({ available: available === 1, lastSyncedMs })],
    };
  return courses.some(({ labels }) => labels.reason === 'other_target')
    ? { targetSettings: [aTargetSetting()], backupTargets: [aBackupTarget({ lastSyncedMs })] }
    : {};
}

function sourcesAt(courses: readonly Course[], minute: number): readonly SourceReport[] {
  return named(courses, SOURCE_UP).map((course) => {
    const up = valueAt(course, minute) === 1;
    const down = sinceMinute(course, minute, (value) => value === 0);
    const lastSuccessMs = up ? msOf(minute) : down === undefined || down === 0 ? undefined : msOf(down - 1);
    return { source: course.labels.source ?? '', up, lastSuccessMs, errors: new Map() };
  });
}
