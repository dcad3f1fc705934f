import type { StoreEvent } from '../event-log.ts';
import { kindKey } from '../kube-object.ts';
import type { KubeObjectStore } from '../kube-object-store.ts';
import type { Answer } from './answer.ts';
import type { Faults } from './faults.ts';
import type { ReadRequest } from './reads.ts';
import type { ResponseStream } from './response-stream.ts';
import { selectorOf } from './selectors.ts';
import type { Selector } from './selectors.ts';
import { badRequest, expired, invalid } from './status.ts';
import type { StatusError } from './status.ts';
import { seenThrough, WatchEventWriter } from './watch-events.ts';

/** What a watch needs besides its request. `requestLine` is what faults are matched against. */
interface WatchContext {
  readonly store: KubeObjectStore;
  readonly faults: Faults;
  readonly requestLine: string;
  readonly bookmarkIntervalMs: number;
}

/** When the client names no `timeoutSeconds`, an API server ends the watch after 30 to 60 minutes. */
const DEFAULT_TIMEOUT_SECONDS = 1_800;

/** Answers a GET with `watch=true`: NDJSON that starts at a version and goes on until its timeout. */
export function watchAnswer(context: WatchContext, request: ReadRequest): Answer {
  const { store, faults, requestLine } = context;
  const version = startVersion(request.query);
  const selector = watchSelector(request);
  const missed = version === 0 ? undefined : store.eventsSince(version);
  const fault = version === 0 ? undefined : faults.take('expire-watch', requestLine);
  const tooOld = expired(`too old resource version: ${version} (${store.resourceVersion})`);
  if (fault?.as === 'http') throw tooOld;
  return {
    type: 'stream',
    contentType: 'application/json',
    run: (stream) => {
      const writer = new WatchEventWriter(request, stream, faults, requestLine);
      if (faults.take('close-watch', requestLine) !== undefined) stream.end();
      else if (missed === 'expired' || fault !== undefined) endWith(tooOld, writer, stream);
      else new Watch(context, request, writer, selector).run(missed, version, stream);
    },
  };
}

/** 0: the present objects. Throws a StatusError for what apiserver v1.32 refuses. */
function startVersion(query: URLSearchParams): number {
  const version = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(version)) throw badRequest(`invalid resource version: ${version}`);
  if (query.get('sendInitialEvents') !== null) {
    const problem = 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled';
    throw invalid({ group: 'meta.k8s.io', plural: 'ListOptions' }, '', 'sendInitialEvents', problem);
  }
  return Number(version);
}

function watchSelector({ kind, attributes, query }: ReadRequest): Selector {
  const selected = selectorOf(kind, query);
  const { namespace, name } = attributes;
  return (object) =>
    (namespace === undefined || object.metadata.namespace === namespace) &&
    (name === undefined || object.metadata.name === name) &&
    selected(object);
}

/** The cacher reports it by an event, not by an HTTP status (apiserver v1.32 pkg/storage/cacher/cacher.go, newErrWatcher). */
function endWith(error: StatusError, writer: WatchEventWriter, stream: ResponseStream): void {
  writer.error(error);
  stream.end();
}

class Watch {
  readonly #store: KubeObjectStore;
  readonly #key: string;
  readonly #writer: WatchEventWriter;
  readonly #selector: Selector;
  readonly #bookmarkIntervalMs: number;
  readonly #bookmarks: boolean;
  readonly #timeoutMs: number;

  constructor(
    context: WatchContext,
    { kind, query }: ReadRequest,
    writer: WatchEventWriter,
    selector: Selector,
  ) {
    this.#store = context.store;
    this.#key = kindKey(kind);
    this.#writer = writer;
    this.#selector = selector;
    this.#bookmarkIntervalMs = context.bookmarkIntervalMs;
    this.#bookmarks = ['true', '1'].includes(query.get('allowWatchBookmarks') ?? '');
    this.#timeoutMs = (Number(query.get('timeoutSeconds') ?? 0) || DEFAULT_TIMEOUT_SECONDS) * 1_000;
  }

  /** Sends what was missed (undefined: all there is), then every event until the time is over or the client has gone. */
  run(missed: readonly StoreEvent[] | undefined, startsAfter: number, stream: ResponseStream): void {
    const objects = missed === undefined ? this.#store.list(this.#key).filter(this.#selector) : [];
    for (const object of objects) this.#writer.event({ type: 'ADDED', object });
    for (const event of missed ?? []) this.#send(event, startsAfter);
    const stop = this.#store.subscribe((event) => this.#send(event, startsAfter));
    const tick = setInterval(() => {
      if (this.#store.kind(this.#key) === undefined) stream.end();
      else this.#bookmark();
    }, this.#bookmarkIntervalMs);
    const timeout = setTimeout(() => {
      this.#bookmark();
      stream.end();
    }, this.#timeoutMs);
    stream.onClosed(() => {
      stop();
      clearInterval(tick);
      clearTimeout(timeout);
    });
  }

  /** A client that is ahead of the server hears nothing until the server has caught up, as with the real one. */
  #send(event: StoreEvent, startsAfter: number): void {
    if (kindKey(event.kind) !== this.#key || event.resourceVersion <= startsAfter) return;
    const seen = seenThrough(this.#selector, event);
    if (seen !== undefined) this.#writer.event(seen);
  }

  #bookmark(): void {
    if (this.#bookmarks) this.#writer.bookmark(this.#store.resourceVersion);
  }
}
