import { FREEZE_LOOP } from '../thresholds.ts';
import type { FreezeStep } from '../view.ts';

const HOUR_MS = 3_600_000;

/** What a history is judged with: how long a step is, when its last one is looked at, and since when calls are known. */
export interface HistoryTime {
  readonly nowMs: number;
  readonly stepMs: number;
  /** undefined: not known, and taken for longer than the history. */
  readonly countedSinceMs: number | undefined;
}

/**
 * Whether the calls for a VM are a loop that goes on, as `vm:vmi_freeze_loop:rate10m` of rules/freeze.yaml judges them:
 * a backup calls once per volume within minutes, and is done. The last step of the history still runs.
 */
export function isLoop(history: readonly FreezeStep[], time: HistoryTime): boolean {
  const { windowSteps, historySteps, hourSteps } = FREEZE_LOOP;
  const calls = history.map(({ reached }) => reached);
  if (sum(calls.slice(-windowSteps)) === 0) return false;
  const windows = windowsOf(calls.slice(0, -1));
  return (
    isFast(windows.slice(-knownSteps(time))) ||
    (isPersistent(windows.slice(-historySteps), calls) && !isThawedByCaller(history.slice(-hourSteps)))
  );
}

/** The calls of the windows that end with each step. */
function windowsOf(calls: readonly number[]): readonly number[] {
  const { windowSteps } = FREEZE_LOOP;
  return calls.map((_, index) => sum(calls.slice(Math.max(0, index - windowSteps + 1), index + 1)));
}

function isFast(windows: readonly number[]): boolean {
  const { fastCalls, fastWindows, fastWindowsKnown } = FREEZE_LOOP;
  const last = windows.slice(-fastWindows);
  return last.length >= fastWindowsKnown && last.every((calls) => calls >= fastCalls);
}

/** Slow, in bursts, or by mere numbers. */
function isPersistent(windows: readonly number[], calls: readonly number[]): boolean {
  const { slowWindows, hourSteps, burstWindows, burstWindowsLastHour } = FREEZE_LOOP;
  const lastHour = activeIn(windows.slice(-hourSteps));
  return (
    lastHour >= slowWindows ||
    (activeIn(windows) >= burstWindows && lastHour >= burstWindowsLastHour) ||
    (sum(calls) >= FREEZE_LOOP.manyCalls && sum(calls.slice(-hourSteps)) >= FREEZE_LOOP.manyCallsLastHour)
  );
}

/**
 * Whether the caller thaws the VM itself. Harvester never calls unfreeze, so this is another program. Its freezes still
 * stall the guest when they are fast.
 */
function isThawedByCaller(hour: readonly FreezeStep[]): boolean {
  const reached = sum(hour.map((step) => step.reached));
  return reached > 0 && sum(hour.map((step) => step.thawed)) >= FREEZE_LOOP.thawedRatio * reached;
}

/** Whether the log was read for long enough to show a loop, and shows no call. */
export function isSilent(history: readonly FreezeStep[] | undefined, time: HistoryTime): boolean {
  const { silentSteps } = FREEZE_LOOP;
  if (time.countedSinceMs === undefined || knownSteps(time) < silentSteps) return false;
  return (history ?? []).slice(-silentSteps - 1).every(({ reached }) => reached === 0);
}

/**
 * Calls an hour at the present rate: over the last ten steps, the running one included, but no further back than the
 * log is known and, for a loop younger than that, its first call.
 */
export function callsPerHour(history: readonly FreezeStep[], time: HistoryTime): number {
  const { rateSteps, hourSteps, rateMinSteps } = FREEZE_LOOP;
  const { nowMs, stepMs, countedSinceMs = 0 } = time;
  const recent = history.slice(-rateSteps - 1);
  const calls = sum(recent.map(({ reached }) => reached));
  if (calls === 0) return 0;
  const before = history.slice(-hourSteps, -rateSteps - 1);
  const firstMs = before.some(({ reached }) => reached > 0)
    ? 0
    : Math.min(...recent.map((step) => step.firstMs ?? nowMs));
  const windowMs = (Math.floor(nowMs / stepMs) - rateSteps) * stepMs;
  const spanMs = nowMs - Math.max(windowMs, countedSinceMs, firstMs);
  return Math.round((calls * HOUR_MS) / Math.max(spanMs, rateMinSteps * stepMs));
}

const knownSteps = ({ nowMs, stepMs, countedSinceMs = 0 }: HistoryTime): number =>
  Math.max(0, Math.floor((nowMs - countedSinceMs) / stepMs));
const activeIn = (windows: readonly number[]): number => windows.filter((calls) => calls > 0).length;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
