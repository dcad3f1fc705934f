import { isJsonObject } from './merge-patch.ts';
import type { KubeObject } from '../kube-object.ts';
import type { KubeObjectStore } from '../kube-object-store.ts';
import type { ResourceAttributes } from './request-attributes.ts';

/** Who sends a request. */
export interface Identity {
  readonly username: string;
  readonly groups: readonly string[];
}

/** Which bearer token stands for whom. What they may do is decided by the RBAC objects in the store. */
export interface AccessControl {
  readonly tokens: ReadonlyMap<string, Identity>;
}

/** Who every client is while access control is off. */
export const ADMIN: Identity = {
  username: 'system:admin',
  groups: ['system:masters', 'system:authenticated'],
};

/** The identity of a service account, with the groups the API server gives it. */
export const serviceAccountIdentity = (namespace: string, name: string): Identity => ({
  username: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});

/** What RBAC decides on: a resource, or another path. `subresource` and `name` only where the request has them. */
export type AccessRequest =
  | Pick<ResourceAttributes, 'verb' | 'group' | 'plural' | 'subresource' | 'namespace' | 'name'>
  | { readonly verb: string; readonly path: string };

interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs?: readonly string[];
}

interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** Paths anyone known may read (the default role system:discovery). */
const DISCOVERY = /^\/(api|apis|openapi|version|healthz|livez|readyz)(\/|$)/;

/** The rules that hold for an identity in a namespace, those of cluster-wide bindings included. */
export function rulesFor(
  store: KubeObjectStore,
  identity: Identity,
  namespace: string | undefined,
): readonly PolicyRule[] {
  if (identity.groups.includes('system:masters')) return [EVERYTHING];
  const bindings = [
    ...store.list('clusterrolebindings.rbac.authorization.k8s.io'),
    ...(namespace === undefined ? [] : store.list('rolebindings.rbac.authorization.k8s.io', namespace)),
  ];
  return bindings
    .filter((binding) => subjectsOf(binding).some((subject) => isSubject(identity, subject)))
    .flatMap((binding) => rulesOf(store, binding));
}

/** Whether RBAC allows a request, as kubernetes v1.32 plugin/pkg/auth/authorizer/rbac does. */
export function isAllowed(store: KubeObjectStore, identity: Identity, request: AccessRequest): boolean {
  if ('path' in request) {
    if (request.verb === 'get' && DISCOVERY.test(request.path)) return true;
    return rulesFor(store, identity, undefined).some((rule) => allowsPath(rule, request.verb, request.path));
  }
  return rulesFor(store, identity, request.namespace).some((rule) => allowsResource(rule, request));
}

/** The sentence of the real API server (apiserver v1.32 pkg/endpoints/handlers/responsewriters/errors.go). */
export function forbiddenMessage({ username }: Identity, request: AccessRequest): string {
  if ('path' in request) return `forbidden: User "${username}" cannot ${request.verb} path "${request.path}"`;
  const { verb, group, plural, subresource, namespace, name } = request;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const subject = group === '' ? plural : `${plural}.${group}`;
  const scope = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = name === undefined ? subject : `${subject} "${name}"`;
  return `${what} is forbidden: User "${username}" cannot ${verb} resource "${resource}" in API group "${group}" ${scope}`;
}

const EVERYTHING: PolicyRule = { apiGroups: ['*'], resources: ['*'], nonResourceURLs: ['*'], verbs: ['*'] };

const subjectsOf = (binding: KubeObject): readonly Subject[] =>
  Array.isArray(binding.subjects) ? (binding.subjects as readonly Subject[]) : [];

function isSubject({ username, groups }: Identity, { kind, name, namespace }: Subject): boolean {
  switch (kind) {
    case 'User':
      return name === username;
    case 'Group':
      return groups.includes(name);
    default:
      return username === `system:serviceaccount:${namespace ?? ''}:${name}`;
  }
}

function rulesOf(store: KubeObjectStore, binding: KubeObject): readonly PolicyRule[] {
  const { kind, name } = isJsonObject(binding.roleRef) ? binding.roleRef : {};
  if (typeof name !== 'string') return [];
  const role =
    kind === 'ClusterRole'
      ? store.get('clusterroles.rbac.authorization.k8s.io', '', name)
      : store.get('roles.rbac.authorization.k8s.io', binding.metadata.namespace ?? '', name);
  return Array.isArray(role?.rules) ? (role.rules as readonly PolicyRule[]) : [];
}

const includes = (list: readonly string[] | undefined, wanted: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(wanted));

type ResourceAccess = Extract<AccessRequest, { readonly plural: string }>;

function allowsResource(
  rule: PolicyRule,
  { verb, group, plural, subresource, name }: ResourceAccess,
): boolean {
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const anySubresource = subresource !== undefined && rule.resources?.includes(`*/${subresource}`) === true;
  const names = rule.resourceNames ?? [];
  return (
    includes(rule.verbs, verb) &&
    includes(rule.apiGroups, group) &&
    (includes(rule.resources, resource) || anySubresource) &&
    (names.length === 0 || (name !== undefined && names.includes(name)))
  );
}

const allowsPath = (rule: PolicyRule, verb: string, path: string): boolean =>
  includes(rule.verbs, verb) &&
  (rule.nonResourceURLs ?? []).some((url) =>
    url.endsWith('*') ? path.startsWith(url.slice(0, -1)) : url === path,
  );
