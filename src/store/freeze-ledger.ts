import {
  FREEZE_ACTIONS,
  type FreezeAction,
  type FreezeRequest,
  type FreezeResult,
} from '../model/logs/access-line.ts';
import { TIMING } from '../model/timing.ts';
import { FREEZE_TREND_STEPS, type FreezeCounts } from '../model/view.ts';

const ZERO = { success: 0, rejected: 0, failed: 0 } as const;
const NONE: FreezeCounts = { calls: { freeze: ZERO, unfreeze: ZERO }, lastFreezeMs: undefined };

/** Names nobody knows a VM of, kept in case the VM is only listed later: a caller can invent any number of names. */
const STRANGERS = 1_000;

interface Counts {
  readonly calls: Record<FreezeAction, Record<FreezeResult, number>>;
  lastFreezeMs: number | undefined;
  /** Calls that reached virt-handler, by the number of the step they were made in; only recent steps. */
  readonly steps: Map<number, number>;
}

/** Counts the freeze calls of each VM for as long as the VM exists. */
export class FreezeLedger {
  readonly #byVm = new Map<string, Counts>();
  readonly #isKnown: (key: string) => boolean;
  readonly #stepMs: number;

  /** `isKnown` tells whether a VM, `namespace/name`, exists. */
  constructor(isKnown: (key: string) => boolean, stepMs: number = TIMING.freezeTrendStepMs) {
    this.#isKnown = isKnown;
    this.#stepMs = stepMs;
  }

  record({ namespace, vm, action, result }: FreezeRequest, atMs: number): void {
    const key = `${namespace}/${vm}`;
    const counts = this.#byVm.get(key) ?? this.#open(key);
    counts.calls[action][result] += 1;
    if (action !== 'freeze' || result === 'rejected') return;
    counts.lastFreezeMs = Math.max(counts.lastFreezeMs ?? 0, atMs);
    countStep(counts.steps, Math.floor(atMs / this.#stepMs));
  }

  of(namespace: string, vm: string): FreezeCounts {
    return this.#byVm.get(`${namespace}/${vm}`) ?? NONE;
  }

  /** See ClusterView.freezeTrendOf. */
  trendOf(namespace: string, vm: string, nowMs: number): readonly number[] {
    const steps = this.#byVm.get(`${namespace}/${vm}`)?.steps;
    const oldest = Math.floor(nowMs / this.#stepMs) - FREEZE_TREND_STEPS + 1;
    return Array.from({ length: FREEZE_TREND_STEPS }, (_, index) => steps?.get(oldest + index) ?? 0);
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
      steps: new Map(),
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

/** Lines of several virt-api pods arrive out of order, but never by an hour. */
function countStep(steps: Map<number, number>, step: number): void {
  steps.set(step, (steps.get(step) ?? 0) + 1);
  for (const known of steps.keys()) if (known <= step - FREEZE_TREND_STEPS) steps.delete(known);
}
