/** An action of a virtual clock, and when it is due. */
export interface Planned {
  readonly atMs: number;
  readonly action: () => void;
  cancelled: boolean;
}

/** A binary heap by time; of two planned for the same moment the first planned comes first. */
export class Agenda {
  #heap: { readonly planned: Planned; readonly order: number }[] = [];
  #order = 0;

  /** When the first is due; undefined when there is none. */
  get nextMs(): number | undefined {
    return this.#heap[0]?.planned.atMs;
  }

  add(planned: Planned): void {
    this.#order += 1;
    this.#heap.push({ planned, order: this.#order });
    for (let child = this.#heap.length - 1; child > 0;) {
      const parent = (child - 1) >> 1;
      if (!this.#before(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** The first that is due by then, no longer on the agenda; undefined when none is. */
  take(untilMs: number): Planned | undefined {
    const first = this.#heap[0];
    if (first === undefined || first.planned.atMs > untilMs) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first.planned;
  }

  clear(): void {
    this.#heap = [];
  }

  #sink(): void {
    for (let parent = 0; ;) {
      const [left, right] = [2 * parent + 1, 2 * parent + 2];
      let least = parent;
      if (left < this.#heap.length && this.#before(left, least)) least = left;
      if (right < this.#heap.length && this.#before(right, least)) least = right;
      if (least === parent) return;
      this.#swap(least, parent);
      parent = least;
    }
  }

  #before(a: number, b: number): boolean {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return false;
    return (left.planned.atMs - right.planned.atMs || left.order - right.order) < 0;
  }

  #swap(a: number, b: number): void {
    const [left, right] = [this.#heap[a], this.#heap[b]];
    if (left === undefined || right === undefined) return;
    this.#heap[a] = right;
    this.#heap[b] = left;
  }
}
