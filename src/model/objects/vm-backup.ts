import { DecodeError } from '../../errors.ts';
import { backupErrorReason, type BackupErrorReason } from './backup-error.ts';
import { type DegradedReason, degradedReason } from './degraded-reason.ts';
import type { Fields } from './fields.ts';
import { type Condition, type Metadata, conditionOf, lastWriteMs, objectParts, orEmpty } from './metadata.ts';
import { targetSpelling } from './target-spelling.ts';
import { type VolumeErrorReason, volumeErrorReason } from './volume-error.ts';

export const BACKUP_TYPES = ['backup', 'snapshot'] as const;
export type BackupType = (typeof BACKUP_TYPES)[number];

export interface VolumeBackup {
  /** Also the name of its VolumeSnapshot. */
  readonly name: string;
  readonly longhornBackup: string | undefined;
  /** The PersistentVolume, and so the Longhorn volume, in the cluster where the backup was made. */
  readonly volume: string | undefined;
  /** Absent where the release does not note it. */
  readonly sizeBytes?: number;
  /** Why its VolumeSnapshot failed, from the text, which is not kept. */
  readonly error?: VolumeErrorReason;
}

/** Where a backup was written, as Harvester notes it; no credentials are in it. */
export interface BackupLocation {
  readonly endpoint: string;
  readonly bucket: string;
}

/**
 * A VirtualMachineBackup, without the copies of Secrets and of the whole VM that its status carries
 * (`status.secretBackups`, `status.source`), which the decoder does not read.
 */
export interface VmBackup extends Metadata {
  readonly vm: string;
  readonly type: BackupType;
  /** Without a status subresource every write of the controller counts: a loop shows as about one a second. */
  readonly generation: number;
  /** Only the creating cluster sets `status.sourceUID`; an import from the target has none (Harvester backup.go initBackup). */
  readonly imported: boolean;
  /** `harvesterhci.io/snapshotFreezeFS`; undefined before the controller decided. */
  readonly freezeAnnotation: boolean | undefined;
  /** Made by a schedule of this cluster: the label an imported copy does not have. */
  readonly scheduleUid: string | undefined;
  readonly readyToUse: boolean;
  /** Completion, not start: the controller sets `status.creationTime` when the backup becomes ready. */
  readonly completedMs: number | undefined;
  readonly progress: number;
  /** The last write of any client, its controller included; undefined where the server keeps no such time. */
  readonly writtenMs: number | undefined;
  /** From the error text, which is not kept. undefined: no error. */
  readonly error: BackupErrorReason | undefined;
  /** Moves with every failing attempt. */
  readonly errorMs: number | undefined;
  /** Condition InProgress is False for reason Error. */
  readonly failed: boolean;
  /** When the first failing attempt was noted: the condition's time stays while the message does. */
  readonly failedSinceMs: number | undefined;
  /** Why Harvester wrote "Change back to non-ready" (>= 1.6); undefined where it did not. */
  readonly degraded: DegradedReason | undefined;
  /** Since when it is changed back, as far as the release notes it. */
  readonly degradedSinceMs: number | undefined;
  /** Source, volumes and conditions are filled in (Harvester IsBackupMissingStatus). */
  readonly initialised: boolean;
  readonly location: BackupLocation | undefined;
  /** See targetSpelling; undefined without a location. */
  readonly spelling: string | undefined;
  readonly volumes: readonly VolumeBackup[];
}

/** Throws DecodeError. */
export function decodeVmBackup(object: unknown): VmBackup {
  const { fields, metadata, labels, annotations, spec, status } = objectParts(object);
  const inProgress = conditionOf(status, 'InProgress');
  const message = status.child('error')?.text('message') ?? '';
  const failed = inProgress?.status === 'False' && inProgress.reason === 'Error';
  const volumes = status.children('volumeBackups').map(decodeVolumeBackup);
  const degraded = degradedCondition(status);
  return {
    ...metadata,
    vm: orEmpty(spec.child('source')).name('name'),
    type: backupType(spec),
    generation: fields.child('metadata')?.count('generation') ?? 0,
    imported: (status.text('sourceUID') ?? '') === '',
    freezeAnnotation: annotationFlag(annotations.text('harvesterhci.io/snapshotFreezeFS')),
    scheduleUid: labels.text('harvesterhci.io/svmbackupUID'),
    readyToUse: status.flag('readyToUse') ?? false,
    completedMs: status.timeMs('creationTime'),
    progress: status.count('progress') ?? 0,
    writtenMs: lastWriteMs(fields),
    error: errorReason(message === '' && failed ? inProgress.message : message, failed),
    errorMs: status.child('error')?.timeMs('time'),
    failed,
    failedSinceMs: failed ? inProgress.sinceMs : undefined,
    degraded: degraded === undefined ? undefined : degradedReason(degraded.reason),
    degradedSinceMs: degraded?.sinceMs,
    initialised:
      status.child('source') !== undefined && volumes.length > 0 && status.children('conditions').length > 0,
    location: location(status.child('backupTarget')),
    spelling: targetSpelling(status.child('backupTarget')),
    volumes,
  };
}

/** The type of a VMBackup or of a schedule's template; `backup` when it names no type. */
export function backupType(spec: Fields): BackupType {
  const text = spec.text('type') ?? '';
  const type = text === '' ? 'backup' : BACKUP_TYPES.find((candidate) => candidate === text);
  if (type === undefined) throw new DecodeError('object.spec.type', BACKUP_TYPES.join(' or '));
  return type;
}

const errorReason = (message: string, failed: boolean): BackupErrorReason | undefined =>
  message === '' && !failed ? undefined : backupErrorReason(message);

const annotationFlag = (text: string | undefined): boolean | undefined =>
  text === 'true' ? true : text === 'false' ? false : undefined;

function decodeVolumeBackup(volume: Fields): VolumeBackup {
  const claimSpec = volume.child('persistentVolumeClaim')?.child('spec');
  const sizeBytes = volume.count('volumeSize');
  const error = volume.child('error')?.text('message') ?? '';
  return {
    name: volume.text('name') ?? '',
    longhornBackup: textOrNone(volume.text('longhornBackupName')),
    volume: textOrNone(claimSpec?.text('volumeName')),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
    ...(error === '' ? {} : { error: volumeErrorReason(error) }),
  };
}

const textOrNone = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function degradedCondition(status: Fields): Condition | undefined {
  const ready = conditionOf(status, 'Ready');
  return ready?.status === 'False' && ready.message === 'Change back to non-ready' ? ready : undefined;
}

function location(target: Fields | undefined): BackupLocation | undefined {
  if (target === undefined) return undefined;
  return {
    endpoint: withoutUserInfo(target.text('endpoint') ?? ''),
    bucket: target.text('bucketName') ?? '',
  };
}

/** `https://user:secret@host/` loses its user part: it must not outlive the decoder. */
const withoutUserInfo = (url: string): string => url.replace(/^([a-z0-9+.-]+:\/\/)?[^/?#]*@/i, '$1');
