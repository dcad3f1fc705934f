import type { DegradedReason } from '../objects/degraded-reason.ts';
import type { VmBackup } from '../objects/vm-backup.ts';
import { harvesterTarget, isAtCurrentTarget } from '../targets/current-target.ts';
import type { ClusterView } from '../view.ts';
import type { JudgedBackup } from './backup-state.ts';

/** Why a VMBackup is degraded or dangling, as far as it can be proven. */
type LossReason = DegradedReason | 'other_target' | 'found_again';

/**
 * Harvester looks every ready VMBackup up in the present target, also one that was written to another
 * (bk/backup_metadata.go checkExistingVMBackup, 1.6 to 1.9): that one is not missing. 1.7 and 1.8 never remove the mark,
 * so a backup that Longhorn listed in the store after the mark is there.
 */
export function lossReason(view: ClusterView, { backup, state }: JudgedBackup): LossReason {
  if (state === 'dangling' || backup.degraded === undefined) return 'missing_in_target';
  if (
    harvesterTarget(view) !== undefined &&
    backup.location !== undefined &&
    !isAtCurrentTarget(view, backup)
  )
    return 'other_target';
  return isGone(backup.degraded) && isListed(view, backup) ? 'found_again' : backup.degraded;
}

/** Reasons that say that data is no longer there. HarvesterVMBackupDataMissing names the same. */
export const isGone = (reason: LossReason): boolean =>
  reason === 'missing_in_target' || reason === 'lh_backup_missing';

/** Whether a VMBackup's data is there. A restore may still be impossible: a store that is away has lost nothing. */
export const isGood = (view: ClusterView, judged: JudgedBackup): boolean =>
  judged.state === 'ready' || (judged.state === 'degraded' && KEPT.has(lossReason(view, judged)));

const KEPT: ReadonlySet<LossReason> = new Set<LossReason>([
  'other_target',
  'found_again',
  'target_unreachable',
  'storageclass_missing',
]);

/** Whether Longhorn read the store after Harvester did, and found all of a VMBackup complete. */
function isListed(view: ClusterView, { volumes, degradedSinceMs }: VmBackup): boolean {
  const current = harvesterTarget(view);
  const syncedMs = current?.target.lastSyncedMs;
  if (current?.fresh !== true || !current.target.available || syncedMs === undefined) return false;
  if (degradedSinceMs === undefined || syncedMs <= degradedSinceMs) return false;
  const names = volumes.flatMap(({ longhornBackup }) => longhornBackup ?? []);
  return (
    names.length > 0 &&
    names.every((name) => {
      const found = view.longhornBackups.get(current.target.namespace, name);
      return found?.state === 'Completed' && !found.objectOnlyRemoval;
    })
  );
}

/** The VMBackups whose data is gone from the target they were written to. */
export const isDataGone = (view: ClusterView, judged: JudgedBackup): boolean =>
  (judged.state === 'degraded' || judged.state === 'dangling') && isGone(lossReason(view, judged));

/**
 * Whether an available target that was read lately holds nothing at all: a new, empty store at the same place, or an
 * export that is not mounted on its server.
 */
export function isStoreEmpty(view: ClusterView): boolean {
  const current = harvesterTarget(view);
  if (current?.fresh !== true || !current.target.available) return false;
  if (!view.backupVolumes.available || !view.longhornBackups.available) return false;
  const { name: target } = current.target;
  const isOfTarget = (object: { readonly target: string }): boolean => object.target === target;
  return (
    ![...view.backupVolumes].some(isOfTarget) &&
    ![...view.longhornBackups].some((backup) => isOfTarget(backup) && backup.state === 'Completed')
  );
}
