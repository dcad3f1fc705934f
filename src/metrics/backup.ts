import { countByState, isProblem, type JudgedBackup, judgedBackups } from '../model/backups/backup-state.ts';
import { detailedBackups, DETAILED_BACKUPS_PER_NAMESPACE } from '../model/backups/broken-backups.ts';
import { backupHistories, completionMs, verifiedRestores } from '../model/backups/vm-backup-history.ts';
import { lossReason } from '../model/backups/lost-data.ts';
import type { ClusterView } from '../model/view.ts';
import { restoreTroubles } from '../model/backups/restore-trouble.ts';
import { family, seconds } from './family.ts';

const BOUND = `At most ${DETAILED_BACKUPS_PER_NAMESPACE} VMBackups of a namespace have it, every VM's worst first.`;

export const vmBackups = family({
  name: 'harvester_vmbackups',
  type: 'gauge',
  help: 'VMBackups by state. degraded: Harvester found the data missing from the target. dangling: Harvester calls it ready, but its Longhorn backup is gone.',
  labels: ['namespace', 'type', 'state'],
  *observe(view) {
    for (const [namespace, types] of countByState(judgedBackups(view))) {
      for (const [type, states] of types) {
        for (const [state, value] of states) yield { labels: { namespace, type, state }, value };
      }
    }
  },
});

export const vmBackupProblem = family({
  name: 'harvester_vmbackup_problem',
  type: 'gauge',
  help: `Constant 1 for a VMBackup in error, degraded, dangling, or stuck (being deleted for over 15 minutes, or no progress for over 2 hours; also an upload of Longhorn that hangs beside an error). reason: of the error, of the loss, or stuck; other_target and found_again: Harvester misses data that is not lost. An imported one came from the target, not from this cluster. ${BOUND}`,
  labels: ['namespace', 'vm', 'vmbackup', 'state', 'reason', 'origin'],
  *observe(view) {
    for (const judged of detailedBackups(view).filter(isProblem)) {
      const { backup, state } = judged;
      const reason = reasonOf(view, judged);
      const origin = backup.imported ? 'imported' : 'native';
      yield {
        labels: { namespace: backup.namespace, vm: backup.vm, vmbackup: backup.name, state, reason, origin },
        value: 1,
      };
    }
  },
});

const reasonOf = (view: ClusterView, judged: JudgedBackup): string => {
  const { backup, state, stuck } = judged;
  if (stuck) return 'stuck';
  if (state === 'error') return backup.error ?? 'other';
  return lossReason(view, judged);
};

export const vmBackupWrites = family({
  name: 'harvester_vmbackup_writes_total',
  type: 'counter',
  help: `metadata.generation of a VMBackup that is not ready: its controller writes it anew with each failing attempt, so a loop shows here without any log. ${BOUND}`,
  labels: ['namespace', 'vm', 'vmbackup'],
  *observe(view) {
    for (const { backup } of detailedBackups(view)) {
      // A server that does not count writes sends none, and 0 would be a count.
      if (backup.readyToUse || backup.generation === 0) continue;
      const labels = { namespace: backup.namespace, vm: backup.vm, vmbackup: backup.name };
      yield { labels, value: backup.generation };
    }
  },
});

export const vmBackupFreezesGuest = family({
  name: 'harvester_vmbackup_freezes_guest',
  type: 'gauge',
  help: `1 when each retry of this VMBackup, which is not ready, freezes its running VM, 0 when not. ${BOUND}`,
  labels: ['namespace', 'vm', 'vmbackup'],
  *observe(view) {
    if (!view.vmis.available) return;
    for (const { backup, freezesGuest } of detailedBackups(view)) {
      if (backup.readyToUse) continue;
      const labels = { namespace: backup.namespace, vm: backup.vm, vmbackup: backup.name };
      yield { labels, value: Number(freezesGuest) };
    }
  },
});

export const lastBackup = family({
  name: 'harvester_vm_last_backup_timestamp_seconds',
  type: 'gauge',
  help: 'Completion of the newest ready VMBackup of a VM; 0 if there never was one.',
  labels: ['namespace', 'vm', 'type'],
  *observe(view) {
    for (const { namespace, vm, type, newest } of backupHistories(view)) {
      yield {
        labels: { namespace, vm, type },
        value: newest === undefined ? 0 : seconds(completionMs(newest)),
      };
    }
  },
});

export const lastBackupDuration = family({
  name: 'harvester_vm_last_backup_duration_seconds',
  type: 'gauge',
  help: 'How long the newest ready VMBackup that this cluster made of a VM took; absent without any.',
  labels: ['namespace', 'vm', 'type'],
  *observe(view) {
    for (const { namespace, vm, type, newestNative: backup } of backupHistories(view)) {
      if (backup?.completedMs === undefined || backup.createdMs === undefined) continue;
      yield { labels: { namespace, vm, type }, value: seconds(backup.completedMs - backup.createdMs) };
    }
  },
});

export const vmRestoreProblem = family({
  name: 'harvester_vmrestore_problem',
  type: 'gauge',
  help: 'Constant 1 for a VirtualMachineRestore that failed (error) or made no progress for over 2 hours (stuck); vm is the one whose backup is restored.',
  labels: ['namespace', 'vm', 'vmrestore', 'reason'],
  *observe(view) {
    for (const { restore, vm, reason } of restoreTroubles(view)) {
      yield { labels: { namespace: restore.namespace, vm, vmrestore: restore.name, reason }, value: 1 };
    }
  },
});

export const lastVerifiedRestore = family({
  name: 'harvester_vm_last_verified_restore_timestamp_seconds',
  type: 'gauge',
  help: 'When a backup of a VM was last restored completely, the only proof that it can be; 0 if never.',
  labels: ['namespace', 'vm'],
  *observe(view) {
    if (!view.restores.available) return;
    const verified = verifiedRestores(view);
    for (const { namespace, vm, type } of backupHistories(view)) {
      if (type === 'backup')
        yield { labels: { namespace, vm }, value: seconds(verified.get(`${namespace}/${vm}`) ?? 0) };
    }
  },
});
