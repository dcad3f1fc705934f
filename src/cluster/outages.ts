import type { ErrorKind } from './error-kind.ts';

/** Failures of the API server itself, which meet every source at once. */
const OF_THE_SERVER: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'unreachable',
  'tls',
  'timeout',
  'broken',
  'nonsense',
  'unauthorized',
  'throttled',
  'server_error',
]);

/** One outage looks like any of these: a torn stream, then no connection. */
const OF_THE_CONNECTION: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'unreachable',
  'tls',
  'timeout',
  'broken',
]);

const isSameOutage = (one: ErrorKind, other: ErrorKind): boolean =>
  one === other || (OF_THE_CONNECTION.has(one) && OF_THE_CONNECTION.has(other));

/** `shared`: other sources fail like this too; `own`: the failure is this source's alone. */
export type OutageChange = 'began' | 'shared' | 'ended' | 'own';

/**
 * Which sources fail because the API server does: a failure is reported once for each kind, not once per source. One
 * source that fails for long in its own way does not hide an outage of another kind.
 */
export class Outages {
  readonly #failing = new Map<string, ErrorKind>();

  /** The meaning of a source's change from one kind of failure (undefined: none) to another. */
  moved(source: string, before: ErrorKind | undefined, after: ErrorKind | undefined): OutageChange {
    if (after !== undefined && OF_THE_SERVER.has(after)) {
      this.#failing.set(source, after);
      return this.#othersFail(source, after) ? 'shared' : 'began';
    }
    this.#failing.delete(source);
    if (before === undefined || !OF_THE_SERVER.has(before)) return 'own';
    return this.#othersFail(source, before) ? 'shared' : 'ended';
  }

  #othersFail(source: string, kind: ErrorKind): boolean {
    return [...this.#failing].some(([other, failure]) => other !== source && isSameOutage(failure, kind));
  }
}
