import { fingerprint } from '../model/conflicts/fingerprint.ts';
import { groupBy } from '../model/group-by.ts';
import { currentTargets, type CurrentTarget } from '../model/targets/current-target.ts';
import { targetEvidence } from '../model/conflicts/target-evidence.ts';
import type { ClusterView } from '../model/view.ts';
import { type Evidence, type Finding, runbookOf } from './finding.ts';
import { shellWord } from './shell-word.ts';
import { listed } from './wording.ts';

export interface NamedView {
  /** How the operator calls the cluster: its context. */
  readonly name: string;
  readonly view: ClusterView;
}

interface Claim {
  readonly name: string;
  readonly view: ClusterView;
  readonly current: CurrentTarget;
  readonly hashes: readonly string[];
}

/** Equal names of private places prove nothing; so many equal volumes do, if there are enough to compare. */
const EQUAL_HASHES = 6;
const FEW_VOLUMES = 4;

/**
 * Targets that several clusters use: the same public place, or a private one with the same content. Contexts that lead
 * to one cluster count once; a cluster whose uid could not be read is not compared.
 */
export function findSharedTargets(clusters: readonly NamedView[]): readonly Finding[] {
  const claims = distinct(clusters).flatMap(claimsOf);
  const byPlace = groupBy(claims, ({ current }) => current.place.targetId);
  return [...byPlace.values()].flatMap((samePlace) => {
    const [first] = samePlace;
    if (first === undefined) return [];
    const sharing = samePlace.filter((claim) =>
      samePlace.some((other) => other !== claim && isOneStore(claim, other)),
    );
    return sharing.length < 2 ? [] : [findingOf(first.current, sharing)];
  });
}

function distinct(clusters: readonly NamedView[]): readonly NamedView[] {
  const byUid = groupBy(
    clusters.filter(({ view }) => view.clusterUid !== undefined),
    ({ view }) => view.clusterUid,
  );
  return [...byUid.values()].flatMap(([first]) => first ?? []);
}

const claimsOf = ({ name, view }: NamedView): readonly Claim[] =>
  currentTargets(view).map((current) => ({
    name,
    view,
    current,
    hashes: fingerprint([...view.backupVolumes].filter(({ target }) => target === current.target.name)),
  }));

function isOneStore(one: Claim, other: Claim): boolean {
  if (one.current.place.scope === 'public') return true;
  const common = one.hashes.filter((hash) => other.hashes.includes(hash)).length;
  const fewest = Math.min(one.hashes.length, other.hashes.length);
  return common >= EQUAL_HASHES || (fewest >= FEW_VOLUMES && common === fewest);
}

function findingOf({ place }: CurrentTarget, sharing: readonly Claim[]): Finding {
  const names = sharing.map(({ name }) => name);
  const harmed = sharing.filter(isHarmed);
  const conflict = harmed.length > 0 && sharing.filter(isWriter).length > 1;
  const id = conflict
    ? 'HarvesterBackupTargetConflictAcrossClusters'
    : 'HarvesterBackupTargetSharedAcrossClusters';
  return {
    id,
    severity: conflict ? 'critical' : 'warning',
    title: `Clusters ${listed(names)} use one backup target: ${place.target}`,
    subject: { target: place.target, clusters: names },
    evidence: [
      { label: 'target_id', value: place.targetId },
      ...sharing.map((claim) => claimEvidence(claim)),
      {
        label: 'Backups missing or failing',
        value: harmed.length === 0 ? 'in none of them' : `in ${listed(harmed.map(({ name }) => name))}`,
      },
    ],
    explanation:
      'Harvester imports what it finds in a target, and deletes there what is deleted here: each of these clusters can destroy the backups of the others.',
    remedy: {
      text: 'In this order: suspend the schedules of all of them; delete the failed VMBackups that are safe to delete; give each cluster but one a bucket or export of its own; only then delete there what it imported; resume the schedules.',
      commands: names.map((name) => `freezewatch break-loop --context ${shellWord(name)}`),
    },
    runbook: runbookOf(id),
  };
}

const evidenceAt = ({ view, current }: Claim) =>
  targetEvidence(view).find((evidence) => evidence.current.place.targetId === current.place.targetId);

function isHarmed(claim: Claim): boolean {
  const evidence = evidenceAt(claim);
  if (evidence === undefined) return false;
  return evidence.notFound.length + evidence.dangling.length + evidence.degraded.length > 0;
}

const isWriter = (claim: Claim): boolean => evidenceAt(claim)?.localWriter === true;

const claimEvidence = (claim: Claim): Evidence => ({
  label: `Cluster ${claim.name}`,
  value: `${claim.view.clusterUid ?? ''}, ${isWriter(claim) ? 'writes to it' : 'only reads it'}`,
});
