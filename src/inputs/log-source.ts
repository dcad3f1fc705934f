import type { Api } from '../cluster/api.ts';
import type { PumpTiming } from '../cluster/source.ts';
import type { SourceStatus } from '../cluster/source-status.ts';
import type { Resources } from '../model/resources.ts';
import type { Timing } from '../model/timing.ts';
import type { ClusterStore } from '../store/cluster-store.ts';
import type { Tallies } from './tallies.ts';

/** What a source of log lines is built from. */
export interface LogSourceParts {
  readonly api: Api;
  readonly store: ClusterStore;
  readonly status: SourceStatus;
  readonly tallies: Tallies;
  readonly timing: Timing;
  readonly resources: Resources;
  readonly pumpTiming: Partial<PumpTiming>;
}

/** Logs of several pods, followed as one source. */
export interface LogSource {
  /** Log streams open now. */
  readonly streams: () => number;
  /** Logs wanted, but not followed because of the limit. */
  readonly skipped: () => number;
  /** Follows until the signal aborts. Rejects only for a bug. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

/** Rejects with the first bug; resolves when the signal aborts. Starts nothing when it has been aborted before. */
export async function untilAborted(
  signal: AbortSignal,
  start: (onBug: (error: unknown) => void) => void,
): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    start(reject);
  });
}

/** Calls `action` now and then until the signal aborts; a failure is a bug and goes to `onBug`. */
export function every(
  intervalMs: number,
  action: () => void,
  { signal, onBug }: { readonly signal: AbortSignal; readonly onBug: (error: unknown) => void },
): void {
  if (signal.aborted) return;
  const attempt = (): void => {
    try {
      action();
    } catch (error) {
      onBug(error);
    }
  };
  const timer = setInterval(attempt, intervalMs);
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  attempt();
}
