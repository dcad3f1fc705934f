const iso = (ms: number): string => new Date(ms).toISOString();
const longhorn = (name: string, createdMs: number, labels: object = {}): object => ({
  namespace: 'longhorn-system',
  name,
  uid: `uid-of-${name}`,
  creationTimestamp: iso(createdMs),
  labels,
});

/** A Longhorn volume of this cluster; `from` names the volume whose backup it was restored from. */
export const aVolume = (name: string, from?: string): object => ({
  metadata: longhorn(name, 0),
  spec: { fromBackup: from === undefined ? '' : `s3://hv-prod@us-east-1/?backup=backup-0&volume=${from}` },
});

export const aBackupVolume = (volume: string, seenMs: number): object => ({
  metadata: longhorn(`${volume}-8dd83638`, seenMs, { 'backup-target': 'default', 'backup-volume': volume }),
  spec: { backupTargetName: 'default', volumeName: volume },
});

interface BackupOptions {
  readonly name: string;
  readonly volume: string;
  /** When the object appeared here. */
  readonly seenMs: number;
  /** When its writer finished it, by the writer's clock. */
  readonly madeMs: number;
  readonly native?: boolean;
  readonly vanishing?: boolean;
  readonly state?: string;
}

/** A Longhorn Backup; pulled from the store unless native. */
export const aBackup = ({
  name,
  volume,
  seenMs,
  madeMs,
  native = false,
  vanishing = false,
  state = 'Completed',
}: BackupOptions): object => ({
  metadata: longhorn(name, seenMs, {
    'backup-target': 'default',
    'backup-volume': volume,
    ...(vanishing ? { 'longhorn.io/delete-custom-resource-only': 'true' } : {}),
  }),
  spec: { snapshotName: native ? `snapshot-of-${name}` : '' },
  status: { state, volumeName: volume, backupCreatedAt: iso(madeMs) },
});

interface VmBackupOptions {
  readonly name: string;
  readonly volume: string;
  readonly backup: string;
  readonly createdMs: number;
  readonly imported?: boolean;
  /** The error of the incident, first met at this time. */
  readonly notFoundMs?: number;
  /** Harvester >= 1.6 found the data gone. */
  readonly degraded?: boolean;
  readonly endpoint?: string;
}

/** VMBackup of a VM in namespace prod, on the bucket hv-prod; ready unless it failed. */
export function aVmBackup(options: VmBackupOptions): object {
  const { name, volume, backup, createdMs, imported = false, notFoundMs, degraded = false } = options;
  const message = `backups.longhorn.io "${backup}" not found`;
  const failed = notFoundMs !== undefined;
  return {
    metadata: {
      namespace: 'prod',
      name,
      uid: `uid-of-${name}`,
      creationTimestamp: iso(createdMs),
      generation: 7,
    },
    spec: { type: 'backup', source: { kind: 'VirtualMachine', name: 'db' } },
    status: {
      ...(imported ? {} : { sourceUID: 'uid-of-db' }),
      readyToUse: !failed,
      ...(failed ? { error: { time: iso(notFoundMs), message } } : { creationTime: iso(createdMs) }),
      backupTarget: {
        endpoint: options.endpoint ?? 'https://s3.example.net:9000',
        bucketName: 'hv-prod',
        bucketRegion: 'us-east-1',
      },
      source: { spec: {} },
      volumeBackups: [
        {
          name: `${name}-disk-0`,
          longhornBackupName: backup,
          persistentVolumeClaim: { spec: { volumeName: volume } },
        },
      ],
      conditions: [
        failed
          ? {
              type: 'InProgress',
              status: 'False',
              reason: 'Error',
              message,
              lastTransitionTime: iso(notFoundMs),
            }
          : { type: 'InProgress', status: 'False', message: 'Operation complete' },
        degraded
          ? {
              type: 'Ready',
              status: 'False',
              reason: `cannot find longhorn backup ${backup} in the backup target`,
              message: 'Change back to non-ready',
            }
          : { type: 'Ready', status: failed ? 'False' : 'True' },
      ],
    },
  };
}

const SCHEDULE_UID = '6d1f0a52-2f0e-4a39-9d5e-0f4a0c1b2d3e';
/** The name of a backup that a schedule made. */
export const SCHEDULED_NAME = `svmb-${SCHEDULE_UID}-20250301.0200`;

/** That schedule: nightly, of VM prod/db. */
export const aSchedule = (suspend = false): object => ({
  metadata: { namespace: 'prod', name: 'nightly', uid: SCHEDULE_UID },
  spec: {
    cron: '0 2 * * *',
    suspend,
    vmbackup: { type: 'backup', source: { kind: 'VirtualMachine', name: 'db' } },
  },
});
