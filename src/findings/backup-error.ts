import { judgedBackups } from '../model/backups/backup-state.ts';
import { failingSinceMs, freezeLoops } from '../model/freezes/freeze-loop.ts';
import { groupBy } from '../model/group-by.ts';
import type { ClusterView } from '../model/view.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';
import { CAUSES, CURES } from './backup-causes.ts';
import { type Finding, runbookOf } from './finding.ts';
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
