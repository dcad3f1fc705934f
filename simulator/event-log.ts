import type { KindDefinition, StoredObject } from './kube-object.ts';

/** One write. `previous` is the object before it: a selector needs both to decide what a watcher sees. */
export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly kind: KindDefinition;
  readonly object: StoredObject;
  readonly previous: StoredObject | undefined;
  readonly resourceVersion: number;
}

/** The bounded memory of writes that watches are resumed from, and the one counter of versions. */
export class EventLog {
  #events: StoreEvent[] = [];
  #resourceVersion = 1_000;
  /** The events after this version are all held. */
  #oldest = this.#resourceVersion;
  readonly #listeners = new Set<(event: StoreEvent) => void>();
  readonly #limit: number;
  readonly #undelivered: StoreEvent[] = [];
  #delivering = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  /** Counts one write and calls every listener. A listener that writes causes events after this one, for all listeners. */
  add(event: Omit<StoreEvent, 'resourceVersion'>): void {
    this.#resourceVersion += 1;
    const numbered = { ...event, resourceVersion: this.#resourceVersion };
    this.#events.push(numbered);
    // Dropped by the half: dropping one at a time would cost the whole length each time.
    if (this.#events.length > this.#limit * 1.5) this.#forget(this.#events.length - this.#limit);
    this.#undelivered.push(numbered);
    this.#deliver();
  }

  /** The events after a version, oldest first; 'expired' when some of them are forgotten. */
  since(resourceVersion: number): readonly StoreEvent[] | 'expired' {
    if (resourceVersion < this.#oldest) return 'expired';
    // One event per version without a gap, so its place follows from its number.
    return this.#events.slice(resourceVersion - this.#oldest);
  }

  /** Calls `listener` for every event from now on, until the returned function is called. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets every event; the counter goes on by one, so that what was read before is too old. */
  expire(): void {
    this.#events = [];
    this.#resourceVersion += 1;
    this.#oldest = this.#resourceVersion;
  }

  /** Forgets every event and sets the counter. */
  rewind(resourceVersion: number): void {
    this.#events = [];
    this.#resourceVersion = resourceVersion;
    this.#oldest = resourceVersion;
  }

  #deliver(): void {
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      for (let event = this.#undelivered.shift(); event !== undefined; event = this.#undelivered.shift()) {
        for (const listener of [...this.#listeners]) listener(event);
      }
    } finally {
      this.#delivering = false;
    }
  }

  #forget(count: number): void {
    const forgotten = this.#events.splice(0, count).at(-1);
    if (forgotten !== undefined) this.#oldest = forgotten.resourceVersion;
  }
}
