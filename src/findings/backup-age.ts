import { groupBy } from '../model/group-by.ts';
import { STALE_BACKUP } from '../model/thresholds.ts';
import { longestGapMs } from '../model/backups/schedule.ts';
import type { ClusterView } from '../model/view.ts';
import { type BackupHistory, backupHistories, completionMs } from '../model/backups/vm-backup-history.ts';
import { longhornCoverage } from '../model/backups/longhorn-coverage.ts';
import { type Evidence, type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { ago, counted, duration, listed, moment } from './wording.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** VMs whose newest backup is older than two intervals of their schedule. */
export function findStaleBackups(view: ClusterView): readonly Finding[] {
  const promises = promisedIntervals(view);
  return backupHistories(view)
    .flatMap((history) => {
      const { namespace, vm, type, newest } = history;
      const intervalMs = promises.get(`${namespace}/${vm}/${type}`);
      const lastMs = newest === undefined ? undefined : completionMs(newest);
      if (intervalMs === undefined || lastMs === undefined) return [];
      const longhornMs = type === 'backup' ? longhornLastMs(view, namespace, vm) : undefined;
      return view.nowMs - Math.max(lastMs, longhornMs ?? 0) >
        STALE_BACKUP.intervals * intervalMs + STALE_BACKUP.slackHours * HOUR_MS
        ? [staleFinding(view, history, lastMs, intervalMs)]
        : [];
    })
    .sort((a, b) => a.title.localeCompare(b.title));
}

/** When Longhorn itself last backed up all disks of a VM; undefined: never. */
const longhornLastMs = (view: ClusterView, namespace: string, vm: string): number | undefined =>
  longhornCoverage(view).get(`${namespace}/${vm}`)?.completedMs;

/** The shortest interval scheduled for a VM and type; none while Harvester suspended a schedule of it, which is found by itself. One that its user suspended is found by nothing else. */
function promisedIntervals({ schedules }: ClusterView): ReadonlyMap<string, number> {
  const byVm = groupBy(schedules, ({ namespace, vm, type }) => `${namespace}/${vm}/${type}`);
  return new Map(
    [...byVm].flatMap(([key, ofVm]): readonly (readonly [string, number])[] => {
      if (ofVm.some(({ suspendedBy }) => suspendedBy === 'failures' || suspendedBy === 'target')) return [];
      const gaps = ofVm.flatMap(({ cron }) => longestGapMs(cron) ?? []);
      return gaps.length === 0 ? [] : [[key, Math.min(...gaps)]];
    }),
  );
}

function staleFinding(
  view: ClusterView,
  { namespace, vm, type, newest }: BackupHistory,
  lastMs: number,
  intervalMs: number,
): Finding {
  return {
    id: 'HarvesterVMBackupStale',
    severity: 'warning',
    title: `The newest ${type} of VM ${namespace}/${vm} is ${duration(view.nowMs - lastMs)} old`,
    subject: { namespace, vm, vmbackups: newest === undefined ? [] : [newest.name] },
    evidence: [
      { label: 'Last good one', value: `${moment(lastMs)}, ${ago(lastMs, view.nowMs)}` },
      { label: 'Scheduled at least every', value: duration(intervalMs) },
      ...longhornEvidence(view, namespace, vm, type),
    ],
    explanation:
      'Its schedule should have made at least two more since: runs fail, or are dropped while one is stuck.',
    remedy: {
      text: 'See what its schedule did last.',
      commands: [
        commandLine('kubectl', 'get', 'schedulevmbackups.harvesterhci.io', '-n', namespace),
        commandLine(
          'kubectl',
          'get',
          'virtualmachinebackups.harvesterhci.io',
          '-n',
          namespace,
          '--sort-by=.metadata.creationTimestamp',
        ),
      ],
    },
    runbook: runbookOf('HarvesterVMBackupStale'),
  };
}

function longhornEvidence(
  view: ClusterView,
  namespace: string,
  vm: string,
  type: BackupHistory['type'],
): readonly Evidence[] {
  const ms = type === 'backup' ? longhornLastMs(view, namespace, vm) : undefined;
  if (ms === undefined) return [];
  return [
    { label: 'Last Longhorn Backups without a VMBackup', value: `${moment(ms)}, ${ago(ms, view.nowMs)}` },
  ];
}

/** VMs without any good backup, one finding for each namespace: it is news about a habit, not about a VM. */
export function findNeverBackedUp(view: ClusterView): readonly Finding[] {
  const never = backupHistories(view).filter(
    ({ namespace, vm, type, newest }) =>
      type === 'backup' &&
      newest === undefined &&
      longhornLastMs(view, namespace, vm) === undefined &&
      isOldEnough(view, namespace, vm),
  );
  const byNamespace = groupBy(never, ({ namespace }) => namespace);
  return [...byNamespace].sort().map(([namespace, histories]) => {
    const vms = histories.map(({ vm }) => vm).sort();
    return {
      id: 'HarvesterVMNeverBackedUp',
      severity: 'info',
      title: `${counted(vms.length, 'VM')} of namespace ${namespace} ${vms.length === 1 ? 'has' : 'have'} no good backup at all`,
      subject: { namespace },
      evidence: [{ label: counted(vms.length, 'VM'), value: listed(vms, 20) }],
      explanation:
        'Nobody made one that succeeded, and is still there. VMBackups and Longhorn Backups are looked at; those of other programs (Velero, Kasten) leave no mark that can be seen here.',
      remedy: {
        text: 'Schedule backups for those that matter.',
        commands: [commandLine('kubectl', 'get', 'schedulevmbackups.harvesterhci.io', '-n', namespace)],
      },
      runbook: runbookOf('HarvesterVMNeverBackedUp'),
    };
  });
}

/** A VM of today may get its first backup tonight. */
function isOldEnough({ virtualMachines, vmis, nowMs }: ClusterView, namespace: string, vm: string): boolean {
  const { createdMs = 0 } = virtualMachines.get(namespace, vm) ?? vmis.get(namespace, vm) ?? {};
  return nowMs - createdMs > DAY_MS;
}
