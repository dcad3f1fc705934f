import type { BackupLocation } from '../objects/vm-backup.ts';
import type { Timing } from '../timing.ts';

/**
 * Since when something is gone: known only from watching the targets, as no object of the cluster records it. The
 * history begins with the exporter, so a restart resets these times and raises no alert.
 */
export interface TargetHistory {
  /** By the name of the BackupTarget. */
  readonly targets: ReadonlyMap<string, TargetPast>;
  /** Longhorn Backups that were complete and are not any more, by name; only recent ones. */
  readonly losses: ReadonlyMap<string, BackupLoss>;
  /** Imported VMBackups that failed for lack of data and were deleted, the last of each location. */
  readonly failedImports: ReadonlyMap<string, FailedImports>;
  /** When Harvester's Setting was seen to name another place; undefined: not since we watch it. */
  readonly settingChangedMs: number | undefined;
}

export interface FailedImports {
  readonly location: BackupLocation;
  readonly count: number;
  /** When the last of them went. */
  readonly atMs: number;
}

export interface TargetPast {
  readonly placeId: string | undefined;
  /** Since when the target is known to be at this place. */
  readonly placeSinceMs: number;
  /** When it last became available; undefined: it always was since we know it. */
  readonly availableSinceMs: number | undefined;
  /** Native Backups removed because they vanished from this place. */
  readonly removed: number;
}

export interface BackupLoss {
  readonly target: string;
  readonly atMs: number;
  /** Native, and removed by Longhorn because it vanished from an available store; otherwise for another reason. */
  readonly vanished: boolean;
}

export const NO_TARGET_HISTORY: TargetHistory = {
  targets: new Map(),
  losses: new Map(),
  failedImports: new Map(),
  settingChangedMs: undefined,
};

/**
 * Native Backups of a target that vanished from its store since we watch it. One counts when it is settled that no
 * change of the target caused it; undefined for a target never seen.
 */
export function removedBackups(
  { targets, losses }: TargetHistory,
  target: string,
  nowMs: number,
  { removalSettledAfterMs }: Timing,
): number | undefined {
  const removed = targets.get(target)?.removed;
  if (removed === undefined) return undefined;
  const unsettled = [...losses.values()].filter(
    (loss) => loss.vanished && loss.target === target && nowMs - loss.atMs < removalSettledAfterMs,
  );
  return removed - unsettled.length;
}
