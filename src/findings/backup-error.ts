import type { BackupErrorReason } from '../model/objects/backup-error.ts';
import { judgedBackups } from '../model/backups/backup-state.ts';
import { failingSinceMs, freezeLoops } from '../model/freezes/freeze-loop.ts';
import { groupBy } from '../model/group-by.ts';
import type { ClusterView } from '../model/view.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';
import { type Finding, runbookOf } from './finding.ts';
import { CAUSES } from './freeze-loop.ts';
import { breakLoop, listBackupErrors } from './kubectl.ts';
import { counted, duration, listed } from './wording.ts';

/** VMBackups in error that drive no freeze loop, one finding for each VM. */
export function findBackupErrors(view: ClusterView): readonly Finding[] {
  const looping = new Set(freezeLoops(view).flatMap(({ drivers }) => drivers));
  const failed = judgedBackups(view)
    .filter(({ backup, state }) => state === 'error' && !looping.has(backup) && isConfirmed(view, backup))
    .map(({ backup }) => backup);
  const byVm = groupBy(failed.sort(byName), ({ namespace, vm }) => `${namespace}/${vm}`);
  return [...byVm.values()].map((backups) => findingOf(view, backups));
}

const byName = (a: VmBackup, b: VmBackup): number =>
  `${a.namespace}/${a.vm}/${a.name}`.localeCompare(`${b.namespace}/${b.vm}/${b.name}`);

/** An import that was faster than Longhorn mends itself. */
const isConfirmed = ({ nowMs, timing }: ClusterView, backup: VmBackup): boolean =>
  nowMs - failingSinceMs(backup) >= timing.errorConfirmedAfterMs;

function findingOf(view: ClusterView, backups: readonly VmBackup[]): Finding {
  const { namespace = '', vm = '' } = backups[0] ?? {};
  const names = backups.map(({ name }) => name);
  const oldestMs = Math.min(...backups.map(failingSinceMs));
  const reasons = [...groupBy(backups, ({ error }) => error ?? 'other')];
  return {
    id: 'HarvesterVMBackupError',
    severity: 'warning',
    title: `${counted(backups.length, 'VMBackup')} of VM ${namespace}/${vm} ${backups.length === 1 ? 'is' : 'are'} in error`,
    subject: { namespace, vm, vmbackups: names },
    evidence: [
      { label: 'VMBackups', value: listed(names) },
      ...reasons.map(([reason, ofReason]) => ({
        label: counted(ofReason.length, 'time'),
        value: CAUSES[reason],
      })),
      { label: 'Failing for', value: duration(view.nowMs - oldestMs) },
    ],
    explanation: `The VM has no backup of ${backups.length === 1 ? 'that moment' : 'those moments'}: ${reasons.map(([reason]) => CURES[reason]).join(' ')}`,
    remedy: {
      text: 'Read the errors, mend the cause, and delete what failed: a schedule counts failures, and Harvester refuses to change the target meanwhile.',
      commands: [listBackupErrors(namespace), breakLoop(namespace, vm)],
    },
    runbook: runbookOf('HarvesterVMBackupError'),
  };
}

const CURES: Readonly<Record<BackupErrorReason, string>> = {
  lh_backup_not_found: 'Its data is gone from the backup target; find out who deleted it.',
  volumesnapshot_error: 'Longhorn could not snapshot or upload a volume.',
  freeze_failed: 'The guest agent refuses to freeze (SELinux in the guest is a known reason).',
  vm_not_running: 'It mends itself when the VM runs.',
  source_vm_missing: 'There is nothing left to back up.',
  lh_backup_unpopulated: 'Longhorn has not read the backup from the target yet.',
  csi_config: 'The setting csi-driver-config lacks the driver of the volumes.',
  other: 'The error text tells more.',
};
