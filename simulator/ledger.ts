/** Something that really happened, noted where it happened and not where it was logged. */
type Deed =
  | {
      readonly kind: 'freeze_call';
      readonly namespace: string;
      readonly vm: string;
      readonly action: 'freeze' | 'unfreeze';
      readonly result: 'success' | 'rejected' | 'failed';
    }
  | { readonly kind: 'real_freeze'; readonly namespace: string; readonly vm: string }
  | { readonly kind: 'safety_unfreeze'; readonly namespace: string; readonly vm: string }
  | { readonly kind: 'thaw_failure'; readonly namespace: string; readonly vm: string }
  | { readonly kind: 'leaked_call'; readonly node: string }
  | { readonly kind: 'oom_kill'; readonly node: string; readonly pod: string }
  | { readonly kind: 'object_only_removal'; readonly native: 'true' | 'false' }
  | { readonly kind: 'vmbackup_write'; readonly namespace: string; readonly vmBackup: string };

export type DeedCount<K extends Deed['kind'] = Deed['kind']> = Extract<Deed, { kind: K }> & {
  readonly count: number;
};

/** The book of all that happened in one cluster. */
export class Ledger {
  readonly #entries = new Map<string, { readonly deed: Deed; readonly atMs: number[] }>();

  note(deed: Deed, at: Date): void {
    const key = Object.values(deed).join('\n');
    const entry = this.#entries.get(key);
    if (entry === undefined) this.#entries.set(key, { deed, atMs: [at.getTime()] });
    else entry.atMs.push(at.getTime());
  }

  /** How often each deed of a kind happened from a moment on (inclusive); what did not happen since is left out. */
  counts<K extends Deed['kind']>(kind: K, since: Date = new Date(0)): readonly DeedCount<K>[] {
    const ofKind = (deed: Deed): deed is Extract<Deed, { kind: K }> => deed.kind === kind;
    return [...this.#entries.values()].flatMap(({ deed, atMs }) => {
      const count = atMs.length - firstAtOrAfter(atMs, since.getTime());
      return ofKind(deed) && count > 0 ? [{ ...deed, count }] : [];
    });
  }

  /** How often any deed of a kind happened. */
  total(kind: Deed['kind'], since?: Date): number {
    return this.counts(kind, since).reduce((sum, { count }) => sum + count, 0);
  }
}

/** The times are in order: a halving search. */
function firstAtOrAfter(times: readonly number[], ms: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Infinity) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
