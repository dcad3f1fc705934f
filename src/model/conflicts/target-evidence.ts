import { type JudgedBackup, judgedBackups } from '../backups/backup-state.ts';
import type { BackupVolume, LonghornBackup } from '../objects/longhorn.ts';
import {
  type CurrentTarget,
  currentTargets,
  isAtCurrentTarget,
  isCurrentLocation,
  isHarvesters,
} from '../targets/current-target.ts';
import { foreignVolumes, isLocalWriter, liveForeignWrites } from './foreign-writes.ts';
import { type OwnVolumes, ownVolumes } from './own-volumes.ts';
import { type ClusterView, perView } from '../view.ts';
import type { VmBackup } from '../objects/vm-backup.ts';

/** The evidence that a target is shared, or not, and that data is lost: the objects themselves. */
export interface TargetEvidence {
  readonly current: CurrentTarget;
  /** All inputs were listed and the target was synced lately; otherwise a missing object may only be unread. */
  readonly conclusive: boolean;
  readonly foreignVolumes: readonly BackupVolume[];
  readonly liveForeignWrites: readonly LonghornBackup[];
  /** VMBackups that Harvester imported from the target, from any writer. */
  readonly imported: readonly VmBackup[];
  /** Those of them whose volumes were never here nor restored here. */
  readonly importedForeign: readonly VmBackup[];
  /** Those of them another cluster made while this one watched. */
  readonly liveImports: readonly VmBackup[];
  /** VMBackups made by a schedule this cluster does not have. */
  readonly foreignSchedules: readonly VmBackup[];
  /** In error because Longhorn does not know the backup. */
  readonly notFound: readonly VmBackup[];
  /** Made here and ready, but the data is gone; see `isDangling`. */
  readonly dangling: readonly VmBackup[];
  /** Harvester itself found and reported that the data is gone. */
  readonly degraded: readonly VmBackup[];
  readonly localWriter: boolean;
  /** Imports in `notFound` that were deleted since: deleting them left their cause as it was. */
  readonly deletedImports: number;
}

/** The evidence of every current target. */
export const targetEvidence: (view: ClusterView) => readonly TargetEvidence[] = perView((view) =>
  currentTargets(view).map((current) => {
    const harvesters = isHarvesters(current.target);
    const writes = liveForeignWrites(view, current);
    return {
      current,
      conclusive: current.fresh && view.backupVolumes.available && ownVolumes(view).complete,
      foreignVolumes: foreignVolumes(view, current),
      liveForeignWrites: writes,
      // Harvester knows one target, so its VMBackups are evidence of that one only.
      ...importsOf(view, harvesters ? judgedBackups(view) : [], writes),
      localWriter: isLocalWriter(view, current, harvesters),
      deletedImports: harvesters ? deletedImports(view) : 0,
    };
  }),
);

type VmBackupEvidence = Omit<
  TargetEvidence,
  'current' | 'conclusive' | 'foreignVolumes' | 'liveForeignWrites' | 'localWriter' | 'deletedImports'
>;

function importsOf(
  view: ClusterView,
  judged: readonly JudgedBackup[],
  writes: readonly LonghornBackup[],
): VmBackupEvidence {
  const here = judged.filter(({ backup }) => isAtCurrentTarget(view, backup));
  const inState = (state: JudgedBackup['state']): VmBackup[] =>
    here.filter((each) => each.state === state).map(({ backup }) => backup);
  // A VMBackup without volumes is new and untouched by its controller; it is no import.
  const imported = here
    .map(({ backup }) => backup)
    .filter((backup) => backup.imported && backup.volumes.length > 0);
  const own = ownVolumes(view);
  const importedForeign = imported.filter((backup) => isForeign(own, backup));
  const written = new Set(writes.map(({ name }) => name));
  return {
    imported,
    importedForeign,
    liveImports: importedForeign.filter(({ volumes }) =>
      volumes.some(({ longhornBackup }) => longhornBackup !== undefined && written.has(longhornBackup)),
    ),
    foreignSchedules: foreignSchedules(
      view,
      here.map(({ backup }) => backup),
    ),
    notFound: inState('error').filter(({ error }) => error === 'lh_backup_not_found'),
    dangling: inState('dangling').filter((backup) => !backup.imported),
    degraded: inState('degraded').filter(({ degraded }) => degraded === 'missing_in_target'),
  };
}

/** Until the peer was silent for as long as its writes count as evidence. */
function deletedImports(view: ClusterView): number {
  const { targetHistory, nowMs, timing } = view;
  return [...targetHistory.failedImports.values()]
    .filter(({ atMs }) => nowMs - atMs <= timing.conflictEvidenceMs)
    .filter(({ location }) => isCurrentLocation(view, location))
    .reduce((sum, { count }) => sum + count, 0);
}

function isForeign({ known, adopted }: OwnVolumes, { volumes }: VmBackup): boolean {
  return volumes.every(({ volume }) => volume !== undefined && !known.has(volume) && !adopted.has(volume));
}

/** Harvester names a schedule's backups `svmb-<uid of the schedule>-<time>`; an imported copy has no other trace of it. */
const SCHEDULED_NAME = /^svmb-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-/;

function foreignSchedules(view: ClusterView, backups: readonly VmBackup[]): readonly VmBackup[] {
  const local = new Set(Array.from(view.schedules, ({ uid }) => uid));
  return backups.filter(({ name, scheduleUid }) => {
    const uid = SCHEDULED_NAME.exec(name)?.[1];
    return uid !== undefined && scheduleUid === undefined && !local.has(uid);
  });
}
