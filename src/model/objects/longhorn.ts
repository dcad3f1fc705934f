import { DecodeError } from '../../errors.ts';
import type { Fields } from './fields.ts';
import { parseGoDurationMs } from './go-duration.ts';
import { type Claim, decodeKubernetesStatus } from './kubernetes-status.ts';
import { type Metadata, lastWriteMs, objectParts } from './metadata.ts';
import { type TargetPlace, placeOfUrl } from './target-place.ts';

export const LONGHORN_BACKUP_STATES = [
  'New',
  'Pending',
  'InProgress',
  'Completed',
  'Error',
  'Unknown',
  'Deleting',
] as const;
type LonghornBackupState = (typeof LONGHORN_BACKUP_STATES)[number];

/** A Longhorn Backup: one volume's backup, made here or pulled from the store. */
export interface LonghornBackup extends Metadata {
  /**
   * Made by this cluster: only then `spec.snapshotName` is set; the controller that mirrors the store leaves it empty
   * (longhorn-manager controller/backup_volume_controller.go, 1.6 to 1.12).
   */
  readonly native: boolean;
  readonly state: LonghornBackupState;
  /** The name of its BackupTarget; there is only `default` up to Longhorn 1.7. */
  readonly target: string;
  /** Empty until it is known. */
  readonly volume: string;
  /** By the clock of the cluster that wrote it; the end of the upload. */
  readonly backupCreatedMs: number | undefined;
  /** 0 to 100; Longhorn itself shows up to 190 for the last block of a small backup (backupstore deltablock.go). */
  readonly progress: number;
  /** The last change of its status, progress included; undefined where the server does not say. */
  readonly statusWrittenMs: number | undefined;
  /** Of the volume; 0 until it is known. */
  readonly sizeBytes: number;
  /** The RecurringJob that made it (longhorn-manager app/recurringjob/volume.go); undefined for any other. */
  readonly recurringJob: string | undefined;
  readonly claim: Claim | undefined;
  /** Longhorn is removing only the object, because the data is gone from the store. */
  readonly objectOnlyRemoval: boolean;
}

/** Throws DecodeError. */
export function decodeLonghornBackup(object: unknown): LonghornBackup {
  const { fields, metadata, labels, spec, status } = objectParts(object);
  const [specLabels, statusLabels] = [spec.child('labels'), status.child('labels')];
  const text = status.text('state') ?? '';
  const state = text === '' ? 'New' : LONGHORN_BACKUP_STATES.find((candidate) => candidate === text);
  if (state === undefined) throw new DecodeError('object.status.state', LONGHORN_BACKUP_STATES.join(' or '));
  return {
    ...metadata,
    native: (spec.text('snapshotName') ?? '') !== '',
    state,
    target: labels.text('backup-target') ?? status.text('backupTargetName') ?? DEFAULT_TARGET,
    volume: labels.text('backup-volume') ?? status.text('volumeName') ?? '',
    backupCreatedMs: status.timeMs('backupCreatedAt'),
    progress: Math.min(100, status.count('progress') ?? 0),
    statusWrittenMs: lastWriteMs(fields, 'status'),
    sizeBytes: byteCount(status.text('volumeSize')),
    recurringJob: specLabels?.text('RecurringJob') ?? statusLabels?.text('RecurringJob'),
    // Longhorn notes the claim at birth in the spec of what it makes, and with the completion in the status.
    claim: decodeKubernetesStatus(
      statusLabels?.text('KubernetesStatus') ?? specLabels?.text('KubernetesStatus'),
    ),
    objectOnlyRemoval: labels.text('longhorn.io/delete-custom-resource-only') === 'true',
  };
}

/** Longhorn writes sizes as texts of digits. */
const byteCount = (text: string | undefined): number => (/^\d+$/.test(text ?? '') ? Number(text) : 0);

/** What the store holds for one volume, mirrored by Longhorn. */
export interface BackupVolume extends Metadata {
  /** The object is named like the volume up to Longhorn 1.7, with a random suffix from 1.8. */
  readonly volume: string;
  /** The name of its BackupTarget. */
  readonly target: string;
}

/** Throws DecodeError. */
export function decodeBackupVolume(object: unknown): BackupVolume {
  const { metadata, labels, spec } = objectParts(object);
  const volume = spec.text('volumeName') ?? '';
  return {
    ...metadata,
    volume: volume === '' ? metadata.name : volume,
    target: labels.text('backup-target') ?? spec.text('backupTargetName') ?? DEFAULT_TARGET,
  };
}

/** The BackupTarget Harvester drives, and the only one up to Longhorn 1.7. */
export const DEFAULT_TARGET = 'default';

export interface BackupTarget extends Metadata {
  /** undefined while no URL is set. */
  readonly place: TargetPlace | undefined;
  /** 0: polling is off. */
  readonly pollIntervalMs: number;
  readonly available: boolean;
  readonly lastSyncedMs: number | undefined;
}

const DEFAULT_POLL_INTERVAL_MS = 300_000;

/** Throws DecodeError. */
export function decodeBackupTarget(object: unknown): BackupTarget {
  const { metadata, spec, status } = objectParts(object);
  const interval = spec.text('pollInterval') ?? '';
  const pollIntervalMs = interval === '' ? DEFAULT_POLL_INTERVAL_MS : parseGoDurationMs(interval);
  if (pollIntervalMs === undefined) throw new DecodeError('object.spec.pollInterval', 'a duration');
  return {
    ...metadata,
    place: placeOfUrl(spec.text('backupTargetURL') ?? ''),
    pollIntervalMs,
    available: status.flag('available') ?? false,
    lastSyncedMs: status.timeMs('lastSyncedAt'),
  };
}

/** A Longhorn volume of this cluster. */
interface LonghornVolume extends Metadata {
  /** The volume whose backup this one was restored from; undefined for an original. */
  readonly restoredFrom: string | undefined;
}

/** Throws DecodeError. */
export function decodeLonghornVolume(object: unknown): LonghornVolume {
  const { metadata, spec } = objectParts(object);
  const query = /[?&]volume=([^&]+)/.exec(spec.text('fromBackup') ?? '');
  return { ...metadata, restoredFrom: query?.[1] };
}

/** A PersistentVolume; `longhornVolume` is undefined for other drivers. */
export interface PersistentVolume extends Metadata {
  readonly longhornVolume: string | undefined;
  /** The claim that has it; undefined while it is free. */
  readonly claim: Claim | undefined;
}

/** Throws DecodeError. */
export function decodePersistentVolume(object: unknown): PersistentVolume {
  const { metadata, spec } = objectParts(object);
  const csi = spec.child('csi');
  const isLonghorn = csi?.text('driver') === 'driver.longhorn.io';
  const longhornVolume = isLonghorn ? (csi.text('volumeHandle') ?? metadata.name) : undefined;
  return { ...metadata, longhornVolume, claim: claimOf(spec.child('claimRef')) };
}

function claimOf(reference: Fields | undefined): Claim | undefined {
  const [namespace, name] = [reference?.text('namespace'), reference?.text('name')];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}
