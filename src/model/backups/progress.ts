import { BACKUP_PROGRESS } from '../thresholds.ts';
import type { ClusterView } from '../view.ts';

/** Kinds whose progress is watched until they are done. */
export type ProgressKind = 'vmBackup' | 'longhornBackup' | 'restore';

/** What was seen of the progress of one object. It begins with the exporter. */
export interface ProgressPast {
  /** The first progress seen, and when: the two make a rate. */
  readonly firstProgress: number;
  readonly firstMs: number;
  /** Since when it is what it is; the first look, until a change was seen. */
  readonly sinceMs: number;
  readonly changed: boolean;
}

export interface ProgressHistory {
  of(kind: ProgressKind, namespace: string, name: string): ProgressPast | undefined;
}

export const NO_PROGRESS_HISTORY: ProgressHistory = { of: () => undefined };

/** What is judged: how far it is, since when it exists, and when the server last saw a change of it. */
export interface Progress {
  readonly progress: number;
  readonly createdMs: number | undefined;
  readonly writtenMs: number | undefined;
  readonly sizeBytes: number;
  readonly past: ProgressPast | undefined;
}

export interface Standing {
  readonly stuck: boolean;
  /** Its progress changed lately, so it goes on; this outweighs every other sign. */
  readonly moves: boolean;
  /** Since when its progress is the same, at least; undefined where that is not known. */
  readonly stillSinceMs: number | undefined;
}

/**
 * Whether something stands still. A change is known from the watch, or from the times the API server keeps of writes.
 * Without both, only its age is known, and a large volume may take long.
 */
export function standingOf({ nowMs, timing }: ClusterView, item: Progress): Standing {
  const { past, writtenMs, createdMs } = item;
  const stuckAfterMs = timing.progressStuckAfterMs;
  const changedMs = past?.changed === true ? past.sinceMs : undefined;
  const watchedMs = past !== undefined && nowMs - past.sinceMs > stuckAfterMs ? past.sinceMs : undefined;
  const known = [changedMs, watchedMs, writtenMs].filter((ms) => ms !== undefined);
  if (known.length > 0) {
    const stillSinceMs = Math.max(...known);
    const stuck = nowMs - stillSinceMs > stuckAfterMs;
    return { stuck, moves: !stuck, stillSinceMs };
  }
  const plausibleMs = (item.sizeBytes / BACKUP_PROGRESS.slowBytesPerSecond) * 1_000;
  const allowedMs = Math.max(
    stuckAfterMs,
    Math.min(plausibleMs, BACKUP_PROGRESS.unseenWindows * stuckAfterMs),
  );
  return { stuck: nowMs - (createdMs ?? nowMs) > allowedMs, moves: false, stillSinceMs: undefined };
}

/** Bytes a second, seen by the watch, or else the mean since it began; undefined before the first percent. */
export function rateOf(
  { nowMs }: Pick<ClusterView, 'nowMs'>,
  { progress, createdMs, sizeBytes, past }: Progress,
): number | undefined {
  const watched = past?.changed === true && progress > past.firstProgress;
  const [from, fromMs] = watched ? [past.firstProgress, past.firstMs] : [0, createdMs ?? nowMs];
  const bytes = ((progress - from) / 100) * sizeBytes;
  return bytes > 0 && nowMs > fromMs ? (bytes * 1_000) / (nowMs - fromMs) : undefined;
}
