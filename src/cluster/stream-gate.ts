import type { Api, StreamOptions } from './api.ts';

interface StreamGateOptions {
  /** Streams that may be opened at the same time; each new one costs a TLS handshake. Default 20. */
  readonly startsAtOnce?: number;
  /** After this long without a head a stream no longer holds up the others, as a quiet log has no head. Default 2 s. */
  readonly graceMs?: number;
}

/** Opens streams a few at a time, and counts those that are open. */
export class StreamGate implements Pick<Api, 'stream'> {
  readonly #api: Pick<Api, 'stream'>;
  readonly #graceMs: number;
  #freeStarts: number;
  #waiting: (() => void)[] = [];
  #open = 0;

  constructor(api: Pick<Api, 'stream'>, { startsAtOnce = 20, graceMs = 2_000 }: StreamGateOptions = {}) {
    this.#api = api;
    this.#freeStarts = startsAtOnce;
    this.#graceMs = graceMs;
  }

  /** Streams whose server accepted them and that have not ended. */
  get open(): number {
    return this.#open;
  }

  async stream(path: string, options: StreamOptions): Promise<AsyncIterable<Buffer>> {
    await this.#turn(options.signal);
    const release = once(() => this.#release());
    const timer = setTimeout(release, this.#graceMs);
    try {
      options.signal.throwIfAborted();
      return this.#counted(await this.#api.stream(path, options));
    } finally {
      clearTimeout(timer);
      release();
    }
  }

  async *#counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
    this.#open += 1;
    try {
      yield* chunks;
    } finally {
      this.#open -= 1;
    }
  }

  /** Rejects with the signal's reason when that aborts before the turn comes. */
  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#freeStarts > 0) {
      this.#freeStarts -= 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const admit = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== admit);
        reject(signal.reason as Error); // as throwIfAborted does
      };
      this.#waiting.push(admit);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#freeStarts += 1;
    else next();
  }
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
