import type { BackupVolume, LonghornBackup } from '../objects/longhorn.ts';
import type { CurrentTarget } from '../targets/current-target.ts';
import { ownVolumes } from './own-volumes.ts';
import type { ClusterView } from '../view.ts';

/**
 * The volumes in the store that were never this cluster's, nor restored here. They may be old: left by a migration, or
 * by the same machines before a re-installation.
 */
export function foreignVolumes(view: ClusterView, { target }: CurrentTarget): readonly BackupVolume[] {
  const { known, adopted } = ownVolumes(view);
  return [...view.backupVolumes].filter(
    (each) => each.target === target.name && !known.has(each.volume) && !adopted.has(each.volume),
  );
}

/**
 * Backups another writer made while this cluster watched, in the longest window that counts as evidence: pulled from
 * the store, of a volume never here, made after we first saw the volume, and seen soon after they were made. A backup
 * that was old when the target was adopted, restored or reconnected fails one of the last two tests. An adopted volume
 * is no exception: this cluster never writes under its old name.
 */
export function liveForeignWrites(view: ClusterView, { target }: CurrentTarget): readonly LonghornBackup[] {
  const { nowMs, timing } = view;
  const { known } = ownVolumes(view);
  const firstSeenMs = new Map(
    Array.from(view.backupVolumes, (each) => [keyOf(each), each.createdMs ?? Infinity] as const),
  );
  const latestMs = 3 * target.pollIntervalMs + timing.foreignWriteSlackMs;
  return [...view.longhornBackups].filter((backup) => {
    const { backupCreatedMs, createdMs, volume } = backup;
    if (backup.native || backup.target !== target.name || backup.state !== 'Completed') return false;
    if (known.has(volume) || backupCreatedMs === undefined || createdMs === undefined) return false;
    return (
      backupCreatedMs > (firstSeenMs.get(keyOf(backup)) ?? Infinity) + timing.clockSkewMs &&
      createdMs - backupCreatedMs <= latestMs &&
      nowMs - backupCreatedMs <= timing.conflictEvidenceMs
    );
  });
}

const keyOf = ({ target, volume }: BackupVolume | LonghornBackup): string => `${target}/${volume}`;

/** Whether this cluster itself writes to the target: it made a backup lately, or is about to. */
export function isLocalWriter(view: ClusterView, { target }: CurrentTarget, harvesters: boolean): boolean {
  const { nowMs, timing } = view;
  for (const backup of view.longhornBackups) {
    if (!backup.native || backup.target !== target.name || backup.state !== 'Completed') continue;
    if (nowMs - (backup.backupCreatedMs ?? backup.createdMs ?? -Infinity) <= timing.writerMs) return true;
  }
  return (
    harvesters &&
    [...view.schedules].some(({ type, suspendedBy }) => type === 'backup' && suspendedBy === undefined)
  );
}
