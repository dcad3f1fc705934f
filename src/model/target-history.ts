import type { BackupTarget, LonghornBackup } from './longhorn.ts';
import { TIMING, type Timing } from './timing.ts';

/**
 * What watching the targets told, and no object of the cluster can tell again: since when something is gone. It
 * begins with the exporter, so after a restart nothing is missing for long, and no alarm rings for that reason.
 */
export interface TargetHistory {
  /** By the name of the BackupTarget. */
  readonly targets: ReadonlyMap<string, TargetPast>;
  /** Longhorn Backups that were complete and are not any more, by name; only recent ones. */
  readonly losses: ReadonlyMap<string, BackupLoss>;
}

interface TargetPast {
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

export const NO_TARGET_HISTORY: TargetHistory = { targets: new Map(), losses: new Map() };

export interface BackupChange {
  readonly previous: LonghornBackup | undefined;
  readonly next: LonghornBackup | undefined;
  readonly targets: readonly BackupTarget[];
  readonly nowMs: number;
}

/** The history after a Longhorn Backup came, changed or went; the same one if it tells nothing new. */
export function withBackupChange(
  history: TargetHistory,
  { previous, next, targets, nowMs }: BackupChange,
  timing: Timing = TIMING,
): TargetHistory {
  const backup = next ?? previous;
  if (backup === undefined) return history;
  const known = history.losses.has(backup.name);
  if (isPresent(next)) return known ? withoutLosses(history, (_, name) => name === backup.name) : history;
  const marked = next?.objectOnlyRemoval === true && next.state === 'Completed';
  if (known || !(isPresent(previous) || marked)) return history;

  const target = targets.find(({ name }) => name === backup.target);
  const past = history.targets.get(backup.target);
  const settled = past !== undefined && nowMs - past.placeSinceMs > timing.targetChangeGraceMs;
  const vanished = marked && backup.native && settled && target?.available === true;
  // What is not listed was lost long ago: older than any grace.
  const keptMs = Math.max(timing.removalEvidenceMs, 2 * (target?.pollIntervalMs ?? 0));
  const recent = withoutLosses(history, ({ atMs }) => nowMs - atMs > keptMs);
  const losses = new Map(recent.losses).set(backup.name, { target: backup.target, atMs: nowMs, vanished });
  return vanished
    ? { targets: withPast(history, backup.target, { ...past, removed: past.removed + 1 }), losses }
    : { targets: history.targets, losses };
}

/** Longhorn's mark comes moments before the object goes (backup_volume_controller.go), and means the data is gone. */
const isPresent = (backup: LonghornBackup | undefined): boolean =>
  backup?.state === 'Completed' && !backup.objectOnlyRemoval;

export interface TargetChange {
  readonly previous: BackupTarget | undefined;
  readonly next: BackupTarget | undefined;
  readonly nowMs: number;
}

/** The history after a BackupTarget came, changed or went. At another place it begins anew. */
export function withTargetChange(
  history: TargetHistory,
  { previous, next, nowMs }: TargetChange,
): TargetHistory {
  const name = (next ?? previous)?.name ?? '';
  const past = history.targets.get(name);
  if (next === undefined) {
    const targets = new Map(history.targets);
    targets.delete(name);
    return { ...withoutLosses(history, ({ target }) => target === name), targets };
  }
  const placeId = next.place?.targetId;
  if (past === undefined || past.placeId !== placeId) {
    // Backups and targets are watched apart: removals that a change causes may be seen before it.
    const { losses } = withoutLosses(history, ({ target }) => target === name);
    const fresh = { placeId, placeSinceMs: nowMs, availableSinceMs: undefined, removed: 0 };
    return { targets: withPast(history, name, fresh), losses };
  }
  if (!next.available || previous?.available !== false) return history;
  return { ...history, targets: withPast(history, name, { ...past, availableSinceMs: nowMs }) };
}

const withPast = (history: TargetHistory, name: string, past: TargetPast): TargetHistory['targets'] =>
  new Map(history.targets).set(name, past);

function withoutLosses(
  history: TargetHistory,
  isOver: (loss: BackupLoss, name: string) => boolean,
): TargetHistory {
  const kept = [...history.losses].filter(([name, loss]) => !isOver(loss, name));
  return kept.length === history.losses.size ? history : { ...history, losses: new Map(kept) };
}

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
