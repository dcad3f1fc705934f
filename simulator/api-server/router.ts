import { kindKey } from '../kube-object.ts';
import type { KindDefinition, KubeObject } from '../kube-object.ts';
import type { KubeObjectStore } from '../kube-object-store.ts';
import type { PodLogs } from '../pod-logs.ts';
import type { Identity } from './access-control.ts';
import { accessReviewAnswer } from './access-review.ts';
import { json } from './answer.ts';
import type { Answer, ExtraRoute } from './answer.ts';
import { discoveryAnswer } from './discovery.ts';
import type { Faults } from './faults.ts';
import type { ListPages } from './list-pages.ts';
import { openApiAnswer } from './openapi.ts';
import { isComputed, POD_METRICS } from './pod-metrics.ts';
import { podLogAnswer } from './pod-log.ts';
import { podLogOptions } from './pod-log-options.ts';
import { getAnswer, listAnswer, namedObject } from './reads.ts';
import type { ReadRequest } from './reads.ts';
import { representation } from './representation.ts';
import type { ResourceAttributes } from './request-attributes.ts';
import { methodNotAllowed, unknownResource } from './status.ts';
import { watchAnswer } from './watch.ts';
import { writeAnswer } from './writes.ts';

/** What the routes of one API server work on. */
export interface RouterContext {
  readonly store: KubeObjectStore;
  readonly logs: PodLogs;
  readonly pages: ListPages;
  readonly faults: Faults;
  readonly podMetrics: (() => readonly KubeObject[]) | undefined;
  readonly extraRoutes: ReadonlyMap<string, ExtraRoute>;
  readonly gitVersion: string;
  readonly bookmarkIntervalMs: number;
  readonly now: () => Date;
}

/** One request, authenticated and authorised. */
interface RoutedRequest {
  readonly url: URL;
  /** `METHOD /path?query`: what faults are matched against. */
  readonly line: string;
  readonly identity: Identity;
  readonly attributes: ResourceAttributes | undefined;
  readonly accept: string;
  readonly contentType: string;
  readonly body: Buffer;
}

/** The answer to a request; throws a StatusError for what is refused. */
export function route(context: RouterContext, request: RoutedRequest): Answer {
  const { attributes } = request;
  const served = servedKinds(context);
  if (attributes === undefined) return otherAnswer(context, request, served);
  if (attributes.group === 'authorization.k8s.io') {
    return accessReviewAnswer(
      context.store,
      request.identity,
      attributes.plural,
      request.contentType,
      request.body,
    );
  }
  const inGroup = served.filter(
    (kind) => kind.group === attributes.group && kind.version === attributes.version,
  );
  const kind = inGroup.find(({ plural }) => plural === attributes.plural);
  if (kind !== undefined) return resourceAnswer(context, request, kind, attributes);
  if (inGroup.length > 0) throw unknownResource();
  return PAGE_NOT_FOUND;
}

const servedKinds = ({ store, podMetrics }: RouterContext): readonly KindDefinition[] =>
  podMetrics === undefined ? store.kinds : [...store.kinds, POD_METRICS];

function resourceAnswer(
  context: RouterContext,
  request: RoutedRequest,
  kind: KindDefinition,
  attributes: ResourceAttributes,
): Answer {
  const { verb, subresource } = attributes;
  const query = request.url.searchParams;
  const read: ReadRequest = {
    kind,
    attributes,
    query,
    representation: representation(kind, request.accept, query, context.now),
  };
  if (subresource === 'log' && kindKey(kind) === 'pods' && verb === 'get')
    return logAnswer(context, request, read);
  if (subresource !== undefined && !(subresource === 'status' && kind.statusSubresource))
    throw unknownResource();
  switch (verb) {
    case 'get':
      return getAnswer(context, read);
    case 'list':
      return listAnswer(context, context.pages, read);
    case 'watch':
      if (isComputed(kind)) throw methodNotAllowed();
      return watchAnswer({ ...context, requestLine: request.line }, read);
    case 'deletecollection':
      throw methodNotAllowed();
    default:
      if (isComputed(kind)) throw methodNotAllowed();
      return writeAnswer({
        ...read,
        store: context.store,
        contentType: request.contentType,
        body: request.body.toString(),
      });
  }
}

function logAnswer(
  context: RouterContext,
  request: RoutedRequest,
  { kind, attributes, query }: ReadRequest,
): Answer {
  const pod = namedObject(context, kind, attributes);
  const options = podLogOptions(pod.metadata.name, query, context.now());
  const ignoresSince = context.faults.take('ignore-since', request.line) !== undefined;
  return podLogAnswer(context.logs, pod, ignoresSince ? { ...options, sinceMs: undefined } : options);
}

function otherAnswer(
  context: RouterContext,
  { url, accept }: RoutedRequest,
  served: readonly KindDefinition[],
): Answer {
  const path = url.pathname;
  if (path === '/version') return json(versionOf(context.gitVersion));
  if (['/healthz', '/livez', '/readyz'].includes(path)) return { type: 'text', code: 200, body: 'ok' };
  const extra = context.extraRoutes.get(path)?.();
  if (extra !== undefined) return { type: 'text', code: 200, ...extra };
  return discoveryAnswer(path, accept, served) ?? openApiAnswer(path, served) ?? PAGE_NOT_FOUND;
}

function versionOf(gitVersion: string): object {
  const [, major = '1', minor = '0'] = /^v(\d+)\.(\d+)/.exec(gitVersion) ?? [];
  return { major, minor, gitVersion, gitTreeState: 'clean', platform: 'linux/amd64' };
}

/** What the API server says of a group it does not serve, or of any other path. */
const PAGE_NOT_FOUND: Answer = { type: 'text', code: 404, body: '404 page not found\n' };
