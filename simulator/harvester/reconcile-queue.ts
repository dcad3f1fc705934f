import type { Clock, Timer } from '../clock.ts';

interface Key {
  failures: number;
  running: boolean;
  /** Asked for while it ran, or about to run. */
  again: boolean;
  wake: { readonly timer: Timer; readonly atMs: number } | undefined;
}

const LATENCY_MS = 5;

/**
 * The work queue of one controller as rancher/lasso makes it (pkg/controller/controller.go): a change of an object
 * reconciles it at once, without limit; a failure also later, after the longer of an exponential delay (5 ms … 30 s)
 * and one that jumps from 1 ms to two minutes with the 31st failure. Only a success resets the delays;
 * the queue retries without end.
 */
export class ReconcileQueue {
  readonly #clock: Clock;
  readonly #reconcile: (key: string, done: (succeeded: boolean) => void) => void;
  readonly #keys = new Map<string, Key>();

  constructor(clock: Clock, reconcile: (key: string, done: (succeeded: boolean) => void) => void) {
    this.#clock = clock;
    this.#reconcile = reconcile;
  }

  /** The object changed: reconcile it now, or again if it is being reconciled. */
  add(name: string): void {
    const key = this.#key(name);
    if (key.again) return;
    key.again = true;
    if (!key.running) this.#soon(name, key);
  }

  /** Continues a loop that began before the world did: past the quick retries, next due after `ms`. */
  resumeFailing(name: string, ms: number): void {
    const key = this.#key(name);
    key.failures = 31;
    key.again = false;
    this.#wakeAfter(name, key, ms);
  }

  /** The object is gone: nothing wakes it any more. */
  forget(name: string): void {
    this.#keys.get(name)?.wake?.timer.cancel();
    this.#keys.delete(name);
  }

  #key(name: string): Key {
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const key: Key = { failures: 0, running: false, again: false, wake: undefined };
    this.#keys.set(name, key);
    return key;
  }

  #soon(name: string, key: Key): void {
    this.#clock.after(LATENCY_MS, () => {
      if (this.#keys.get(name) === key && !key.running && key.again) this.#run(name, key);
    });
  }

  #run(name: string, key: Key): void {
    key.running = true;
    key.again = false;
    this.#reconcile(name, (succeeded) => {
      key.running = false;
      if (this.#keys.get(name) !== key) return;
      if (succeeded) key.failures = 0;
      else this.#retryLater(name, key);
      if (key.again) this.#soon(name, key);
    });
  }

  #retryLater(name: string, key: Key): void {
    key.failures += 1;
    const exponential = Math.min(30_000, 5 * 2 ** (key.failures - 1));
    const fastSlow = key.failures <= 30 ? 1 : 120_000;
    this.#wakeAfter(name, key, Math.max(exponential, fastSlow));
  }

  /** Of two moments the earlier counts, as in client-go's delaying queue. */
  #wakeAfter(name: string, key: Key, ms: number): void {
    const atMs = this.#clock.elapsedMs() + ms;
    if (key.wake !== undefined && key.wake.atMs <= atMs) return;
    key.wake?.timer.cancel();
    const timer = this.#clock.after(ms, () => {
      key.wake = undefined;
      this.add(name);
    });
    key.wake = { timer, atMs };
  }
}
