import { kindKey } from '../kube-object.ts';
import type { KindDefinition, KubeObject } from '../kube-object.ts';
import type { KubeObjectStore } from '../kube-object-store.ts';
import { json } from './answer.ts';
import type { Answer } from './answer.ts';
import type { ListPages } from './list-pages.ts';
import { isComputed } from './pod-metrics.ts';
import type { ListMeta, Representation } from './representation.ts';
import type { ResourceAttributes } from './request-attributes.ts';
import { selectorOf } from './selectors.ts';
import { badRequest, notFound, versionTooLarge } from './status.ts';

/** Where the objects of a kind come from: the store, or a function for metrics.k8s.io. */
interface ObjectSource {
  readonly store: KubeObjectStore;
  readonly podMetrics: (() => readonly KubeObject[]) | undefined;
}

/** One resource request, once its kind is known. */
export interface ReadRequest {
  readonly kind: KindDefinition;
  readonly attributes: ResourceAttributes;
  readonly query: URLSearchParams;
  readonly representation: Representation;
}

function objectsOf(
  { store, podMetrics }: ObjectSource,
  kind: KindDefinition,
  namespace?: string,
): readonly KubeObject[] {
  if (!isComputed(kind)) return store.list(kindKey(kind), namespace);
  const all = podMetrics?.() ?? [];
  return namespace === undefined ? all : all.filter(({ metadata }) => metadata.namespace === namespace);
}

/** The object a request names; throws a StatusError 404 when it is not there. */
export function namedObject(
  source: ObjectSource,
  kind: KindDefinition,
  attributes: ResourceAttributes,
): KubeObject {
  const { namespace = '', name = '' } = attributes;
  const object = isComputed(kind)
    ? objectsOf(source, kind, namespace).find(({ metadata }) => metadata.name === name)
    : source.store.get(kindKey(kind), namespace, name);
  if (object === undefined) throw notFound(kind, name);
  return object;
}

/** Answers a GET of one object. */
export const getAnswer = (source: ObjectSource, { kind, attributes, representation }: ReadRequest): Answer =>
  json(representation.object(namedObject(source, kind, attributes)));

/** Answers a GET of a collection: selectors, pages, versions. */
export function listAnswer(source: ObjectSource, pages: ListPages, request: ReadRequest): Answer {
  const { kind, attributes, query, representation } = request;
  const { namespace } = attributes;
  const selector = selectorOf(kind, query);
  const [labels, fields] = [query.get('labelSelector') ?? '', query.get('fieldSelector') ?? ''];
  const token = continueToken(query);
  checkVersion(query.get('resourceVersion') ?? '', token, source.store.resourceVersion);
  // A list at version 0 is answered from the watch cache, which knows no pages (apiserver v1.32 storage/cacher).
  const limit = query.get('resourceVersion') === '0' ? 0 : wholeNumber(query, 'limit');
  const listed = [kindKey(kind), namespace ?? '*', labels, fields].join(' ');
  const page = pages.page(listed, () => objectsOf(source, kind, namespace).filter(selector), limit, token);
  const metadata: ListMeta = {
    resourceVersion: String(page.resourceVersion),
    ...(page.continueToken === undefined ? {} : { continue: page.continueToken }),
    ...(page.remaining === undefined || labels + fields !== '' ? {} : { remainingItemCount: page.remaining }),
  };
  return json(representation.list(page.items, metadata));
}

const continueToken = (query: URLSearchParams): string | null => {
  const token = query.get('continue');
  return token === '' ? null : token;
};

function checkVersion(version: string, token: string | null, current: number): void {
  if (version === '' || version === '0') return;
  if (token !== null) throw badRequest('specifying resource version is not allowed when using continue');
  if (!/^\d+$/.test(version)) throw badRequest(`invalid resource version: ${version}`);
  if (Number(version) > current) throw versionTooLarge(Number(version), current);
}

function wholeNumber(query: URLSearchParams, name: string): number {
  const text = query.get(name) ?? '0';
  if (!/^\d+$/.test(text)) throw badRequest(`invalid ${name}: ${text}`);
  return Number(text);
}
