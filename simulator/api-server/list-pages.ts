import type { KubeObject } from '../kube-object.ts';
import type { KubeObjectStore } from '../kube-object-store.ts';
import { badRequest, expired } from './status.ts';

/** One page of a list; `continueToken` and what remains are undefined on the last one. */
interface ListPage {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: number;
  readonly continueToken?: string;
  readonly remaining?: number;
}

interface Position {
  /** -1: continue in the present objects, even if they changed since the first page. */
  readonly rv: number;
  /** The key of the last object sent. */
  readonly start: string;
}

/** How many paged lists may be under way at once; the oldest expires first. */
const SNAPSHOTS = 32;

const TOO_OLD =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list. Objects that were created, modified, or deleted ' +
  'between the time the first chunk was returned and now may show up in the list.';

/** Cuts lists into pages that all show one version, until the history of that version is gone. */
export class ListPages {
  readonly #snapshots = new Map<string, readonly KubeObject[]>();
  readonly #store: KubeObjectStore;

  constructor(store: KubeObjectStore) {
    this.#store = store;
  }

  /**
   * A page of `limit` objects (0: all) after the position of `token`. `query` names what is listed: a token continues
   * the same query only. Throws a StatusError 410 when the version of the first page is no longer known.
   */
  page(query: string, objects: () => readonly KubeObject[], limit: number, token: string | null): ListPage {
    const position = token === null ? undefined : parsedToken(token);
    const rv = position === undefined || position.rv === -1 ? this.#store.resourceVersion : position.rv;
    const all = position === undefined || position.rv === -1 ? objects() : this.#snapshot(query, position);
    const begin = position === undefined ? 0 : indexAfter(all, position.start);
    const end = limit === 0 ? all.length : begin + limit;
    const items = all.slice(begin, end);
    const last = items.at(-1);
    if (end >= all.length || last === undefined) return { items, resourceVersion: rv };
    this.#keep(`${query} ${rv}`, all);
    return {
      items,
      resourceVersion: rv,
      continueToken: tokenOf({ rv, start: keyOf(last) }),
      remaining: all.length - end,
    };
  }

  #snapshot(query: string, { rv, start }: Position): readonly KubeObject[] {
    const snapshot = this.#snapshots.get(`${query} ${rv}`);
    if (snapshot === undefined || this.#store.eventsSince(rv) === 'expired') {
      throw expired(TOO_OLD, tokenOf({ rv: -1, start }));
    }
    return snapshot;
  }

  #keep(key: string, objects: readonly KubeObject[]): void {
    this.#snapshots.set(key, objects);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > SNAPSHOTS && oldest !== undefined) this.#snapshots.delete(oldest);
  }
}

const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

function indexAfter(objects: readonly KubeObject[], key: string): number {
  const index = objects.findIndex((object) => keyOf(object) > key);
  return index === -1 ? objects.length : index;
}

const tokenOf = (position: Position): string =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', ...position })).toString('base64url');

function parsedToken(token: string): Position {
  try {
    const { rv, start } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Partial<Position>;
    if (typeof rv === 'number' && typeof start === 'string') return { rv, start };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest('continue key is not valid: incorrect encoding');
}
