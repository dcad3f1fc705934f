import { createHash } from 'node:crypto';
import { floorToSecond, secondText } from './log-stamp.ts';

/** Hits that are still recognised when the server sends them again, even if its clock was set back in between. */
const REMEMBERED_HITS = 4_096;
/** Stamps are not quite in order: the output and error streams race, and clocks are corrected by small steps. */
const DISORDER_NS = 1_000_000_000n;

/**
 * How far one log was read, across connections. `sinceTime` has a granularity of one second, so each connection
 * begins with lines that were seen: hits among them are recognised by stamp and text, each as often as it was seen.
 */
export class ResumePoint {
  /** The stamp of the last complete line seen; before the first one, the moment the log is wanted from. */
  #instant: bigint;
  /** The latest stamp seen: above `#instant` after the node's clock was set back. */
  #newest: bigint;
  #hasSeen = false;
  #hasCaughtUp = false;
  readonly #remembered = new Map<string, number>();
  #expected = new Map<string, number>();

  constructor(since: bigint) {
    this.#instant = since;
    this.#newest = since;
  }

  /** What to ask the server for: a little before the last line, so that this line comes again, as a proof. */
  get sinceTime(): string {
    return secondText(this.#beginning);
  }

  /** On a connection that has not caught up, lines older than this were seen before. */
  get #beginning(): bigint {
    return this.#hasSeen ? floorToSecond(this.#instant) - DISORDER_NS : this.#instant;
  }

  /** Call before each connection. */
  reconnect(): void {
    this.#hasCaughtUp = false;
    this.#expected = new Map(this.#remembered);
  }

  /** Whether this connection reached the last line of the one before. Until then every line must be shown. */
  get hasCaughtUp(): boolean {
    return this.#hasCaughtUp;
  }

  /**
   * Whether a connection that begins with a line of this stamp may have missed lines: the last one did not come again.
   * After a clock step the lines from before it come first, and are no gap.
   */
  isBeyond(first: bigint): boolean {
    return this.#hasSeen && first > this.#newest;
  }

  /** A complete line was received. */
  saw(instant: bigint): void {
    if (instant >= this.#instant) this.#hasCaughtUp = true;
    // A server that ignores sinceTime replays older lines; they do not move the point back. A later clock step does.
    if (!this.#hasCaughtUp) return;
    this.#instant = instant;
    if (instant > this.#newest) this.#newest = instant;
    this.#hasSeen = true;
  }

  /** Whether this hit was never seen before. Call after `saw` of the same line; it is remembered. */
  isNew(instant: bigint, line: Buffer): boolean {
    if (!this.#hasCaughtUp && instant < this.#beginning) return false;
    const key = createHash('sha256').update(line).digest('base64');
    if (consumed(this.#expected, key)) return false;
    this.#remembered.set(key, (this.#remembered.get(key) ?? 0) + 1);
    if (this.#remembered.size > REMEMBERED_HITS) this.#forgetOldest();
    return true;
  }

  #forgetOldest(): void {
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
  }
}

function consumed(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  if (count > 0) counts.set(key, count - 1);
  return count > 0;
}
