import type { Api } from '../cluster/api.ts';
import { onlyTransient, type TransientError } from '../cluster/source.ts';
import { ApiError } from '../errors.ts';
import type { LogWaits } from './log-connection.ts';

/** Everybody may read it. */
const PATH = '/version';
/** A single failure is ignored, as one of several API servers may be restarting. */
const FAILURES_OF_A_SILENT_SERVER = 2;

interface ServerPulseOptions {
  readonly api: Pick<Api, 'getJson'>;
  readonly signal: AbortSignal;
  readonly onBug: (error: unknown) => void;
  readonly waits: LogWaits;
}

/** Whether the API server answers anything at all, asked with a cheap request. */
export class ServerPulse {
  readonly #options: ServerPulseOptions;
  #askedMs = -Infinity;
  #isAsking = false;
  /** When the last request that was answered was sent. */
  #aliveMs = -Infinity;
  #failures = 0;
  #failure: TransientError | undefined;

  constructor(options: ServerPulseOptions) {
    this.#options = options;
  }

  /** Why the server counts as silent; undefined while it does not. */
  get failure(): TransientError | undefined {
    return this.#failures < FAILURES_OF_A_SILENT_SERVER ? undefined : this.#failure;
  }

  /** Whether it answered a request that was sent after this moment, by `performance.now()`. */
  hasAnsweredSince(momentMs: number): boolean {
    return this.#aliveMs >= momentMs;
  }

  /** To be called now and then: asks when it is time. */
  check(): void {
    const { pulseEveryMs, pulseAgainMs } = this.#options.waits;
    this.#askAfter(this.#failures > 0 ? pulseAgainMs : pulseEveryMs);
  }

  /** Asks as soon as it may. */
  ask(): void {
    this.#askAfter(this.#options.waits.pulseAgainMs);
  }

  #askAfter(waitMs: number): void {
    const { signal, onBug } = this.#options;
    const nowMs = performance.now();
    if (this.#isAsking || nowMs - this.#askedMs < waitMs || signal.aborted) return;
    this.#isAsking = true;
    this.#askedMs = nowMs;
    this.#answer(nowMs)
      .catch(onBug)
      .finally(() => (this.#isAsking = false));
  }

  async #answer(sentMs: number): Promise<void> {
    const { api, signal, waits } = this.#options;
    try {
      await api.getJson(PATH, { signal, timeoutMs: waits.pulseTimeoutMs });
    } catch (error) {
      if (signal.aborted) return;
      const failure = onlyTransient(error);
      // A refusal is an answer.
      if (!(failure instanceof ApiError)) {
        this.#failures += 1;
        this.#failure = failure;
        return;
      }
    }
    this.#aliveMs = sentMs;
    this.#failures = 0;
  }
}
