import { ApiError, ConnectionError, DecodeError } from '../errors.ts';
import { keyOf, type Change, type Identity } from '../model/change.ts';
import { resourcePath, type Resource } from '../model/resource.ts';
import type { Api } from './api.ts';
import { statusError } from './http-failure.ts';
import { jsonLines } from './json-lines.ts';
import { metadataOf, pageOf, watchEventOf, type WatchEvent } from './list-page.ts';
import type { Source } from './source.ts';

export interface WatchOptions {
  /** An object that does not decode was skipped; `key` when at least its name was readable. */
  readonly onDecodeError: (resource: Resource, error: DecodeError, key?: string) => void;
  /** A list page, an opened watch, an event or a bookmark arrived. */
  readonly onProgress?: () => void;
  /** A list was read to its end; called before `synced` is yielded. */
  readonly onListed?: () => void;
  readonly pageSize?: number;
  /** Longest silence of a watch, bookmarks included. */
  readonly idleTimeoutMs?: number;
  /** How long the server shall keep one watch open. */
  readonly watchSeconds?: () => number;
}

const PAGE_SIZE = 500;
/** Servers send a bookmark about each minute; silence must be noticed before series go absent, after 5 minutes. */
const IDLE_TIMEOUT_MS = 240_000;
/** Random, so that the watches of all kinds do not end together. */
const randomWatchSeconds = (): number => 240 + Math.floor(Math.random() * 241);

/**
 * One kind as a source of changes: a paged list, then a watch from the list's resourceVersion. The position outlives
 * a call: a watch that ended cleanly or was torn resumes where it was, since the server replays what came after.
 * Every other failure forgets the position, so the next call lists again and heals every missed change; 410 is
 * thrown like any other ApiError, so that a server that only says 410 meets the pump's back-off.
 */
export function watch<T extends Identity>(
  api: Api,
  resource: Resource<T>,
  options: WatchOptions,
): Source<Change<T>> {
  const reading = new ResourceReading(api, resource, options);
  return (signal) => reading.open(signal);
}

/** One complete list of a kind, for what has no watch. */
export const list =
  <T extends Identity>(api: Api, resource: Resource<T>, options: WatchOptions): Source<Change<T>> =>
  (signal) =>
    new ResourceReading(api, resource, options).list(signal);

class ResourceReading<T extends Identity> {
  readonly #api: Api;
  readonly #resource: Resource<T>;
  readonly #options: WatchOptions;
  /** The resourceVersion to watch from; undefined: list first. */
  #version: string | undefined;
  /** Whether the versions of this watch only grew. */
  #isOrdered = true;

  constructor(api: Api, resource: Resource<T>, options: WatchOptions) {
    this.#api = api;
    this.#resource = resource;
    this.#options = options;
  }

  async *open(signal: AbortSignal): AsyncGenerator<Change<T>, void> {
    try {
      if (this.#version === undefined) yield* this.list(signal);
      yield* this.#watch(this.#version ?? '', signal);
    } catch (error) {
      if (!keepsPosition(error)) this.#version = undefined;
      throw error;
    }
  }

  async *list(signal: AbortSignal): AsyncGenerator<Change<T>, void> {
    yield { type: 'sync' };
    let version: string | undefined;
    let token: string | undefined;
    do {
      const limit = String(this.#options.pageSize ?? PAGE_SIZE);
      const query = this.#query({ limit, ...(token === undefined ? {} : { continue: token }) });
      const page = pageOf(await this.#api.getJson(query, { signal }), query);
      this.#options.onProgress?.();
      for (const item of page.items) {
        const object = this.#decoded(item);
        if (object !== undefined) yield { type: 'set', object };
      }
      ({ version, token } = page);
    } while (token !== undefined);
    this.#version = version;
    this.#options.onListed?.();
    yield { type: 'synced' };
  }

  async *#watch(version: string, signal: AbortSignal): AsyncGenerator<Change<T>, void> {
    const { idleTimeoutMs = IDLE_TIMEOUT_MS, watchSeconds = randomWatchSeconds, onProgress } = this.#options;
    this.#isOrdered = true;
    const query = this.#query({
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: version,
      timeoutSeconds: String(watchSeconds()),
    });
    const chunks = await this.#api.stream(query, { signal, idleTimeoutMs });
    onProgress?.();
    for await (const line of jsonLines(chunks)) {
      const event = watchEventOf(line);
      if (event.type === 'ERROR') throw statusError(event.object);
      this.#advance(event);
      onProgress?.();
      const change = this.#change(event);
      if (change !== undefined) yield change;
    }
  }

  /**
   * Versions that go back are no position to resume from: the cluster was restored, or the server counts per object. The
   * events are still used, but the next call lists again.
   */
  #advance({ object }: WatchEvent): void {
    const { resourceVersion } = metadataOf(object);
    if (resourceVersion === undefined) return;
    if (Number(resourceVersion) < Number(this.#version)) this.#isOrdered = false;
    this.#version = this.#isOrdered ? resourceVersion : undefined;
  }

  #change({ type, object }: WatchEvent): Change<T> | undefined {
    if (type === 'BOOKMARK') return undefined;
    const decoded = type === 'DELETED' ? undefined : this.#decoded(object);
    if (decoded !== undefined) return { type: 'set', object: decoded };
    const key = this.#keyOf(object);
    // An object that no longer decodes is dropped, as its old value is out of date.
    return key === undefined ? undefined : { type: 'delete', key };
  }

  #decoded(object: unknown): T | undefined {
    try {
      return this.#resource.decode(object);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#options.onDecodeError(this.#resource, error, this.#keyOf(object));
      return undefined;
    }
  }

  #keyOf(object: unknown): string | undefined {
    const { namespace = '', name } = metadataOf(object);
    return name === undefined ? undefined : keyOf({ namespace, name });
  }

  #query(parameters: Readonly<Record<string, string>>): string {
    const { labelSelector, fieldSelector } = this.#resource;
    const query = new URLSearchParams(parameters);
    if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
    if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
    return `${resourcePath(this.#resource)}?${query.toString()}`;
  }
}

/** After 429 and a torn socket the position is still good; a relist would only add load. */
function keepsPosition(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 429 || error.status === 503;
  return error instanceof ConnectionError && error.kind === 'broken';
}
