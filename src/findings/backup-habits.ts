import { judgedBackups } from '../model/backups/backup-state.ts';
import { businessHoursRuns } from '../model/backups/schedule.ts';
import { backupHistories, verifiedRestores } from '../model/backups/vm-backup-history.ts';
import { groupBy } from '../model/group-by.ts';
import { BACKUP_HABITS } from '../model/thresholds.ts';
import type { ClusterView } from '../model/view.ts';
import { type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { counted, duration, listed } from './wording.ts';

/** Namespaces where many backups have been running at a time for a while. */
export function findConcurrentBackups(view: ClusterView): readonly Finding[] {
  const { concurrent, concurrentForMs } = BACKUP_HABITS;
  const running = judgedBackups(view)
    .filter(({ backup, state }) => state === 'in_progress' && backup.type === 'backup')
    .map(({ backup }) => backup)
    .filter(({ createdMs }) => view.nowMs - (createdMs ?? view.nowMs) >= concurrentForMs);
  return [...groupBy(running, ({ namespace }) => namespace)]
    .sort()
    .filter(([, backups]) => backups.length > concurrent)
    .map(([namespace, backups]) => ({
      id: 'HarvesterVMBackupsConcurrent',
      severity: 'warning',
      title: `${backups.length} backups of namespace ${namespace} run at the same time`,
      subject: { namespace },
      evidence: [
        { label: 'VMs', value: listed(backups.map(({ vm }) => vm).sort()) },
        { label: 'In progress for at least', value: duration(concurrentForMs) },
      ],
      explanation:
        'They share the network and the target: all take longer, and a schedule drops its run while its last one is in progress.',
      remedy: { text: 'Spread the schedules over the night.', commands: [listSchedules(namespace)] },
      runbook: runbookOf('HarvesterVMBackupsConcurrent'),
    }));
}

const listSchedules = (namespace: string): string =>
  commandLine(
    'kubectl',
    'get',
    'schedulevmbackups.harvesterhci.io',
    '-n',
    namespace,
    '-o',
    'custom-columns=NAME:.metadata.name,CRON:.spec.cron',
  );

/** VMs with backups of which none was restored lately, one finding for each namespace. */
export function findUnverifiedBackups(view: ClusterView): readonly Finding[] {
  if (!view.restores.available) return [];
  const verified = verifiedRestores(view);
  const unverified = backupHistories(view).filter(({ namespace, vm, type, newest }) => {
    const restoredMs = verified.get(`${namespace}/${vm}`) ?? 0;
    return type === 'backup' && newest !== undefined && view.nowMs - restoredMs > BACKUP_HABITS.verifiedForMs;
  });
  return [...groupBy(unverified, ({ namespace }) => namespace)].sort().map(([namespace, histories]) => {
    const vms = histories.map(({ vm }) => vm).sort();
    return {
      id: 'HarvesterVMBackupUnverified',
      severity: 'info',
      title: `Backups of ${counted(vms.length, 'VM')} of namespace ${namespace} were not restored in the last ${duration(BACKUP_HABITS.verifiedForMs)}`,
      subject: { namespace },
      evidence: [{ label: counted(vms.length, 'VM'), value: listed(vms, 20) }],
      explanation: 'Only a complete restore proves that a backup can be read back.',
      remedy: {
        text: 'Restore the newest backup of those that matter to a new VM, and see it start.',
        commands: [commandLine('kubectl', 'get', 'virtualmachinerestores.harvesterhci.io', '-n', namespace)],
      },
      runbook: runbookOf('HarvesterVMBackupUnverified'),
    };
  });
}

/** Schedules that run while people work, one finding for each namespace; none unless business hours are set. */
export function findBusinessHoursRuns(view: ClusterView): readonly Finding[] {
  const { businessHours, nowMs } = view;
  if (businessHours === undefined) return [];
  const busy = [...view.schedules].flatMap((schedule) => {
    if (schedule.suspendedBy !== undefined) return [];
    const runs = businessHoursRuns(schedule.cron, businessHours, nowMs, schedule.createdMs) ?? 0;
    return runs > 0 ? [{ schedule, runs }] : [];
  });
  return [...groupBy(busy, ({ schedule }) => schedule.namespace)].sort().map(([namespace, schedules]) => ({
    id: 'HarvesterVMBackupInBusinessHours',
    severity: 'info',
    title: `${counted(schedules.length, 'schedule')} of namespace ${namespace} ${schedules.length === 1 ? 'runs' : 'run'} in business hours`,
    subject: { namespace },
    evidence: schedules
      .map(({ schedule: { name, vm, cron }, runs }) => ({
        label: name,
        value: `VM ${vm}, ${cron}: ${counted(runs, 'run')} in the next 7 days`,
      }))
      .sort((a, b) => a.label.localeCompare(b.label))
      .slice(0, 10),
    explanation: 'Each run freezes the file systems of a VM with a guest agent, and uses the network.',
    remedy: { text: 'Move the runs to the night.', commands: [listSchedules(namespace)] },
    runbook: runbookOf('HarvesterVMBackupInBusinessHours'),
  }));
}
