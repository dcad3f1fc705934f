import type { VmBackup } from '../objects/vm-backup.ts';
import type { VmRestore } from '../objects/vm-restore.ts';
import type { ClusterView } from '../view.ts';

/** The objects for which Harvester refuses a change of its backup target now. */
interface ChangeBlockers {
  readonly backups: readonly VmBackup[];
  readonly restores: readonly VmRestore[];
}

/**
 * Any VMBackup of any namespace and type, snapshots too, that is not ready or is being deleted, and any restore that is not
 * complete or is being deleted, failed ones too (Harvester wh/setting/validator.go, 1.3 to 1.9). Conditions do not count.
 */
export const changeBlockers = ({ vmBackups, restores }: ClusterView): ChangeBlockers => ({
  backups: [...vmBackups]
    .filter(({ readyToUse, deletingSinceMs }) => !readyToUse || deletingSinceMs !== undefined)
    .sort(byName),
  restores: [...restores]
    .filter(({ complete, deletingSinceMs }) => !complete || deletingSinceMs !== undefined)
    .sort(byName),
});

const fullName = ({ namespace, name }: VmBackup | VmRestore): string => `${namespace}/${name}`;

const byName = (a: VmBackup | VmRestore, b: VmBackup | VmRestore): number =>
  fullName(a).localeCompare(fullName(b));
