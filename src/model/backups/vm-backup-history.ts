import { judgedBackups } from './backup-state.ts';
import { isGood } from './lost-data.ts';
import type { Identity } from '../change.ts';
import { groupBy } from '../group-by.ts';
import { type ClusterView, perView } from '../view.ts';
import type { BackupType, VmBackup } from '../objects/vm-backup.ts';

/** What a VM has to show for its backups of one type. */
export interface BackupHistory {
  readonly namespace: string;
  readonly vm: string;
  readonly type: BackupType;
  /** The newest usable one; undefined: never. */
  readonly newest: VmBackup | undefined;
  /** The newest usable one made by this cluster: an import does not show how long a backup takes. */
  readonly newestNative: VmBackup | undefined;
}

/**
 * Of every VM that exists: its history of backups, and of snapshots if it has any. A VM without any backup is in it
 * too: it is the one to report.
 */
export const backupHistories: (view: ClusterView) => readonly BackupHistory[] = perView((view) => {
  if (!view.vmBackups.available) return [];
  const usable = judgedBackups(view).filter((judged) => isGood(view, judged));
  const byVm = groupBy(usable, ({ backup }) => `${backup.namespace}/${backup.vm}/${backup.type}`);
  const withSnapshots = new Set(
    Array.from(view.vmBackups, ({ namespace, vm, type }) => `${namespace}/${vm}/${type}`),
  );
  return vmsToBackUp(view).flatMap(({ namespace, name: vm }) =>
    (['backup', 'snapshot'] as const)
      .filter((type) => type === 'backup' || withSnapshots.has(`${namespace}/${vm}/${type}`))
      .map((type) => {
        const backups = (byVm.get(`${namespace}/${vm}/${type}`) ?? []).map(({ backup }) => backup);
        const native = backups.filter(({ imported }) => !imported);
        return { namespace, vm, type, newest: newestOf(backups), newestNative: newestOf(native) };
      }),
  );
});

/** All VirtualMachines, or where those cannot be read, those that run. */
const vmsToBackUp = ({ virtualMachines, vmis }: ClusterView): readonly Identity[] =>
  virtualMachines.available ? [...virtualMachines] : [...vmis];

/** Completion, or where an old release did not note it, the creation of the object. */
export const completionMs = (backup: VmBackup): number => backup.completedMs ?? backup.createdMs ?? 0;

const newestOf = (backups: readonly VmBackup[]): VmBackup | undefined =>
  backups.reduce<VmBackup | undefined>(
    (newest, backup) =>
      newest === undefined || completionMs(backup) > completionMs(newest) ? backup : newest,
    undefined,
  );

/** When a backup of each VM (`namespace/name`) was last proved restorable; a VM without proof is not in it. */
export const verifiedRestores: (view: ClusterView) => ReadonlyMap<string, number> = perView((view) => {
  const newest = new Map<string, number>();
  for (const restore of view.restores) {
    if (!restore.complete) continue;
    // The backup may be gone by now; a restore in place then still names the VM.
    const backedUp = view.vmBackups.get(restore.vmBackupNamespace, restore.vmBackup)?.vm;
    const vm = backedUp ?? (restore.newVm ? undefined : restore.targetVm);
    if (vm === undefined) continue;
    const key = `${restore.vmBackupNamespace}/${vm}`;
    newest.set(key, Math.max(newest.get(key) ?? 0, restore.restoredMs ?? restore.createdMs ?? 0));
  }
  return newest;
});
