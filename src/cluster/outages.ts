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

/** `shared`: other sources fail like this too; `own`: the failure is this source's alone. */
export type OutageChange = 'began' | 'shared' | 'ended' | 'own';

/** Which sources fail because the API server does: its failure is told once, not once per source. */
export class Outages {
  readonly #failing = new Set<string>();

  /** What it means that a source went from one kind of failure (undefined: none) to another. */
  moved(source: string, before: ErrorKind | undefined, after: ErrorKind | undefined): OutageChange {
    if (after !== undefined && OF_THE_SERVER.has(after)) {
      const others = this.#failing.size > (this.#failing.has(source) ? 1 : 0);
      this.#failing.add(source);
      return others ? 'shared' : 'began';
    }
    this.#failing.delete(source);
    if (before === undefined || !OF_THE_SERVER.has(before)) return 'own';
    return this.#failing.size > 0 ? 'shared' : 'ended';
  }
}
