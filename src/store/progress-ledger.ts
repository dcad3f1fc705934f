import { type Identity, keyOf } from '../model/change.ts';
import type { ProgressHistory, ProgressKind, ProgressPast } from '../model/backups/progress.ts';

interface Watched extends Identity {
  readonly progress: number;
}

interface Entry extends ProgressPast {
  readonly progress: number;
}

/** Remembers when the progress of what is not done yet changed. */
export class ProgressLedger implements ProgressHistory {
  readonly #entries = new Map<string, Entry>();

  /** An object came, changed or went; `done`: its progress is final. */
  record<T extends Watched>(
    kind: ProgressKind,
    {
      previous,
      next,
      nowMs,
    }: { readonly previous: T | undefined; readonly next: T | undefined; readonly nowMs: number },
    done: (object: T) => boolean,
  ): void {
    const object = next ?? previous;
    if (object === undefined) return;
    const key = `${kind}/${keyOf(object)}`;
    const entry = this.#entries.get(key);
    // Another object of the same name is no progress of the old one.
    const known = previous?.uid === object.uid ? entry : undefined;
    if (next === undefined || done(next)) this.#entries.delete(key);
    else if (known === undefined) {
      const { progress } = next;
      this.#entries.set(key, {
        progress,
        firstProgress: progress,
        firstMs: nowMs,
        sinceMs: nowMs,
        changed: false,
      });
    } else if (known.progress !== next.progress) {
      this.#entries.set(key, { ...known, progress: next.progress, sinceMs: nowMs, changed: true });
    }
  }

  of(kind: ProgressKind, namespace: string, name: string): ProgressPast | undefined {
    return this.#entries.get(`${kind}/${namespace}/${name}`);
  }
}
