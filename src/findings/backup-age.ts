import { groupBy } from '../model/group-by.ts';
import { STALE_BACKUP } from '../model/thresholds.ts';
import { longestGapMs } from '../model/backups/schedule.ts';
import type { ClusterView } from '../model/view.ts';
import { type BackupHistory, backupHistories, completionMs } from '../model/backups/vm-backup-history.ts';
import { longhornCoverage } from '../model/backups/longhorn-coverage.ts';
import { type Evidence, type Finding, type Remedy, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { ago, duration, moment } from './wording.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** VMs whose newest backup is older than two intervals of their schedule, or that have none though it runs daily. */
export function findStaleBackups(view: ClusterView): readonly Finding[] {
  const promises = promisesOf(view);
  return backupHistories(view)
    .flatMap((history) => {
      const { namespace, vm, type, newest } = history;
      const promise = promises.get(`${namespace}/${vm}/${type}`);
      if (promise === undefined) return [];
      const longhornMs = type === 'backup' ? longhornLastMs(view, namespace, vm) : undefined;
      const lastMs = newest === undefined ? undefined : completionMs(newest);
      if (lastMs === undefined && longhornMs === undefined)
        return isOverdue(view, promise) ? [neverFinding(history, promise)] : [];
      return view.nowMs - Math.max(lastMs ?? 0, longhornMs ?? 0) >
        STALE_BACKUP.intervals * promise.intervalMs + STALE_BACKUP.slackHours * HOUR_MS
        ? [staleFinding(view, history, lastMs, promise.intervalMs)]
        : [];
    })
    .sort((a, b) => a.title.localeCompare(b.title));
}

/** What the schedules of a VM promise for one type. */
interface Promised {
  /** The shortest interval. */
  readonly intervalMs: number;
  /** When the first of them was made. */
  readonly sinceMs: number;
}

/** Whether daily schedules had enough time to make a first backup. */
const isOverdue = ({ nowMs }: ClusterView, { intervalMs, sinceMs }: Promised): boolean =>
  intervalMs <= STALE_BACKUP.firstIntervalHours * HOUR_MS &&
  nowMs - sinceMs > STALE_BACKUP.firstAfterDays * DAY_MS;

/** When Longhorn itself last backed up all disks of a VM; undefined: never. */
export const longhornLastMs = (view: ClusterView, namespace: string, vm: string): number | undefined =>
  longhornCoverage(view).get(`${namespace}/${vm}`)?.completedMs;

/**
 * What is scheduled for a VM and type. It is absent while Harvester has suspended one of the schedules: that
 * has a finding of its own. A schedule that its user suspended has no other finding, and counts.
 */
function promisesOf({ schedules }: ClusterView): ReadonlyMap<string, Promised> {
  const byVm = groupBy(schedules, ({ namespace, vm, type }) => `${namespace}/${vm}/${type}`);
  return new Map(
    [...byVm].flatMap(([key, ofVm]): readonly (readonly [string, Promised])[] => {
      if (ofVm.some(({ suspendedBy }) => suspendedBy === 'failures' || suspendedBy === 'target')) return [];
      const gaps = ofVm.flatMap(({ cron }) => longestGapMs(cron) ?? []);
      const sinceMs = Math.min(...ofVm.map(({ createdMs }) => createdMs ?? 0));
      return gaps.length === 0 ? [] : [[key, { intervalMs: Math.min(...gaps), sinceMs }]];
    }),
  );
}

function staleFinding(
  view: ClusterView,
  { namespace, vm, type, newest }: BackupHistory,
  lastMs: number | undefined,
  intervalMs: number,
): Finding {
  return {
    id: 'HarvesterVMBackupStale',
    severity: 'warning',
    title:
      lastMs === undefined
        ? `VM ${namespace}/${vm} has no VMBackup, and what Longhorn made itself is old`
        : `The newest ${type} of VM ${namespace}/${vm} is ${duration(view.nowMs - lastMs)} old`,
    subject: { namespace, vm, vmbackups: newest === undefined ? [] : [newest.name] },
    evidence: [
      {
        label: 'Last good one',
        value: lastMs === undefined ? 'never' : `${moment(lastMs)}, ${ago(lastMs, view.nowMs)}`,
      },
      { label: 'Scheduled at least every', value: duration(intervalMs) },
      ...longhornEvidence(view, namespace, vm, type),
    ],
    explanation:
      'Its schedule should have made at least two more since: runs fail, or are dropped while one is stuck.',
    remedy: seeSchedule(namespace),
    runbook: runbookOf('HarvesterVMBackupStale'),
  };
}

function neverFinding({ namespace, vm, type }: BackupHistory, { intervalMs }: Promised): Finding {
  return {
    id: 'HarvesterVMBackupStale',
    severity: 'warning',
    title: `VM ${namespace}/${vm} has no good ${type}, though its schedule has run for days`,
    subject: { namespace, vm, vmbackups: [] },
    evidence: [
      { label: 'Last good one', value: 'never' },
      { label: 'Scheduled at least every', value: duration(intervalMs) },
    ],
    explanation:
      'Its schedule should have made at least one by now: runs fail, or are dropped while one is stuck.',
    remedy: seeSchedule(namespace),
    runbook: runbookOf('HarvesterVMBackupStale'),
  };
}

const seeSchedule = (namespace: string): Remedy => ({
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
});

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
