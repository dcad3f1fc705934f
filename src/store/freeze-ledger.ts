import {
  FREEZE_ACTIONS,
  type FreezeAction,
  type FreezeRequest,
  type FreezeResult,
} from '../model/logs/access-line.ts';
import { TIMING } from '../model/timing.ts';
import { FREEZE_LOOP } from '../model/thresholds.ts';
import { FREEZE_TREND_STEPS, type FreezeCounts, type FreezeStep } from '../model/view.ts';

const ZERO = { success: 0, rejected: 0, failed: 0 } as const;
const QUIET: FreezeStep = { reached: 0, succeeded: 0, refused: 0, thawed: 0, firstMs: undefined };
const NONE: FreezeCounts = { calls: { freeze: ZERO, unfreeze: ZERO }, lastFreezeMs: undefined };

/** Calls may name VMs that are listed only later, or never. So many of them are counted: names can be invented. */
const MAX_UNLISTED_VMS = 1_000;

interface Counts {
  readonly calls: Record<FreezeAction, Record<FreezeResult, number>>;
  lastFreezeMs: number | undefined;
  /** Calls by the number of the step they were made in; only recent steps. */
  readonly steps: Map<number, FreezeStep>;
}

/** Counts the freeze calls of each VM for as long as the VM exists. */
export class FreezeLedger {
  /** Since when every call is recorded; undefined until a log was read. */
  countedSinceMs: number | undefined;
  readonly #byVm = new Map<string, Counts>();
  readonly #isListed: (key: string) => boolean;
  readonly #stepMs: number;

  /** `isListed`: whether a VM, `namespace/name`, is in the cluster's list. */
  constructor(isListed: (key: string) => boolean, stepMs: number = TIMING.freezeTrendStepMs) {
    this.#isListed = isListed;
    this.#stepMs = stepMs;
  }

  record({ namespace, vm, action, result }: FreezeRequest, atMs: number): void {
    const key = `${namespace}/${vm}`;
    const counts = this.#byVm.get(key) ?? this.#open(key);
    counts.calls[action][result] += 1;
    countStep(counts.steps, Math.floor(atMs / this.#stepMs), { action, result, atMs });
    if (action !== 'freeze' || result === 'rejected') return;
    counts.lastFreezeMs = Math.max(counts.lastFreezeMs ?? 0, atMs);
  }

  /** A log is read from here on. Of several logs, the one that starts last decides since when every call is recorded. */
  readSince(ms: number): void {
    this.countedSinceMs = Math.max(this.countedSinceMs ?? ms, ms);
  }

  of(namespace: string, vm: string): FreezeCounts {
    return this.#byVm.get(`${namespace}/${vm}`) ?? NONE;
  }

  /** See ClusterView.freezeTrendOf. */
  trendOf(namespace: string, vm: string, nowMs: number): readonly number[] {
    return this.#stepsOf(`${namespace}/${vm}`, FREEZE_TREND_STEPS, nowMs).map(({ reached }) => reached);
  }

  /** See ClusterView.freezeHistoryOf. */
  historyOf(namespace: string, vm: string, nowMs: number): readonly FreezeStep[] | undefined {
    const key = `${namespace}/${vm}`;
    return this.#byVm.has(key) ? this.#stepsOf(key, FREEZE_LOOP.historySteps, nowMs) : undefined;
  }

  #stepsOf(key: string, count: number, nowMs: number): readonly FreezeStep[] {
    const steps = this.#byVm.get(key)?.steps;
    const oldest = Math.floor(nowMs / this.#stepMs) - count + 1;
    return Array.from({ length: count }, (_, index) => steps?.get(oldest + index) ?? QUIET);
  }

  /** Drops the counts of a VM that is gone. */
  forget(key: string): void {
    this.#byVm.delete(key);
  }

  #open(key: string): Counts {
    if (this.#byVm.size >= MAX_UNLISTED_VMS) this.#forgetOldestUnlisted();
    const counts: Counts = {
      calls: Object.fromEntries(FREEZE_ACTIONS.map((action) => [action, { ...ZERO }])) as Counts['calls'],
      lastFreezeMs: undefined,
      steps: new Map(),
    };
    this.#byVm.set(key, counts);
    return counts;
  }

  #forgetOldestUnlisted(): void {
    const unlisted = [...this.#byVm.keys()].filter((key) => !this.#isListed(key));
    const [oldest] = unlisted;
    if (unlisted.length >= MAX_UNLISTED_VMS && oldest !== undefined) this.#byVm.delete(oldest);
  }
}

interface Call {
  readonly action: FreezeAction;
  readonly result: FreezeResult;
  readonly atMs: number;
}

/** Lines of several virt-api pods arrive out of order, but never by hours. */
function countStep(steps: Map<number, FreezeStep>, number: number, call: Call): void {
  const isNew = !steps.has(number);
  steps.set(number, withCall(steps.get(number) ?? QUIET, call));
  if (!isNew) return;
  for (const known of steps.keys()) if (known <= number - FREEZE_LOOP.historySteps) steps.delete(known);
}

function withCall(step: FreezeStep, { action, result, atMs }: Call): FreezeStep {
  if (action === 'unfreeze') return { ...step, thawed: step.thawed + Number(result === 'success') };
  const reached = result !== 'rejected';
  return {
    ...step,
    reached: step.reached + Number(reached),
    succeeded: step.succeeded + Number(result === 'success'),
    refused: step.refused + Number(result !== 'success'),
    firstMs: reached ? Math.min(step.firstMs ?? atMs, atMs) : step.firstMs,
  };
}
