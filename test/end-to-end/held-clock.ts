import { type Clock, type Timer, WallClock } from '../../simulator/clock.ts';

/** A compressed clock that stands until `start`, so that a world can be watched from its very first moment, and stands again from `stop` on. */
export class HeldClock implements Clock {
  readonly speed: number;
  #running: WallClock | undefined;
  #stoppedAtMs: number | undefined;
  #held: (() => void)[] = [];

  constructor(speed: number) {
    this.speed = speed;
  }

  now(): Date {
    return new Date();
  }

  elapsedMs(): number {
    return this.#stoppedAtMs ?? this.#running?.elapsedMs() ?? 0;
  }

  after(ms: number, action: () => void): Timer {
    return this.#plan((clock) => clock.after(ms, action));
  }

  every(ms: number, action: () => void): Timer {
    return this.#plan((clock) => clock.every(ms, action));
  }

  /** Time begins to pass, and what was planned is counted from here. */
  start(): void {
    this.#running = new WallClock(this.speed);
    for (const plan of this.#held) plan();
    this.#held = [];
  }

  stop(): void {
    this.#stoppedAtMs ??= this.elapsedMs();
    this.#held = [];
    this.#running?.stop();
  }

  #plan(begin: (clock: WallClock) => Timer): Timer {
    if (this.#running !== undefined) return begin(this.#running);
    let timer: Timer | undefined;
    let cancelled = false;
    if (this.#stoppedAtMs === undefined) {
      this.#held.push(() => {
        if (this.#running !== undefined && !cancelled) timer = begin(this.#running);
      });
    }
    return {
      cancel: () => {
        cancelled = true;
        timer?.cancel();
      },
    };
  }
}
