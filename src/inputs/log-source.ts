import type { Input } from './input.ts';

/** Logs of several pods, read as one source. */
export interface LogInput extends Input {
  /** Log streams open now. */
  readonly streams: () => number;
  /** Logs wanted, but not followed because of the limit. */
  readonly skipped: () => number;
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
