import { apiVersionOf } from '../kube-object.ts';
import type { KindDefinition } from '../kube-object.ts';
import type { Answer } from './answer.ts';
import { json } from './answer.ts';
import { isComputed } from './pod-metrics.ts';

const ALL_VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

/** Resources that can only be created: what `kubectl auth can-i` asks with. */
const ACCESS_REVIEWS: readonly KindDefinition[] = ['SelfSubjectAccessReview', 'SelfSubjectRulesReview'].map(
  (kind) => ({
    group: 'authorization.k8s.io',
    version: 'v1',
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    shortNames: [],
    namespaced: false,
    statusSubresource: false,
    printerColumns: [],
  }),
);

/** Answers the discovery paths for the kinds served now; undefined for every other path. */
export function discoveryAnswer(
  path: string,
  accept: string,
  served: readonly KindDefinition[],
): Answer | undefined {
  const kinds = [...served, ...ACCESS_REVIEWS];
  const aggregated = accept.includes('as=APIGroupDiscoveryList') && accept.includes('v=v2;');
  const segments = path.split('/').filter((segment) => segment !== '');
  const [prefix, ...rest] = segments;
  if (prefix === 'api' && rest.length === 0) {
    return aggregated ? aggregatedAnswer(kinds.filter(({ group }) => group === '')) : json(coreVersions());
  }
  if (prefix === 'apis' && rest.length === 0) {
    const grouped = kinds.filter(({ group }) => group !== '');
    return aggregated ? aggregatedAnswer(grouped) : json(groupList(grouped));
  }
  if (prefix !== 'api' && prefix !== 'apis') return undefined;
  const [group = '', version, ...deeper] = prefix === 'api' ? ['', ...rest] : rest;
  if (deeper.length > 0) return undefined;
  const members = kinds.filter(
    (kind) => kind.group === group && (version === undefined || kind.version === version),
  );
  if (members.length === 0) return undefined;
  if (version === undefined)
    return json({ kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group, members) });
  return json(resourceList(members));
}

const coreVersions = (): object => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [],
});

const versionsOf = (kinds: readonly KindDefinition[]): readonly string[] => [
  ...new Set(kinds.map((kind) => kind.version)),
];

const groupsOf = (kinds: readonly KindDefinition[]): ReadonlyMap<string, readonly KindDefinition[]> => {
  const names = [...new Set(kinds.map(({ group }) => group))];
  return new Map(names.map((name) => [name, kinds.filter(({ group }) => group === name)]));
};

const groupList = (kinds: readonly KindDefinition[]): object => ({
  kind: 'APIGroupList',
  apiVersion: 'v1',
  groups: [...groupsOf(kinds)].map(([group, members]) => groupEntry(group, members)),
});

function groupEntry(name: string, members: readonly KindDefinition[]): object {
  const versions = versionsOf(members).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

const verbsOf = (kind: KindDefinition): readonly string[] => {
  if (kind.group === 'authorization.k8s.io') return ['create'];
  return isComputed(kind) ? ['get', 'list'] : ALL_VERBS;
};

const subresourcesOf = ({ statusSubresource, group, plural }: KindDefinition): readonly string[] => [
  ...(statusSubresource ? ['status'] : []),
  ...(group === '' && plural === 'pods' ? ['log'] : []),
];

function resourceList(kinds: readonly KindDefinition[]): object {
  const resources = kinds.flatMap((kind) => [
    {
      name: kind.plural,
      singularName: kind.singular,
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: verbsOf(kind),
      ...(kind.shortNames.length === 0 ? {} : { shortNames: kind.shortNames }),
      ...(kind.categories === undefined ? {} : { categories: kind.categories }),
    },
    ...subresourcesOf(kind).map((subresource) => ({
      name: `${kind.plural}/${subresource}`,
      singularName: '',
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: subresource === 'log' ? ['get'] : ['get', 'patch', 'update'],
    })),
  ]);
  const [first] = kinds;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: first === undefined ? '' : apiVersionOf(first),
    resources,
  };
}

/** All groups in one answer (apidiscovery.k8s.io/v2): kubectl asks for this first. */
function aggregatedAnswer(kinds: readonly KindDefinition[]): Answer {
  const items = [...groupsOf(kinds)].map(([group, members]) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versionsOf(members).map((version) => ({
      version,
      resources: members.filter((kind) => kind.version === version).map(aggregatedResource),
      freshness: 'Current',
    })),
  }));
  return {
    type: 'json',
    code: 200,
    contentType: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList',
    body: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items },
  };
}

function aggregatedResource(kind: KindDefinition): object {
  const responseKind = { group: kind.group, version: kind.version, kind: kind.kind };
  return {
    resource: kind.plural,
    responseKind,
    scope: kind.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    shortNames: kind.shortNames,
    categories: kind.categories ?? [],
    subresources: subresourcesOf(kind).map((subresource) => ({
      subresource,
      responseKind,
      verbs: subresource === 'log' ? ['get'] : ['get', 'patch', 'update'],
    })),
  };
}
