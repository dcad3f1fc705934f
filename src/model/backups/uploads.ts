import { DEFAULT_TARGET, type LonghornBackup } from '../objects/longhorn.ts';
import type { VmBackup } from '../objects/vm-backup.ts';
import { type ClusterView, perView } from '../view.ts';
import { type Progress, rateOf, type Standing, standingOf } from './progress.ts';

/** How the Longhorn Backup of one volume of a VMBackup fares. */
type UploadState = 'complete' | 'uploading' | 'hangs' | 'failed' | 'missing';

export interface Upload {
  readonly name: string;
  readonly state: UploadState;
  readonly backup: LonghornBackup | undefined;
  /** Only for an upload that still runs. */
  readonly standing: Standing | undefined;
  /** Bytes a second, and the end at that rate; undefined where the rate is not known. */
  readonly rate: number | undefined;
  readonly endMs: number | undefined;
}

/** The Longhorn Backups a VMBackup names, in the order of its volumes; none while they cannot be read. */
export function uploadsOf(view: ClusterView, { volumes }: VmBackup): readonly Upload[] {
  if (!view.longhornBackups.available) return [];
  return volumes.flatMap(({ longhornBackup: name, sizeBytes }) =>
    name === undefined ? [] : [uploadOf(view, name, longhornBackupNamed(view, name), sizeBytes ?? 0)],
  );
}

const isUnfinished = ({ state }: LonghornBackup): boolean =>
  state === 'New' || state === 'Pending' || state === 'InProgress';

function uploadOf(
  view: ClusterView,
  name: string,
  backup: LonghornBackup | undefined,
  notedBytes: number,
): Upload {
  const done = { name, backup, standing: undefined, rate: undefined, endMs: undefined };
  if (backup === undefined) return { ...done, state: 'missing' };
  if (backup.state === 'Completed') return { ...done, state: 'complete' };
  if (!isUnfinished(backup)) return { ...done, state: 'failed' };
  const item = progressOf(view, backup, notedBytes);
  const standing = standingOf(view, item);
  const rate = standing.stuck ? undefined : rateOf(view, item);
  const leftBytes = (1 - backup.progress / 100) * item.sizeBytes;
  const endMs = rate === undefined ? undefined : view.nowMs + (leftBytes * 1_000) / rate;
  return { name, backup, standing, rate, endMs, state: standing.stuck ? 'hangs' : 'uploading' };
}

const progressOf = (view: ClusterView, backup: LonghornBackup, notedBytes: number): Progress => ({
  progress: backup.progress,
  createdMs: backup.createdMs,
  writtenMs: backup.statusWrittenMs,
  sizeBytes: backup.sizeBytes === 0 ? notedBytes : backup.sizeBytes,
  past: view.progressHistory.of('longhornBackup', backup.namespace, backup.name),
});

/** Longhorn keeps all its objects in one namespace, so that names are unique. */
const longhornBackupNamed = (view: ClusterView, name: string): LonghornBackup | undefined =>
  view.longhornBackups.get(longhornNamespace(view), name);

const longhornNamespace: (view: ClusterView) => string = perView(({ longhornBackups, backupTargets }) => {
  for (const { namespace } of longhornBackups) return namespace;
  for (const { name, namespace } of backupTargets) if (name === DEFAULT_TARGET) return namespace;
  return '';
});
