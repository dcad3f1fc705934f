import {
  type BackupState,
  freezesGuest,
  isProblem,
  type JudgedBackup,
  judgedBackups,
} from './backup-state.ts';
import { groupBy } from '../group-by.ts';
import { type ClusterView, perView } from '../view.ts';

/**
 * VMBackups with series of their own, at most, in one namespace. Ten thousand broken ones must not become ten
 * thousand series: the others still count in `harvester_vmbackups`.
 */
export const DETAILED_BACKUPS_PER_NAMESPACE = 50;

interface NotReadyBackup extends JudgedBackup {
  readonly freezesGuest: boolean;
}

/**
 * The VMBackups that are not ready or not well, bounded per namespace. Every VM keeps its worst before any VM keeps its
 * second; ages break ties, so that the choice does not flicker from scrape to scrape.
 */
export const detailedBackups: (view: ClusterView) => readonly NotReadyBackup[] = perView((view) => {
  const byNamespace = groupBy(candidates(view), ({ backup }) => backup.namespace);
  return [...byNamespace.values()].flatMap((backups) =>
    backups.length <= DETAILED_BACKUPS_PER_NAMESPACE ? backups : worst(backups),
  );
});

const candidates = (view: ClusterView): NotReadyBackup[] =>
  judgedBackups(view)
    .filter((judged) => judged.state !== 'ready')
    .map((judged) => ({ ...judged, freezesGuest: freezesGuest(view, judged.backup) }));

function worst(backups: readonly NotReadyBackup[]): readonly NotReadyBackup[] {
  const byVm = groupBy(backups.toSorted(worstFirst), ({ backup }) => backup.vm);
  return [...byVm.values()]
    .flatMap((ofVm) => ofVm.map((judged, rank) => ({ judged, rank })))
    .sort((a, b) => a.rank - b.rank || worstFirst(a.judged, b.judged))
    .slice(0, DETAILED_BACKUPS_PER_NAMESPACE)
    .map(({ judged }) => judged);
}

const SEVERITY: Readonly<Record<BackupState, number>> = {
  error: 0,
  degraded: 1,
  dangling: 2,
  deleting: 3,
  in_progress: 4,
  pending: 5,
  ready: 6,
};

const worstFirst = (a: NotReadyBackup, b: NotReadyBackup): number =>
  Number(isProblem(b)) - Number(isProblem(a)) ||
  Number(b.freezesGuest) - Number(a.freezesGuest) ||
  SEVERITY[a.state] - SEVERITY[b.state] ||
  (a.backup.createdMs ?? 0) - (b.backup.createdMs ?? 0) ||
  a.backup.name.localeCompare(b.backup.name);
