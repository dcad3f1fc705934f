import {
  FREEZE_ACTIONS,
  type FreezeAction,
  type FreezeRequest,
  type FreezeResult,
} from '../model/access-line.ts';
import type { FreezeCounts } from '../model/view.ts';

const ZERO = { success: 0, rejected: 0, failed: 0 } as const;
const NONE: FreezeCounts = { calls: { freeze: ZERO, unfreeze: ZERO }, lastFreezeMs: undefined };

/** Names nobody knows a VM of, kept in case the VM is only listed later: a caller can invent any number of names. */
const STRANGERS = 1_000;

interface Counts {
  readonly calls: Record<FreezeAction, Record<FreezeResult, number>>;
  lastFreezeMs: number | undefined;
}

/** Counts the freeze calls of each VM for as long as the VM exists. */
export class FreezeLedger {
  readonly #byVm = new Map<string, Counts>();
  readonly #isKnown: (key: string) => boolean;

  /** `isKnown` tells whether a VM, `namespace/name`, exists. */
  constructor(isKnown: (key: string) => boolean) {
    this.#isKnown = isKnown;
  }

  record({ namespace, vm, action, result }: FreezeRequest, atMs: number): void {
    const key = `${namespace}/${vm}`;
    const counts = this.#byVm.get(key) ?? this.#open(key);
    counts.calls[action][result] += 1;
    if (action === 'freeze' && result !== 'rejected')
      counts.lastFreezeMs = Math.max(counts.lastFreezeMs ?? 0, atMs);
  }

  of(namespace: string, vm: string): FreezeCounts {
    return this.#byVm.get(`${namespace}/${vm}`) ?? NONE;
  }

  /** The VM is gone, and its counts with it. */
  forget(key: string): void {
    this.#byVm.delete(key);
  }

  #open(key: string): Counts {
    if (this.#byVm.size >= STRANGERS) this.#forgetOldestStranger();
    const counts: Counts = {
      calls: Object.fromEntries(FREEZE_ACTIONS.map((action) => [action, { ...ZERO }])) as Counts['calls'],
      lastFreezeMs: undefined,
    };
    this.#byVm.set(key, counts);
    return counts;
  }

  #forgetOldestStranger(): void {
    const strangers = [...this.#byVm.keys()].filter((key) => !this.#isKnown(key));
    const [oldest] = strangers;
    if (strangers.length >= STRANGERS && oldest !== undefined) this.#byVm.delete(oldest);
  }
}
