import { Agenda, type Planned } from './agenda.ts';

/** Simulated time that moves from one planned action to the next; its owner says how far. */
export class Timeline {
  readonly #agenda = new Agenda();
  #elapsedMs = 0;
  #running = false;
  #stopped = false;

  /** The moment of the action that runs, or up to which all is done. Never goes back. */
  get elapsedMs(): number {
    return this.#elapsedMs;
  }

  /** Whether an action runs now. */
  get running(): boolean {
    return this.#running;
  }

  /** When the next action is due; undefined when no action is planned. */
  get nextMs(): number | undefined {
    return this.#agenda.nextMs;
  }

  /** Plans an action; one for the past is due at once. */
  plan(atMs: number, action: () => void): { cancel(): void } {
    const planned: Planned = { atMs, action, cancelled: false };
    if (!this.#stopped) this.#agenda.add(planned);
    return { cancel: () => (planned.cancelled = true) };
  }

  /** Does what is due by a moment, in order, as long as `mayGoOn`; true when all of it is done. */
  run(untilMs: number, mayGoOn: () => boolean = () => true): boolean {
    this.#running = true;
    try {
      for (let due = this.#agenda.take(untilMs); due !== undefined; due = this.#agenda.take(untilMs)) {
        this.#elapsedMs = Math.max(this.#elapsedMs, due.atMs);
        if (!due.cancelled) due.action();
        if (!mayGoOn()) return false;
      }
    } finally {
      this.#running = false;
    }
    this.#elapsedMs = Math.max(this.#elapsedMs, untilMs);
    return true;
  }

  /** Drops all planned actions and ignores new ones. */
  stop(): void {
    this.#stopped = true;
    this.#agenda.clear();
  }
}
