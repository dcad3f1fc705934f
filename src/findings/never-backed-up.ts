import { backupHistories } from '../model/backups/vm-backup-history.ts';
import { groupBy } from '../model/group-by.ts';
import type { ClusterView } from '../model/view.ts';
import { longhornLastMs } from './backup-age.ts';
import { type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { counted, listed } from './wording.ts';

const DAY_MS = 24 * 3_600_000;

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
