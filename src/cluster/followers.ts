/** Runs until its signal aborts. It retries by itself: a rejection is a bug. */
export type Follower = (signal: AbortSignal) => Promise<void>;

interface FollowersOptions {
  /** Ends all. */
  readonly signal: AbortSignal;
  /** A follower rejected: the program must end. */
  readonly onBug: (error: unknown) => void;
  /** How many run at the same time; default 200. */
  readonly limit?: number;
}

const DEFAULT_LIMIT = 200;

/**
 * The followers that are wanted now, by key. Above the limit those wanted for longest run, and the others wait for
 * their turn. A follower that ended by itself is not started again before it was unwanted once.
 */
export class Followers {
  readonly #signal: AbortSignal;
  readonly #limit: number;
  /** In the order in which they were first wanted. */
  readonly #wanted = new Map<string, Follower>();
  readonly #running = new Map<string, AbortController>();
  readonly #ended = new Set<string>();
  readonly #onBug: (error: unknown) => void;
  readonly #tasks = new Set<Promise<void>>();

  constructor({ signal, onBug, limit = DEFAULT_LIMIT }: FollowersOptions) {
    this.#signal = signal;
    this.#onBug = onBug;
    this.#limit = limit;
    signal.addEventListener('abort', () => this.reconcile(new Map()), { once: true });
  }

  get running(): number {
    return this.#running.size;
  }

  /** Wanted, but not running because of the limit. */
  get skipped(): number {
    return this.#wanted.size - this.#running.size - this.#ended.size;
  }

  /** Starts what is newly wanted and stops what is no longer. A follower keeps running while its key is wanted. */
  reconcile(wanted: ReadonlyMap<string, Follower>): void {
    const isOver = this.#signal.aborted;
    for (const key of [...this.#wanted.keys()]) if (isOver || !wanted.has(key)) this.#stop(key);
    if (isOver) return;
    for (const [key, follower] of wanted) if (!this.#wanted.has(key)) this.#wanted.set(key, follower);
    this.#fill();
  }

  /** Resolves when every follower that was started has ended. */
  async ended(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
  }

  #fill(): void {
    for (const [key, follower] of this.#wanted) {
      if (this.#running.size >= this.#limit) return;
      if (!this.#running.has(key) && !this.#ended.has(key)) this.#start(key, follower);
    }
  }

  #start(key: string, follower: Follower): void {
    const stop = new AbortController();
    this.#running.set(key, stop);
    const ended = (): void => {
      if (this.#running.get(key) !== stop) return;
      this.#running.delete(key);
      this.#ended.add(key);
      this.#fill();
    };
    const task = follower(stop.signal)
      .then(ended, (error: unknown) => {
        ended();
        this.#onBug(error);
      })
      .finally(() => this.#tasks.delete(task));
    this.#tasks.add(task);
  }

  #stop(key: string): void {
    this.#running.get(key)?.abort();
    this.#running.delete(key);
    this.#wanted.delete(key);
    this.#ended.delete(key);
  }
}
