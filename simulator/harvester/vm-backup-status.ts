import type { Condition, VmBackup, VmBackupStatus } from '../objects/vm-backup.ts';
import { withCondition } from '../objects/vm-backup.ts';
import { stamp } from '../site.ts';
import type { Site } from '../site.ts';

/** How this release stamps a condition: only one of the two times is ever written. */
const conditionTime = (site: Site): Pick<Condition, 'lastTransitionTime' | 'lastUpdateTime'> =>
  site.release.conditionTime === 'lastUpdateTime'
    ? { lastUpdateTime: stamp(site) }
    : { lastTransitionTime: stamp(site) };

function withConditions(
  site: Site,
  status: VmBackupStatus,
  conditions: readonly Condition[],
): VmBackupStatus {
  const all = conditions.reduce(
    (sum, next) => withCondition(sum, next, conditionTime(site)),
    status.conditions ?? [],
  );
  return { ...status, conditions: all };
}

/** A failed attempt: `error.time` moves with each, the conditions only with the first (Harvester bk/backup.go setStatusError). */
export const failedStatus = (site: Site, { status }: VmBackup, message: string): VmBackupStatus =>
  withConditions(site, { ...status, readyToUse: false, error: { time: stamp(site), message } }, [
    { type: 'InProgress', status: 'False', reason: 'Error', message },
    { type: 'Ready', status: 'False', message: 'Not Ready' },
  ]);

export const inProgressStatus = (site: Site, { status }: VmBackup, progress: number): VmBackupStatus =>
  withConditions(site, { ...status, readyToUse: false, progress }, [
    { type: 'InProgress', status: 'True', message: 'Operation in progress' },
    { type: 'Ready', status: 'False', message: 'Not ready' },
  ]);

/** Ready: only now the error goes, and the creation time is set (bk/backup_status.go). */
export function readyStatus(site: Site, { status }: VmBackup): VmBackupStatus {
  const volumeBackups = (status.volumeBackups ?? []).map((volume) => ({
    ...volume,
    progress: 100,
    readyToUse: true,
    creationTime: stamp(site),
  }));
  return withConditions(
    site,
    { ...withoutError(status), volumeBackups, readyToUse: true, progress: 100, creationTime: stamp(site) },
    [
      { type: 'InProgress', status: 'False', message: 'Operation complete' },
      { type: 'Ready', status: 'True', message: 'Operation complete' },
    ],
  );
}

export const metadataReadyStatus = (site: Site, { status }: VmBackup): VmBackupStatus =>
  withConditions(site, status, [{ type: 'MetadataReady', status: 'True' }]);

/** The data is no longer in the target (bk/backup_metadata.go); the text sits in the reason. */
export const nonReadyStatus = (site: Site, { status }: VmBackup, reason: string): VmBackupStatus =>
  withConditions(site, { ...status, readyToUse: site.release.keepsReadyToUse }, [
    { type: 'Ready', status: 'False', reason, message: 'Change back to non-ready' },
  ]);

function withoutError(status: VmBackupStatus): VmBackupStatus {
  const kept = { ...status };
  delete (kept as { error?: unknown }).error;
  return kept;
}
