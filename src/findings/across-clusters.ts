import { fingerprint } from '../model/conflicts/fingerprint.ts';
import { EQUAL_STORE } from '../model/thresholds.ts';
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

/**
 * Targets that several clusters use: the same public place; a private one with the same content; or the same content
 * under different names. Contexts that lead to one cluster count once; a cluster whose uid could not be read is not
 * compared.
 */
export function findSharedTargets(clusters: readonly NamedView[]): readonly Finding[] {
  const claims = distinct(clusters).flatMap(claimsOf);
  return storesOf(claims).flatMap((sharing) => {
    const [first] = sharing;
    return first === undefined || sharing.length < 2 ? [] : [findingOf(first.current, sharing)];
  });
}

/** The claims by store: two are of one store when a chain of others leads from one to the other. */
function storesOf(claims: readonly Claim[]): readonly (readonly Claim[])[] {
  return claims.reduce<readonly (readonly Claim[])[]>((stores, claim) => {
    const joined = stores.filter((store) => store.some((other) => isOneStore(claim, other)));
    const others = stores.filter((store) => !joined.includes(store));
    return [...others, [...joined.flat(), claim]];
  }, []);
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
  // Two targets of one cluster are its own affair.
  if (one.view === other.view) return false;
  const { hashes, fewHashes } = EQUAL_STORE;
  const common = one.hashes.filter((hash) => other.hashes.includes(hash)).length;
  if (one.current.place.targetId !== other.current.place.targetId) {
    // A reader of a copy under another name is a DR site; two writers more likely share one store.
    return common >= hashes && isWriter(one) && isWriter(other);
  }
  if (one.current.place.scope === 'public') return true;
  const fewest = Math.min(one.hashes.length, other.hashes.length);
  return common >= hashes || (fewest >= fewHashes && common === fewest);
}

function findingOf({ place }: CurrentTarget, sharing: readonly Claim[]): Finding {
  const names = unique(sharing.map(({ name }) => name));
  const targets = unique(sharing.map(({ current }) => current.place.target));
  const harmed = unique(sharing.filter(isHarmed).map(({ name }) => name));
  const conflict = harmed.length > 0 && sharing.filter(isWriter).length > 1;
  const id = conflict
    ? 'HarvesterBackupTargetConflictAcrossClusters'
    : 'HarvesterBackupTargetSharedAcrossClusters';
  const what =
    targets.length === 1
      ? `one backup target: ${place.target}`
      : `one store, or a copy of it: ${listed(targets)}`;
  return {
    id,
    severity: conflict ? 'critical' : 'warning',
    title: `Clusters ${listed(names)} use ${what}`,
    subject: { target: place.target, clusters: names },
    evidence: [
      { label: 'target_id', value: unique(sharing.map(({ current }) => current.place.targetId)).join(', ') },
      ...sharing.map((claim) => claimEvidence(claim)),
      {
        label: 'Backups missing or failing',
        value: harmed.length === 0 ? 'in none of them' : `in ${listed(harmed)}`,
      },
    ],
    explanation: `${targets.length === 1 ? '' : SAME_CONTENT}Harvester imports what it finds in a target, and deletes there what is deleted here: each of these clusters can destroy the backups of the others.`,
    remedy: {
      text: 'In this order: suspend the schedules of all of them; delete the failed VMBackups that are safe to delete; give each cluster but one a bucket or export of its own; only then delete there what it imported; resume the schedules.',
      commands: names.map((name) => `freezewatch break-loop --context ${shellWord(name)}`),
    },
    runbook: runbookOf(id),
  };
}

const SAME_CONTENT =
  'The names differ, and the stores hold the same volumes: one store under two names, or a copy. Compare the addresses first. If it is one store: ';

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

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
