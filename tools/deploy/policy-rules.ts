import { CLUSTER_UID_PATH } from '../../src/inputs/cluster-uid.ts';
import type { Resource } from '../../src/model/resource.ts';
import { type Kind, KINDS, namespaceRole, resources, verbsOf } from '../../src/model/resources.ts';

/** One rule of a Role or ClusterRole (rbac.authorization.k8s.io/v1). */
interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

/**
 * Where rules are granted: `cluster` and `launcherLogs` everywhere, the latter only unless launcher logs are off; the
 * others in one namespace; `breakLoop`, everywhere, to the person who deletes VMBackups, never to the exporter.
 */
export const ROLES = [
  'cluster',
  'launcherLogs',
  'kubevirtNamespace',
  'longhornNamespace',
  'breakLoop',
] as const;
type Role = (typeof ROLES)[number];

/** The least that each role needs: computed from the table of watched kinds and from how each of them is read. */
export function policyRules(): Readonly<Record<Role, readonly PolicyRule[]>> {
  const grants = watchedGrants();
  const of = (role: Role): readonly PolicyRule[] =>
    merged(grants.filter((grant) => grant.role === role).map(({ rule }) => rule));
  return {
    cluster: [...of('cluster'), clusterUidRule()],
    launcherLogs: [...of('launcherLogs'), POD_LOGS],
    kubevirtNamespace: [...of('kubevirtNamespace'), POD_LOGS],
    longhornNamespace: of('longhornNamespace'),
    // It judges by all that the exporter sees but launchers; a person has no other role to see it with.
    breakLoop: merged([
      ...of('cluster'),
      clusterUidRule(),
      ...of('kubevirtNamespace'),
      ...of('longhornNamespace'),
      POD_LOGS,
      ...BREAK_LOOP,
    ]),
  };
}

const POD_LOGS: PolicyRule = { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] };

/**
 * What `freezewatch break-loop` reads besides the watched kinds, and what it deletes. VolumeSnapshots and Longhorn
 * Backups are only read: whether one exists decides whether deleting its VMBackup would destroy data.
 */
const BREAK_LOOP: readonly PolicyRule[] = [
  { apiGroups: ['harvesterhci.io'], resources: ['virtualmachinebackups'], verbs: ['get', 'delete'] },
  { apiGroups: ['snapshot.storage.k8s.io'], resources: ['volumesnapshots'], verbs: ['get'] },
  { apiGroups: ['longhorn.io'], resources: ['backups'], verbs: ['get'] },
];

interface Grant {
  readonly role: Role;
  readonly rule: PolicyRule;
}

const watchedGrants = (): readonly Grant[] =>
  KINDS.map((kind) => ({ role: roleOf(kind), rule: ruleOf(kind, TABLE[kind]) }));

/** The namespaces do not matter here: a role of its own holds the rules of each. */
const TABLE = resources({ kubevirt: '', longhorn: '' });
const ROLE_OF_NAMESPACE = { kubevirt: 'kubevirtNamespace', longhorn: 'longhornNamespace' } as const;

function roleOf(kind: Kind): Role {
  const namespace = namespaceRole(kind);
  if (namespace !== undefined) return ROLE_OF_NAMESPACE[namespace];
  return kind === 'virtLaunchers' ? 'launcherLogs' : 'cluster';
}

/** A list of one object by its name is allowed by `resourceNames` (kubernetes pkg/endpoints/request/requestinfo.go). */
function ruleOf(kind: Kind, { group, plural, fieldSelector }: Resource): PolicyRule {
  const name = /^metadata\.name=([^,]+)$/.exec(fieldSelector ?? '')?.[1];
  return {
    apiGroups: [group],
    resources: [plural],
    ...(name === undefined ? {} : { resourceNames: [name] }),
    verbs: verbsOf(kind),
  };
}

function clusterUidRule(): PolicyRule {
  const name = CLUSTER_UID_PATH.slice(CLUSTER_UID_PATH.lastIndexOf('/') + 1);
  return { apiGroups: [''], resources: ['namespaces'], resourceNames: [name], verbs: ['get'] };
}

/** One rule per group, with all its resources; objects granted by name keep a rule per resource. */
function merged(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  const byKey = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const named = rule.resourceNames !== undefined;
    const key = JSON.stringify([rule.apiGroups, rule.verbs, named ? rule.resources : []]);
    const before = byKey.get(key);
    byKey.set(key, before === undefined ? rule : union(before, rule));
  }
  return [...byKey.values()];
}

const union = (one: PolicyRule, other: PolicyRule): PolicyRule => ({
  ...one,
  resources: distinct([...one.resources, ...other.resources]),
  ...(one.resourceNames === undefined
    ? {}
    : { resourceNames: distinct([...one.resourceNames, ...(other.resourceNames ?? [])]) }),
});

const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];
