import { getOrCreate } from '../group-by.ts';
import { isDangling } from './dangling.ts';
import { type Standing, standingOf } from './progress.ts';
import { uploadsOf } from './uploads.ts';
import { compareVersions } from '../versions.ts';
import { type ClusterView, perView } from '../view.ts';
import { failsBeforeFreeze } from '../objects/backup-error.ts';
import type { BackupType, VmBackup } from '../objects/vm-backup.ts';

export const BACKUP_STATES = [
  'deleting',
  'error',
  'degraded',
  'dangling',
  'ready',
  'pending',
  'in_progress',
] as const;
export type BackupState = (typeof BACKUP_STATES)[number];

/**
 * The state of a VMBackup; the first that fits. Harvester's page calls `degraded` and `dangling` ready, and an object
 * without conditions an error (harvester-ui-extension models/harvesterhci.io.virtualmachinebackup.js); we do not.
 */
export function vmBackupState(backup: VmBackup, dangling: boolean): BackupState {
  if (backup.deletingSinceMs !== undefined) return 'deleting';
  if (!backup.readyToUse && (backup.error !== undefined || backup.failed)) return 'error';
  // A value copy in Harvester 1.7–1.8 leaves readyToUse true beside the condition (bk/backup_metadata.go).
  if (backup.type === 'backup' && backup.degraded !== undefined) return 'degraded';
  if (backup.readyToUse) return dangling ? 'dangling' : 'ready';
  return backup.initialised ? 'in_progress' : 'pending';
}

export interface JudgedBackup {
  readonly backup: VmBackup;
  readonly state: BackupState;
  /** Being deleted for longer than that takes, or being made without any progress. */
  readonly stuck: boolean;
}

/** Every VMBackup with its state, once per view. */
export const judgedBackups: (view: ClusterView) => readonly JudgedBackup[] = perView((view) =>
  Array.from(view.vmBackups, (backup) => {
    const state = vmBackupState(backup, isDangling(view, backup));
    return { backup, state, stuck: isStuck(view, backup, state) };
  }),
);

/**
 * An upload is stuck when its progress stands still, whatever its age. Longhorn goes on, or hangs, beside a VMBackup in
 * error, too: its CSI plugin waits 30 s for an upload that takes hours (longhorn-manager csi/controller_server.go).
 */
function isStuck(view: ClusterView, backup: VmBackup, state: BackupState): boolean {
  const { nowMs, timing } = view;
  if (state === 'deleting') return nowMs - (backup.deletingSinceMs ?? nowMs) > timing.deletingStuckAfterMs;
  if (state !== 'in_progress' && state !== 'error') return false;
  const uploads = uploadsOf(view, backup).filter(({ standing }) => standing !== undefined);
  if (uploads.some(({ standing }) => standing?.moves)) return false;
  const hangs = uploads.some((upload) => upload.state === 'hangs');
  if (state === 'error') return hangs;
  const own = backupStanding(view, backup);
  return !own.moves && (uploads.length === 0 ? own.stuck : hangs);
}

/** How the progress of a VMBackup that is being made stands, by itself. */
export const backupStanding = (view: ClusterView, backup: VmBackup): Standing =>
  standingOf(view, {
    progress: backup.progress,
    createdMs: backup.createdMs,
    writtenMs: backup.writtenMs,
    sizeBytes: backup.volumes.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
    past: view.progressHistory.of('vmBackup', backup.namespace, backup.name),
  });

/** Whether a state calls for a person: one `harvester_vmbackup_problem` each. */
export const isProblem = ({ state, stuck }: JudgedBackup): boolean =>
  stuck || state === 'error' || state === 'degraded' || state === 'dangling';

/** Harvester's version, `1.4.1`; undefined while the Setting `server-version` is unread or no release (`master-…`). */
export const harvesterVersion: (view: ClusterView) => string | undefined = perView((view) => {
  for (const { version } of view.serverVersions) {
    return /^v?(\d+\.\d+\.\d+)(?:[-+].*)?$/.exec(version ?? '')?.[1];
  }
  return undefined;
});

/**
 * Whether each retry of a VMBackup that is not ready freezes its VM, by the code of the Harvester release:
 * up to 1.4 a volume without VolumeSnapshot freezes first (bk/backup.go reconcileVolumeSnapshots) if the annotation
 * says so, or, before it was decided, if the agent is connected; from 1.5 the annotation is computed anew on each
 * attempt, and a volume whose Longhorn backup is known is skipped (freezeFsIfNeeded). An unknown release is taken for
 * the older. Errors that no freeze precedes (a missing VM, a VolumeSnapshot that exists and failed) freeze nothing.
 */
export function freezesGuest(view: ClusterView, backup: VmBackup): boolean {
  const vmi = view.vmis.get(backup.namespace, backup.vm);
  if (vmi?.phase !== 'Running' || backup.deletingSinceMs !== undefined) return false;
  const version = harvesterVersion(view);
  if (failsWithoutFreeze(backup, version)) return false;
  if (version === undefined || compareVersions(version, '1.5.0') < 0) {
    return backup.freezeAnnotation ?? vmi.agentConnected;
  }
  return vmi.agentConnected && backup.volumes.some(({ longhornBackup }) => longhornBackup === undefined);
}

/**
 * Whether the error of its last attempt came before any freeze. A VMBackup without status failed at its
 * initialisation, which comes first (bk/backup.go initBackup). For `lh_backup_not_found` another volume, without a
 * Longhorn backup, may have caused a freeze before.
 */
const failsWithoutFreeze = ({ error, initialised }: VmBackup, version: string | undefined): boolean =>
  error !== undefined &&
  (!initialised || (error !== 'lh_backup_not_found' && failsBeforeFreeze(error, version)));

/** The type and state of every VMBackup of a namespace, counted; a namespace and type without any is not in it. */
export function countByState(
  backups: Iterable<JudgedBackup>,
): ReadonlyMap<string, ReadonlyMap<BackupType, ReadonlyMap<BackupState, number>>> {
  const counts = new Map<string, Map<BackupType, Map<BackupState, number>>>();
  for (const { backup, state } of backups) {
    const types = getOrCreate(
      counts,
      backup.namespace,
      () => new Map<BackupType, Map<BackupState, number>>(),
    );
    const states = getOrCreate(types, backup.type, () => new Map(BACKUP_STATES.map((each) => [each, 0])));
    states.set(state, (states.get(state) ?? 0) + 1);
  }
  return counts;
}
