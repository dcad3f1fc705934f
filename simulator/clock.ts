import { Timeline } from './timeline.ts';

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
  /** Cancels all planned actions and ignores new ones. */
  stop(): void;
}

/** The longest the world runs without letting the API server answer. */
const SLICE_MS = 15;
/** A machine that slept for longer does not make up for it: the world goes on where it was, with the stamps of now. */
const LARGEST_LAG_MS = 10_000;

/**
 * The real time, compressed: 60 simulated seconds take `60 / speed` real ones, and stamps are wall-clock time. Actions
 * happen at the simulated moments they were planned for, also when a busy machine comes to them some milliseconds late:
 * a compressed world must not do other things under load.
 */
export class WallClock implements Clock {
  readonly speed: number;
  readonly #timeline = new Timeline();
  #origin: { readonly wallMs: number; readonly elapsedMs: number };
  #wake: { readonly timeout: NodeJS.Timeout; readonly atMs: number } | undefined;

  constructor(speed = 1) {
    this.speed = speed;
    this.#origin = { wallMs: Date.now(), elapsedMs: 0 };
  }

  now(): Date {
    const { wallMs, elapsedMs } = this.#origin;
    return new Date(wallMs + (this.elapsedMs() - elapsedMs) / this.speed);
  }

  elapsedMs(): number {
    return this.#timeline.running
      ? this.#timeline.elapsedMs
      : Math.max(this.#timeline.elapsedMs, this.#wallMs());
  }

  after(ms: number, action: () => void): Timer {
    const timer = this.#timeline.plan(this.elapsedMs() + Math.max(0, ms), action);
    if (!this.#timeline.running) this.#sleep();
    return timer;
  }

  every(ms: number, action: () => void): Timer {
    return repeated(this, ms, action);
  }

  stop(): void {
    this.#timeline.stop();
    clearTimeout(this.#wake?.timeout);
    this.#wake = undefined;
  }

  /** The simulated moment the wall has reached. */
  #wallMs(): number {
    const { wallMs, elapsedMs } = this.#origin;
    return elapsedMs + (Date.now() - wallMs) * this.speed;
  }

  #sleep(): void {
    const { nextMs } = this.#timeline;
    if (nextMs === undefined || (this.#wake !== undefined && this.#wake.atMs <= nextMs)) return;
    clearTimeout(this.#wake?.timeout);
    const timeout = setTimeout(() => this.#catchUp(), Math.max(0, (nextMs - this.#wallMs()) / this.speed));
    this.#wake = { timeout, atMs: nextMs };
  }

  #catchUp(): void {
    this.#wake = undefined;
    const dueMs = this.#timeline.nextMs ?? Infinity;
    if (this.#wallMs() - dueMs > LARGEST_LAG_MS * this.speed)
      this.#origin = { wallMs: Date.now(), elapsedMs: dueMs };
    const endMs = performance.now() + SLICE_MS;
    this.#timeline.run(this.#wallMs(), () => performance.now() < endMs);
    this.#sleep();
  }
}

/** A time that passes only by `advance`, which does what falls due, in order. Stamps are simulated time, speed is 1. */
export class VirtualClock implements Clock {
  readonly speed = 1;
  readonly #startMs: number;
  readonly #timeline = new Timeline();

  constructor(start: Date) {
    this.#startMs = start.getTime();
  }

  now(): Date {
    return new Date(this.#startMs + this.elapsedMs());
  }

  elapsedMs(): number {
    return this.#timeline.elapsedMs;
  }

  after(ms: number, action: () => void): Timer {
    return this.#timeline.plan(this.elapsedMs() + Math.max(0, ms), action);
  }

  every(ms: number, action: () => void): Timer {
    return repeated(this, ms, action);
  }

  /** Lets `ms` pass. What an action plans for the same moment happens within the same call. */
  advance(ms: number): void {
    this.#timeline.run(this.elapsedMs() + ms);
  }

  stop(): void {
    this.#timeline.stop();
  }
}

function repeated(clock: Clock, ms: number, action: () => void): Timer {
  const again = (): void => {
    next = clock.after(ms, again);
    action();
  };
  let next = clock.after(ms, again);
  return { cancel: () => next.cancel() };
}
