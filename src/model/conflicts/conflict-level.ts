import { harvesterVersion } from '../backups/backup-state.ts';
import { compareVersions } from '../versions.ts';
import { isSharingAllowed } from './allowed-sharing.ts';
import { confirmationMs } from '../targets/current-target.ts';
import { missingBackups } from '../backups/dangling.ts';
import type { TargetEvidence } from './target-evidence.ts';
import { recentForeignWrites } from './target-signal.ts';
import type { ClusterView } from '../view.ts';
import type { VmBackup } from '../objects/vm-backup.ts';

/** 0 none, 1 foreign artefacts, 2 shared, 3 conflict. */
type ConflictLevel = 0 | 1 | 2 | 3;

/** Freezes before it binds to an existing Longhorn backup: up to this release an import that fails is a freeze loop. */
const LAST_LOOPING_RELEASE = '1.4.1';
/** So many backups gone within the hour are no accident. */
const MANY_LOSSES = 3;

/**
 * How sure it is that two clusters use the target, and whether that does harm:
 *
 * - 3: another cluster wrote to it within a week, this one writes too, and data is missing. Or, as a peer that only
 *   deletes leaves no other trace: an imported VMBackup fails because its data is gone; or many backups vanish from a
 *   store that has foreign artefacts. Without proof of the peer that is a conflict only up to Harvester 1.4.1 (or an
 *   unknown version), where it freezes VMs; on later releases it is 2.
 * - 2: imports that failed were deleted within a week: until the target changes, the next resync brings them back. Or
 *   another cluster wrote to it within a day. One whose sharing is allowed counts as 1.
 * - 1: there are volumes or VMBackups of elsewhere: a migration, a re-installation, or a peer that is quiet.
 *
 * undefined while the evidence is not conclusive. Where polling is off, 0 cannot be known and is undefined too.
 */
export function conflictLevel(view: ClusterView, evidence: TargetEvidence): ConflictLevel | undefined {
  if (!evidence.conclusive) return undefined;
  const { target, place } = evidence.current;
  const hasArtefacts = evidence.foreignVolumes.length > 0 || evidence.importedForeign.length > 0;
  const suspected =
    confirmedNotFound(view, evidence).some(({ imported }) => imported) ||
    (hasArtefacts && recentLosses(view, evidence).size >= MANY_LOSSES);
  if (isProvenConflict(view, evidence) || (suspected && freezesOnImport(view))) return 3;
  if (suspected || evidence.deletedImports > 0) return 2;
  if (recentForeignWrites(view, evidence) > 0) return isAllowed(view, place.targetId) ? 1 : 2;
  if (hasArtefacts || evidence.liveForeignWrites.length > 0) return 1;
  return target.pollIntervalMs === 0 ? undefined : 0;
}

function isProvenConflict(view: ClusterView, evidence: TargetEvidence): boolean {
  if (evidence.liveForeignWrites.length === 0 || !evidence.localWriter) return false;
  return (
    confirmedNotFound(view, evidence).length > 0 ||
    isDataMissing(view, evidence) ||
    evidence.degraded.length > 0
  );
}

const isDataMissing = (view: ClusterView, evidence: TargetEvidence): boolean =>
  evidence.dangling.length > 0 || recentlyVanished(view, evidence).length > 0;

/** An import may be faster than Longhorn's poll: then the error passes by itself. */
function confirmedNotFound(view: ClusterView, { notFound, current }: TargetEvidence): readonly VmBackup[] {
  const graceMs = Math.max(view.timing.errorConfirmedAfterMs, confirmationMs(view, current.target));
  return notFound.filter(({ failedSinceMs }) => view.nowMs - (failedSinceMs ?? Infinity) > graceMs);
}

/** Native backups that vanished from the store within the hour and did not come back. */
function recentlyVanished(view: ClusterView, { current }: TargetEvidence): readonly string[] {
  const { removalSettledAfterMs, removalEvidenceMs } = view.timing;
  return [...view.targetHistory.losses].flatMap(([name, { target, atMs, vanished }]) => {
    const ageMs = view.nowMs - atMs;
    const counts = ageMs >= removalSettledAfterMs && ageMs <= removalEvidenceMs;
    return vanished && target === current.target.name && counts ? [name] : [];
  });
}

/** Backups lost within the hour: those that vanished, and those that a VMBackup misses which was made here. */
function recentLosses(view: ClusterView, evidence: TargetEvidence): ReadonlySet<string> {
  const { losses } = view.targetHistory;
  const missed = evidence.dangling
    .flatMap((backup) => missingBackups(view, evidence.current, backup))
    .filter((name) => view.nowMs - (losses.get(name)?.atMs ?? -Infinity) <= view.timing.removalEvidenceMs);
  return new Set([...recentlyVanished(view, evidence), ...missed]);
}

function freezesOnImport(view: ClusterView): boolean {
  const version = harvesterVersion(view);
  return version === undefined || compareVersions(version, LAST_LOOPING_RELEASE) <= 0;
}

function isAllowed({ allowedSharing, nowMs, clusterUid }: ClusterView, targetId: string): boolean {
  return isSharingAllowed(allowedSharing, nowMs, targetId, clusterUid === undefined ? [] : [clusterUid]);
}
