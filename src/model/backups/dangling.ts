import {
  type CurrentTarget,
  confirmationMs,
  harvesterTarget,
  isAtCurrentTarget,
} from '../targets/current-target.ts';
import type { ClusterView } from '../view.ts';
import type { VmBackup } from '../objects/vm-backup.ts';

/**
 * Whether a VMBackup that Harvester calls ready has lost data: a Longhorn backup of it is gone, or not complete, for
 * two polls of an available target that stayed at its place. No object records since when something is gone, so that
 * time comes from the view's history, which begins with the exporter.
 */
export function isDangling(view: ClusterView, backup: VmBackup): boolean {
  const current = harvesterTarget(view);
  if (current?.fresh !== true || !current.target.available || !view.longhornBackups.available) return false;
  if (!backup.readyToUse || backup.deletingSinceMs !== undefined || !isAtCurrentTarget(view, backup))
    return false;
  return missingBackups(view, current, backup).some((name) => isConfirmed(view, current, backup, name));
}

/** The Longhorn backups of a VMBackup without a complete object, for however short a time. */
export function missingBackups(
  view: ClusterView,
  { target }: CurrentTarget,
  { volumes }: VmBackup,
): readonly string[] {
  return volumes.flatMap(({ longhornBackup: name }) =>
    name === undefined || view.longhornBackups.get(target.namespace, name)?.state === 'Completed'
      ? []
      : [name],
  );
}

function isConfirmed(view: ClusterView, { target }: CurrentTarget, backup: VmBackup, name: string): boolean {
  const { targets, losses } = view.targetHistory;
  const past = targets.get(target.name);
  if (past === undefined) return false;
  // VMBackups and Backups are watched apart: the news that one is ready may come before the other's completion. With
  // no object at all there is nothing to wait for, and Harvester 1.6 renews the time of completion again and again.
  const exists = view.longhornBackups.get(target.namespace, name) !== undefined;
  const sinceMs = Math.max(
    past.placeSinceMs,
    past.availableSinceMs ?? 0,
    losses.get(name)?.atMs ?? 0,
    backup.createdMs ?? 0,
    exists ? (backup.completedMs ?? 0) : 0,
  );
  return view.nowMs - sinceMs > confirmationMs(view, target);
}
