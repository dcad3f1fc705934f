import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, ConnectionError } from '../errors.ts';

/** A restartable input: each call opens one connection and yields until it ends, fails or is aborted. */
export type Source<T> = (signal: AbortSignal) => AsyncIterable<T>;

/** How long the pump waits before it opens a source again. All in milliseconds. */
export interface PumpTiming {
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** A run of at least this length resets the waits to the first. */
  readonly stableAfterMs: number;
  /** After 404: the kind may be installed later. */
  readonly absentWaitMs: number;
  /** After 403: the role may be granted later. */
  readonly forbiddenWaitMs: number;
}

const PUMP_TIMING: PumpTiming = {
  firstWaitMs: 1_000,
  longestWaitMs: 30_000,
  stableAfterMs: 10_000,
  absentWaitMs: 30_000,
  forbiddenWaitMs: 60_000,
};

/** The longest wait a server can ask for: our series become absent after that. */
const LONGEST_RETRY_AFTER_MS = 300_000;

/** A failure outside of this program that may pass. Every other error is a bug. */
export type TransientError = ApiError | ConnectionError;

interface PumpOptions {
  readonly signal: AbortSignal;
  /** Called for every failure, before the wait. */
  readonly onError: (error: TransientError) => void;
  readonly timing?: Partial<PumpTiming>;
}

/**
 * Feeds `sink` until the signal aborts; opens the source again after every end and every failure, with jittered
 * waits that double until a run is stable. A source that ends cleanly after a stable run is opened again at once.
 * Rejects only with a bug of the source or of the sink: an error other than a TransientError.
 */
export async function pump<T>(
  source: Source<T>,
  sink: (item: T) => void,
  { signal, onError, timing }: PumpOptions,
): Promise<void> {
  const waits = { ...PUMP_TIMING, ...timing };
  const isOver = (): boolean => signal.aborted;
  let attempts = 0;
  while (!isOver()) {
    const { error, isStable } = await runOnce(source, sink, signal, waits.stableAfterMs);
    if (isOver()) return;
    if (error !== undefined) onError(error);
    attempts = isStable ? 0 : attempts + 1;
    if (isStable && error === undefined) continue;
    await pause(waitMs(error, attempts, waits), signal);
  }
}

/** One run of a source: from its opening to its end. */
interface Run {
  readonly error: TransientError | undefined;
  readonly isStable: boolean;
}

async function runOnce<T>(
  source: Source<T>,
  sink: (item: T) => void,
  signal: AbortSignal,
  stableAfterMs: number,
): Promise<Run> {
  const openedMs = performance.now();
  let delivered = false;
  let error: TransientError | undefined;
  try {
    for await (const item of source(signal)) {
      sink(item);
      delivered = true;
    }
  } catch (failure) {
    error = isAbort(failure, signal) ? undefined : onlyTransient(failure);
  }
  // A healthy watch may deliver nothing for hours, so only a run that failed must have delivered to be stable.
  const isStable = performance.now() - openedMs >= stableAfterMs && (error === undefined || delivered);
  return { error, isStable };
}

/** Returns a transient error, and throws every other. */
export function onlyTransient(error: unknown): TransientError {
  if (error instanceof ApiError || error instanceof ConnectionError) return error;
  throw error;
}

/** An abort arrives as an error too, but is no failure. */
const isAbort = (error: unknown, { aborted, reason }: AbortSignal): boolean =>
  aborted && (error === reason || (error instanceof Error && error.name === 'AbortError'));

function waitMs(error: TransientError | undefined, attempts: number, waits: PumpTiming): number {
  const status = error instanceof ApiError ? error.status : undefined;
  if (status === 404) return jittered(waits.absentWaitMs);
  if (status === 403) return jittered(waits.forbiddenWaitMs);
  const backOffMs = Math.min(waits.firstWaitMs * 2 ** Math.max(0, attempts - 1), waits.longestWaitMs);
  const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
  return Math.max(jittered(backOffMs), Math.min(asked, LONGEST_RETRY_AFTER_MS));
}

/** Between 75 % and 125 %, so that sources which failed together come back one by one. */
const jittered = (ms: number): number => ms * (0.75 + Math.random() / 2);

/** Waits; an abort ends the wait early and without an error. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
