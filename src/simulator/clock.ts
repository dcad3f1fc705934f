import type { Planned } from './agenda.ts';
import { Agenda } from './agenda.ts';

/** An action that has not happened yet. */
export interface Timer {
  cancel(): void;
}

/** The time a simulated world lives in. Durations are simulated milliseconds; moments are what its stamps show. */
export interface Clock {
  /** How many simulated seconds pass in one second of the stamps: 1, or more where the whole world is compressed. */
  readonly speed: number;
  /** What a clock on the wall of this world shows: goes into log lines and objects. */
  now(): Date;
  /** Simulated milliseconds since the clock was made. */
  elapsedMs(): number;
  /** Does `action` once after `ms`. */
  after(ms: number, action: () => void): Timer;
  /** Does `action` each `ms`, first after one such time. */
  every(ms: number, action: () => void): Timer;
  /** Cancels all that is still to come; nothing can be planned any more. */
  stop(): void;
}

/** The real time, compressed: 60 simulated seconds take `60 / speed` real ones, and stamps are real wall-clock time. */
export class WallClock implements Clock {
  readonly speed: number;
  readonly #startMs = performance.now();
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  constructor(speed = 1) {
    this.speed = speed;
  }

  now(): Date {
    return new Date();
  }

  elapsedMs(): number {
    return (performance.now() - this.#startMs) * this.speed;
  }

  after(ms: number, action: () => void): Timer {
    if (this.#stopped) return { cancel: () => undefined };
    const timeout = setTimeout(() => {
      this.#timers.delete(timeout);
      action();
    }, ms / this.speed);
    this.#timers.add(timeout);
    return { cancel: () => this.#forget(timeout) };
  }

  every(ms: number, action: () => void): Timer {
    if (this.#stopped) return { cancel: () => undefined };
    const interval = setInterval(action, ms / this.speed);
    this.#timers.add(interval);
    return { cancel: () => this.#forget(interval) };
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of [...this.#timers]) this.#forget(timer);
  }

  #forget(timer: NodeJS.Timeout): void {
    clearTimeout(timer);
    this.#timers.delete(timer);
  }
}

/** A time that passes only when told: `advance` does what falls due, in order. Stamps are simulated time, speed is 1. */
export class VirtualClock implements Clock {
  readonly speed = 1;
  readonly #startMs: number;
  #elapsedMs = 0;
  readonly #agenda = new Agenda();
  #stopped = false;

  constructor(start: Date) {
    this.#startMs = start.getTime();
  }

  now(): Date {
    return new Date(this.#startMs + this.#elapsedMs);
  }

  elapsedMs(): number {
    return this.#elapsedMs;
  }

  after(ms: number, action: () => void): Timer {
    const planned: Planned = { atMs: this.#elapsedMs + Math.max(0, ms), action, cancelled: false };
    if (!this.#stopped) this.#agenda.add(planned);
    return { cancel: () => (planned.cancelled = true) };
  }

  every(ms: number, action: () => void): Timer {
    let next: Timer;
    const again = (): void => {
      next = this.after(ms, again);
      action();
    };
    next = this.after(ms, again);
    return { cancel: () => next.cancel() };
  }

  /** Lets `ms` pass. What an action plans for the same moment happens within the same call. */
  advance(ms: number): void {
    const untilMs = this.#elapsedMs + ms;
    for (let due = this.#agenda.take(untilMs); due !== undefined; due = this.#agenda.take(untilMs)) {
      this.#elapsedMs = Math.max(this.#elapsedMs, due.atMs);
      if (!due.cancelled) due.action();
    }
    this.#elapsedMs = untilMs;
  }

  stop(): void {
    this.#stopped = true;
    this.#agenda.clear();
  }
}
