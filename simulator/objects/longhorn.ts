import type { RemoteBackup } from '../longhorn/bucket.ts';
import type { TargetSpec } from '../cluster-spec.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Site } from '../site.ts';
import { goDuration, stamp } from '../site.ts';

/** Longhorn removes an object with this label without touching the store. */
export const OBJECT_ONLY_LABEL = 'longhorn.io/delete-custom-resource-only';

const targetUrl = ({ bucket, region }: TargetSpec): string => `s3://${bucket}@${region}/`;

interface LonghornBackupState {
  /** Empty for a backup pulled from the store. */
  readonly snapshotName: string;
  readonly state: '' | 'Pending' | 'InProgress' | 'Completed' | 'Error';
  readonly progress: number;
  readonly error?: string;
}

/** The Backup of one volume, made here or pulled. */
export function longhornBackup(site: Site, remote: RemoteBackup, backup: LonghornBackupState): KubeObject {
  const { namedTargets } = site.release;
  const known = backup.state === 'Completed';
  return {
    apiVersion: 'longhorn.io/v1beta2',
    kind: 'Backup',
    metadata: {
      name: remote.name,
      namespace: site.spec.longhornNamespace,
      labels: { 'backup-volume': remote.volume, ...(namedTargets ? { 'backup-target': 'default' } : {}) },
      finalizers: ['longhorn.io'],
    },
    spec: {
      snapshotName: backup.snapshotName,
      backupMode: 'incremental',
      labels: { 'longhorn.io/volume-access-mode': 'rwx' },
    },
    status: {
      ownerID: site.spec.nodes[0],
      state: backup.state,
      progress: backup.progress,
      volumeName: remote.volume,
      ...(backup.error === undefined ? {} : { error: backup.error }),
      ...(namedTargets ? { backupTargetName: 'default' } : {}),
      lastSyncedAt: stamp(site),
      ...(known ? completed(site, remote) : {}),
    },
  };
}

const completed = (site: Site, remote: RemoteBackup): Readonly<Record<string, unknown>> => ({
  snapshotName: remote.snapshotName,
  snapshotCreatedAt: remote.snapshotCreatedAt,
  backupCreatedAt: remote.createdAt,
  size: String(remote.sizeBytes),
  volumeSize: String(remote.sizeBytes),
  labels: remote.labels,
  url: `${site.spec.target === undefined ? '' : targetUrl(site.spec.target)}?backup=${remote.name}&volume=${remote.volume}`,
});

/** What the store holds for one volume. The object is named like the volume up to Longhorn 1.7. */
export function backupVolume(
  site: Site,
  volume: { readonly name: string; readonly object: string; readonly createdAt: string },
  last: RemoteBackup | undefined,
): KubeObject {
  const { namedTargets } = site.release;
  return {
    apiVersion: 'longhorn.io/v1beta2',
    kind: 'BackupVolume',
    metadata: {
      name: volume.object,
      namespace: site.spec.longhornNamespace,
      labels: namedTargets ? { 'backup-target': 'default', 'backup-volume': volume.name } : {},
    },
    spec: namedTargets ? { backupTargetName: 'default', volumeName: volume.name } : {},
    status: {
      createdAt: volume.createdAt,
      lastBackupName: last?.name ?? '',
      lastBackupAt: last?.createdAt ?? '',
      size: String(last?.sizeBytes ?? 0),
      dataStored: String(Math.round((last?.sizeBytes ?? 0) / 4)),
      lastSyncedAt: stamp(site),
    },
  };
}

/** The BackupTarget `default`, as it looks after a poll. */
export function backupTarget(site: Site, available: boolean, lastSyncedAt: string): KubeObject {
  const { target, longhornPollMs, longhornNamespace } = site.spec;
  const refreshMs = site.release.namedTargets && target !== undefined ? target.refreshIntervalMs : 0;
  return {
    apiVersion: 'longhorn.io/v1beta2',
    kind: 'BackupTarget',
    metadata: { name: 'default', namespace: longhornNamespace },
    spec: {
      backupTargetURL: target === undefined ? '' : targetUrl(target),
      credentialSecret: target === undefined ? '' : 'harvester-backup-target-secret',
      pollInterval: goDuration(site, refreshMs > 0 ? refreshMs : longhornPollMs),
    },
    status: {
      ownerID: site.spec.nodes[0],
      available,
      lastSyncedAt,
      conditions: [
        {
          type: 'Unavailable',
          status: available ? 'False' : 'True',
          reason: available ? '' : 'Unavailable',
          message: available ? '' : 'failed to list backup volumes: connection refused',
          lastProbeTime: '',
          lastTransitionTime: '',
        },
      ],
    },
  };
}

/** The settings of Longhorn <= 1.7 that Harvester drives; from 1.8 on the BackupTarget alone says it. */
export function longhornSettings(site: Site): readonly KubeObject[] {
  const { target, longhornPollMs, longhornNamespace } = site.spec;
  const setting = (name: string, value: string): KubeObject => ({
    apiVersion: 'longhorn.io/v1beta2',
    kind: 'Setting',
    metadata: { name, namespace: longhornNamespace },
    value,
    status: { applied: true },
  });
  const failedTtl = setting('failed-backup-ttl', '1440');
  if (site.release.namedTargets) return [failedTtl];
  return [
    failedTtl,
    setting('backup-target', target === undefined ? '' : targetUrl(target)),
    setting('backup-target-credential-secret', target === undefined ? '' : 'harvester-backup-target-secret'),
    setting('backupstore-poll-interval', String(Math.round(longhornPollMs / 1_000 / site.clock.speed))),
  ];
}
