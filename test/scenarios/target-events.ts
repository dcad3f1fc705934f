import { HOUR_MS, MINUTE_MS, TargetCluster } from './target-cluster.ts';
import { aBackup, aBackupVolume, aSchedule, aVmBackup, aVolume } from './target-objects.ts';

/** VM prod/db with one volume, `own`, backed up by this cluster to its target; watched for a while. */
export function aWorkingCluster(options: ConstructorParameters<typeof TargetCluster>[0] = {}): TargetCluster {
  const cluster = new TargetCluster(options);
  cluster.setting();
  cluster.target();
  cluster.set('longhornVolumes', aVolume('own'));
  cluster.set('backupVolumes', aBackupVolume('own', cluster.nowMs));
  cluster.set('schedules', aSchedule());
  cluster.startExporter();
  cluster.wait(HOUR_MS);
  ownBackup(cluster, 'own-1');
  cluster.wait(HOUR_MS);
  return cluster;
}

export function ownBackup(cluster: TargetCluster, name: string): void {
  const atMs = cluster.nowMs;
  cluster.set('longhornBackups', aBackup({ name, volume: 'own', seenMs: atMs, madeMs: atMs, native: true }));
  cluster.set('vmBackups', aVmBackup({ name: `vm-${name}`, volume: 'own', backup: name, createdMs: atMs }));
}

/** The other cluster's first backup is in the store; ours pulls it. Then it makes another one. */
export function peerWrites(cluster: TargetCluster, name = 'peer', { skewMs = 0 } = {}): void {
  const { nowMs } = cluster;
  if (!cluster.has('backupVolumes', 'theirs-8dd83638')) {
    cluster.set('backupVolumes', aBackupVolume('theirs', nowMs));
    cluster.set(
      'longhornBackups',
      aBackup({ name: `${name}-0`, volume: 'theirs', seenMs: nowMs, madeMs: nowMs - 5 * MINUTE_MS + skewMs }),
    );
  }
  cluster.wait(10 * MINUTE_MS);
  const seenMs = cluster.nowMs;
  cluster.set(
    'longhornBackups',
    aBackup({ name: `${name}-1`, volume: 'theirs', seenMs, madeMs: seenMs - 2 * MINUTE_MS + skewMs }),
  );
}

/** Longhorn >= 1.7.2 notices that the data of a native backup is gone: it marks the object, then removes it. */
export function vanish(cluster: TargetCluster, name: string): void {
  const madeMs = cluster.nowMs - HOUR_MS;
  cluster.set(
    'longhornBackups',
    aBackup({ name, volume: 'own', seenMs: madeMs, madeMs, native: true, vanishing: true }),
  );
  cluster.delete('longhornBackups', name);
}
