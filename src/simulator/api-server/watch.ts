import type { StoreEvent } from '../event-log.ts';
import { apiVersionOf, kindKey } from '../kube-object.ts';
import type { KubeObject } from '../kube-object.ts';
import type { KubeObjectStore } from '../kube-object-store.ts';
import type { Answer } from './answer.ts';
import type { Faults } from './faults.ts';
import type { ReadRequest } from './reads.ts';
import type { ResponseStream } from './response-stream.ts';
import { selectorOf } from './selectors.ts';
import type { Selector } from './selectors.ts';
import { badRequest, expired, invalid, statusOf } from './status.ts';

type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED';
interface WatchEvent {
  readonly type: WatchEventType;
  readonly object: KubeObject;
}

/** What a watch needs besides its request. `requestLine` is what faults are matched against. */
export interface WatchContext {
  readonly store: KubeObjectStore;
  readonly faults: Faults;
  readonly requestLine: string;
  readonly bookmarkIntervalMs: number;
}

/** When the client names no `timeoutSeconds`, an API server ends the watch after 30 to 60 minutes. */
const DEFAULT_TIMEOUT_SECONDS = 1_800;

/** Answers a GET with `watch=true`: NDJSON that starts at a version and goes on until its timeout. */
export function watchAnswer(context: WatchContext, request: ReadRequest): Answer {
  const { kind, query } = request;
  const version = query.get('resourceVersion') ?? '';
  if (version !== '' && !/^\d+$/.test(version)) throw badRequest(`invalid resource version: ${version}`);
  if (query.get('sendInitialEvents') !== null) {
    const problem = 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled';
    throw invalid({ group: 'meta.k8s.io', plural: 'ListOptions' }, '', 'sendInitialEvents', problem);
  }
  const timeoutSeconds =
    Number(query.get('timeoutSeconds') ?? DEFAULT_TIMEOUT_SECONDS) || DEFAULT_TIMEOUT_SECONDS;
  const missed = missedEvents(context, version);
  const fault = context.faults.take('expire-watch', context.requestLine);
  const selector = watchSelector(request);
  if (fault?.as === 'http') throw tooOld(version, context.store);
  return {
    type: 'stream',
    contentType: 'application/json',
    run: (stream) => {
      const watch = new Watch(context, request, stream);
      if (context.faults.take('close-watch', context.requestLine) !== undefined) stream.end();
      else if (missed === 'expired' || fault !== undefined) watch.fail(tooOld(version, context.store));
      else
        watch.run(missed ?? initialEvents(context.store, kindKey(kind), selector), selector, timeoutSeconds);
    },
  };
}

const tooOld = (version: string, store: KubeObjectStore): ReturnType<typeof expired> =>
  expired(`too old resource version: ${version} (${store.resourceVersion})`);

/** Undefined: the watch starts with what there is now. */
function missedEvents(
  { store }: WatchContext,
  version: string,
): readonly StoreEvent[] | 'expired' | undefined {
  return version === '' || version === '0' ? undefined : store.eventsSince(Number(version));
}

function watchSelector({ kind, attributes, query }: ReadRequest): Selector {
  const selected = selectorOf(kind, query);
  const { namespace, name } = attributes;
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    selected(object);
}

const initialEvents = (store: KubeObjectStore, key: string, selector: Selector): readonly WatchEvent[] =>
  store
    .list(key)
    .filter(selector)
    .map((object) => ({ type: 'ADDED', object }));

/** What a watcher with that selector sees of a write: an object that leaves the selector is deleted for it. */
function seenThrough(selector: Selector, { type, object, previous }: StoreEvent): WatchEvent | undefined {
  const before = previous !== undefined && selector(previous);
  const after = type !== 'DELETED' && selector(object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object };
  if (!before) return undefined;
  const { resourceVersion } = object.metadata;
  return { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion } } };
}

class Watch {
  readonly #context: WatchContext;
  readonly #request: ReadRequest;
  readonly #stream: ResponseStream;
  #first = true;
  #held: WatchEvent | undefined;

  constructor(context: WatchContext, request: ReadRequest, stream: ResponseStream) {
    this.#context = context;
    this.#request = request;
    this.#stream = stream;
  }

  /** Sends what came before, then every event until the time is over or the client has gone. */
  run(before: readonly (StoreEvent | WatchEvent)[], selector: Selector, timeoutSeconds: number): void {
    const { store, bookmarkIntervalMs } = this.#context;
    const { kind, query } = this.#request;
    const key = kindKey(kind);
    // A client that is ahead of the server hears nothing until the server has caught up, as with the real one.
    const startsAfter = Number(query.get('resourceVersion') ?? 0);
    const send = (event: StoreEvent): void => {
      if (kindKey(event.kind) !== key || event.resourceVersion <= startsAfter) return;
      const seen = seenThrough(selector, event);
      if (seen !== undefined) this.#send(seen);
    };
    for (const event of before) {
      if ('resourceVersion' in event) send(event);
      else this.#send(event);
    }
    const stop = store.subscribe(send);
    const bookmarks = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
    const bookmark = setInterval(() => {
      if (store.kind(key) === undefined) end();
      else if (bookmarks) this.#bookmark();
    }, bookmarkIntervalMs).unref();
    const end = (): void => {
      if (bookmarks) this.#bookmark();
      this.#stream.end();
    };
    const timeout = setTimeout(end, timeoutSeconds * 1_000).unref();
    const cleanUp = (): void => {
      stop();
      clearInterval(bookmark);
      clearTimeout(timeout);
    };
    if (this.#stream.closed.aborted) cleanUp();
    this.#stream.closed.addEventListener('abort', cleanUp, { once: true });
  }

  /** Tells by an ERROR event why there is nothing to watch. */
  fail(error: Parameters<typeof statusOf>[0]): void {
    this.#write('ERROR', statusOf(error));
    this.#stream.end();
  }

  #send(event: WatchEvent): void {
    const { faults, requestLine } = this.#context;
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined && faults.take('reorder-events', requestLine) !== undefined) {
      this.#held = event;
      return;
    }
    this.#emit(event);
    if (held !== undefined) this.#emit(held);
    if (faults.take('duplicate-events', requestLine) !== undefined) this.#emit(event);
  }

  #emit({ type, object }: WatchEvent): void {
    this.#write(type, this.#request.representation.watched(object, this.#first));
    this.#first = false;
  }

  #bookmark(): void {
    const { kind, representation } = this.#request;
    const metadata = {
      name: '',
      resourceVersion: String(this.#context.store.resourceVersion),
      creationTimestamp: null,
    };
    const object = { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata } as unknown as KubeObject;
    this.#write('BOOKMARK', representation.watched(object, this.#first));
    this.#first = false;
  }

  #write(type: WatchEventType | 'BOOKMARK' | 'ERROR', object: object): void {
    this.#stream.write(`${JSON.stringify({ type, object })}\n`);
  }
}
