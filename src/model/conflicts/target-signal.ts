import type { TargetEvidence } from './target-evidence.ts';
import type { ClusterView } from '../view.ts';

export const TARGET_SIGNALS = [
  'foreign_volume',
  'live_foreign_write',
  'imported_backup',
  'live_import',
  'foreign_schedule',
  'not_found',
  'dangling',
  'degraded',
  'local_writer',
  'deleted_import',
] as const;
export type TargetSignal = (typeof TARGET_SIGNALS)[number];

/**
 * The count behind each piece of evidence, and for `local_writer` 1 or 0. undefined while an input of it was not
 * listed, or, where the answer depends on what Longhorn read from the store, while that is old.
 */
export function signalCount(
  view: ClusterView,
  evidence: TargetEvidence,
  signal: TargetSignal,
): number | undefined {
  const { vmBackups, schedules, longhornBackups } = view;
  const known = (available: boolean, count: number): number | undefined => (available ? count : undefined);
  switch (signal) {
    case 'foreign_volume':
      return known(evidence.conclusive, evidence.foreignVolumes.length);
    case 'live_foreign_write':
      return known(evidence.conclusive, recentForeignWrites(view, evidence));
    case 'imported_backup':
      return known(vmBackups.available, evidence.imported.length);
    case 'live_import':
      return known(evidence.conclusive, evidence.liveImports.length);
    case 'foreign_schedule':
      return known(vmBackups.available && schedules.available, evidence.foreignSchedules.length);
    case 'not_found':
      return known(vmBackups.available, evidence.notFound.length);
    case 'dangling':
      return known(evidence.conclusive && evidence.current.target.available, evidence.dangling.length);
    case 'degraded':
      return known(vmBackups.available, evidence.degraded.length);
    case 'local_writer':
      return known(longhornBackups.available, Number(evidence.localWriter));
    case 'deleted_import':
      return known(vmBackups.available, evidence.deletedImports);
  }
}

/** Within the shorter window, which proves that the target is shared now. */
export function recentForeignWrites(
  { nowMs, timing }: ClusterView,
  { liveForeignWrites }: TargetEvidence,
): number {
  return liveForeignWrites.filter(
    ({ backupCreatedMs }) => nowMs - (backupCreatedMs ?? -Infinity) <= timing.sharedEvidenceMs,
  ).length;
}
