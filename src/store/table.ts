import { type Change, type Identity, keyOf } from '../model/change.ts';

/** Called for every object that comes (`previous` undefined), changes, or goes (`next` undefined). */
export type ChangeListener<T> = (previous: T | undefined, next: T | undefined) => void;

interface Entry<T> {
  readonly object: T;
  /** The last list that held it: an object that the newest list lacks is gone. */
  readonly list: number;
}

/** The objects of one kind, kept by applying the changes of a list and watch. Nothing is copied to replace a list. */
export class Table<T extends Identity> implements Iterable<T> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #onChange: ChangeListener<T>;
  #list = 0;
  #synced = false;

  constructor(onChange: ChangeListener<T> = () => undefined) {
    this.#onChange = onChange;
  }

  readonly apply = (change: Change<T>): void => {
    switch (change.type) {
      case 'sync':
        this.#list += 1;
        break;
      case 'set': {
        const key = keyOf(change.object);
        const previous = this.#entries.get(key)?.object;
        this.#entries.set(key, { object: change.object, list: this.#list });
        this.#onChange(previous, change.object);
        break;
      }
      case 'delete':
        this.#delete(change.key);
        break;
      case 'synced':
        for (const [key, { list }] of this.#entries) if (list !== this.#list) this.#delete(key);
        this.#synced = true;
        break;
    }
  };

  #delete(key: string): void {
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    if (entry !== undefined) this.#onChange(entry.object, undefined);
  }

  /** Whether a complete list was applied. */
  get synced(): boolean {
    return this.#synced;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(namespace: string, name: string): T | undefined {
    return this.#entries.get(`${namespace}/${name}`)?.object;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const { object } of this.#entries.values()) yield object;
  }
}
