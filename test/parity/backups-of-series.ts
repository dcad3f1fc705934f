import type { DegradedReason } from '../../src/model/objects/degraded-reason.ts';
import type { LonghornBackup } from '../../src/model/objects/longhorn.ts';
import type { VirtualMachine } from '../../src/model/objects/virtual-machine.ts';
import type { VmBackup } from '../../src/model/objects/vm-backup.ts';
import { aLonghornBackup, aVm, aVmBackup, DAY_MS, MINUTE_MS, NOW_MS } from '../builders.ts';
import { type Course, grewAtMinute, sinceMinute, valueAt } from './courses.ts';
import { keyOfVm, msOf } from './freezes-of-series.ts';

const LAST_BACKUP = 'harvester_vm_last_backup_timestamp_seconds';
const LAST_OF_LONGHORN = 'harvester_vm_last_longhorn_backup_timestamp_seconds';
const LONGHORN_PROBLEM = 'harvester_longhorn_backup_problem';
/** Older than anything that still goes on: no size of an upload explains it. */
const LONG_AGO_MS = NOW_MS - 100 * DAY_MS;

const present = (courses: readonly Course[], name: string, minute: number): readonly Course[] =>
  courses.filter((course) => course.name === name && valueAt(course, minute) !== undefined);

const sinceMs = (course: Course, minute: number): number => msOf(sinceMinute(course, minute) ?? minute);

/** VMs whose backups are told of. */
export function virtualMachinesAt(courses: readonly Course[], minute: number): readonly VirtualMachine[] {
  const told = [LAST_BACKUP, LAST_OF_LONGHORN, LONGHORN_PROBLEM].flatMap((name) =>
    present(courses, name, minute),
  );
  const vms = new Map<string, VirtualMachine>();
  for (const course of told.filter(({ labels }) => labels.vm !== '')) {
    const { namespace = '', vm = '' } = course.labels;
    const createdMs = Math.min(vms.get(keyOfVm(course))?.createdMs ?? Infinity, sinceMs(course, minute));
    vms.set(keyOfVm(course), aVm({ namespace, name: vm, createdMs, claims: [`${vm}-disk-0`] }));
  }
  return [...vms.values()];
}

/** VMBackups that are good, that run, or that are in trouble at a minute. */
export function vmBackupsAt(courses: readonly Course[], minute: number): readonly VmBackup[] {
  const problems = present(courses, 'harvester_vmbackup_problem', minute);
  const running = present(courses, 'harvester_vmbackups', minute).filter(
    ({ labels }) => labels.state === 'in_progress',
  );
  return [
    ...present(courses, LAST_BACKUP, minute).flatMap((course) => lastBackup(course, minute)),
    ...running.flatMap((course) => runningBackups(course, minute)),
    ...problems.map((course) => brokenBackup(courses, course, minute)),
  ];
}

function lastBackup(course: Course, minute: number): readonly VmBackup[] {
  const { namespace = '', vm = '', type } = course.labels;
  const seconds = valueAt(course, minute) ?? 0;
  if (seconds === 0) return [];
  const completedMs = NOW_MS + seconds * 1_000;
  const name = `last-${type ?? ''}-of-${vm}`;
  return [
    aVmBackup({ namespace, name, vm, type: type === 'snapshot' ? type : 'backup', completedMs, volumes: [] }),
  ];
}

/** The n-th of them runs since n of them run. */
function runningBackups(course: Course, minute: number): readonly VmBackup[] {
  const { namespace = '' } = course.labels;
  return Array.from({ length: valueAt(course, minute) ?? 0 }, (_, index) => {
    const createdMs = msOf(sinceMinute(course, minute, (value) => value > index) ?? minute);
    const name = `running-${String(index)}`;
    return aVmBackup({ ...UNREADY, namespace, name, vm: name, createdMs });
  });
}

const UNREADY = { readyToUse: false, completedMs: undefined, progress: 0, volumes: [] } as const;

function brokenBackup(courses: readonly Course[], problem: Course, minute: number): VmBackup {
  const { namespace = '', vm = '', vmbackup: name = '', state, reason = '', origin } = problem.labels;
  const of = (metric: string): Course | undefined =>
    courses.find(
      (course) =>
        course.name === metric && course.labels.vmbackup === name && keyOfVm(course) === keyOfVm(problem),
    );
  const writes = of('harvester_vmbackup_writes_total');
  const writtenAt = writes === undefined ? undefined : grewAtMinute(writes, minute);
  const freezes = of('harvester_vmbackup_freezes_guest');
  const known = { namespace, vm, name, imported: origin === 'imported', createdMs: LONG_AGO_MS, volumes: [] };
  const failedSinceMs = sinceMs(problem, minute);
  if (state === 'deleting') return aVmBackup({ ...known, deletingSinceMs: failedSinceMs - 16 * MINUTE_MS });
  if (state === 'in_progress') return aVmBackup({ ...known, ...UNREADY });
  // What dangles is shown as what Harvester found missing itself: both are judged to be lost.
  if (state !== 'error') return aVmBackup({ ...known, ...lossOf(reason) });
  return aVmBackup({
    ...known,
    ...UNREADY,
    failed: true,
    failedSinceMs,
    error: reason === 'lh_backup_not_found' ? reason : reason === 'stuck' ? undefined : 'other',
    errorMs: writtenAt === undefined ? undefined : msOf(writtenAt),
    freezeAnnotation: freezes !== undefined && valueAt(freezes, minute) === 1,
    ...(reason === 'stuck'
      ? { volumes: [{ name: 'disk-0', volume: 'pvc-1', longhornBackup: hangingName(name) }] }
      : {}),
  });
}

const REASONS: readonly DegradedReason[] = ['missing_in_target', 'lh_backup_missing', 'target_unreachable'];

/** In another target, where the present one is that of the builders. */
function lossOf(reason: string): Partial<VmBackup> {
  if (reason === 'other_target')
    return {
      degraded: 'missing_in_target',
      location: { endpoint: 'https://other.example.net', bucket: 'other' },
    };
  return { degraded: REASONS.find((known) => known === reason) ?? 'other' };
}

const hangingName = (vmbackup: string): string => `backup-of-${vmbackup}`;

/** Longhorn Backups that failed, hang beside a VMBackup in error, or were made without one. */
export function longhornBackupsAt(courses: readonly Course[], minute: number): readonly LonghornBackup[] {
  const failed = present(courses, LONGHORN_PROBLEM, minute).map((course) => {
    const { backup: name = '', volume = '', namespace = '', vm = '', state } = course.labels;
    const createdMs = sinceMs(course, minute);
    const claim = vm === '' ? undefined : { namespace, name: `${vm}-disk-0` };
    return aLonghornBackup({ name, volume, createdMs, claim, state: state === 'Error' ? state : 'Unknown' });
  });
  const hanging = present(courses, 'harvester_vmbackup_problem', minute)
    .filter(({ labels }) => labels.state === 'error' && labels.reason === 'stuck')
    .map(({ labels: { vmbackup = '' } }) =>
      aLonghornBackup({
        name: hangingName(vmbackup),
        state: 'InProgress',
        progress: 0,
        createdMs: LONG_AGO_MS,
        sizeBytes: 0,
      }),
    );
  const own = present(courses, LAST_OF_LONGHORN, minute).map((course) => {
    const { namespace = '', vm = '' } = course.labels;
    return aLonghornBackup({
      name: `own-of-${vm}`,
      volume: `pvc-of-${vm}`,
      claim: { namespace, name: `${vm}-disk-0` },
      backupCreatedMs: NOW_MS + (valueAt(course, minute) ?? 0) * 1_000,
    });
  });
  return [...failed, ...hanging, ...own];
}
