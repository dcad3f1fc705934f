const NEWLINE = 0x0a;
/** Enough of a line too long to keep, to know its stamp. */
const HEAD_BYTES = 64;

export interface ScannedLine {
  /** Without its newline; only the first bytes of a line longer than the limit. Valid until the next chunk. */
  readonly bytes: Buffer;
  /** It contains the needle, and is not too long. */
  readonly isHit: boolean;
}

interface ScannerOptions {
  /** Bytes of every line of interest. Choose one that is rare in the log. */
  readonly needle: Buffer;
  readonly maxLineBytes: number;
}

/**
 * Finds the lines of interest in the chunks of one stream, without decoding the others. A line exists once its
 * newline arrived; a torn rest at the end of the stream does not count. Holds at most `maxLineBytes` between chunks.
 */
export class LogScanner {
  readonly #needle: Buffer;
  readonly #maxLineBytes: number;
  /** The beginning of the line whose newline has not arrived: a copy, for a subarray would pin its whole chunk. */
  #carry: Buffer[] = [];
  #carryBytes = 0;
  #last: Buffer | undefined;

  constructor({ needle, maxLineBytes }: ScannerOptions) {
    this.#needle = needle;
    this.#maxLineBytes = maxLineBytes;
  }

  /** The last line that ended so far, or its first bytes. Valid until the next chunk. */
  get last(): Buffer | undefined {
    return this.#last;
  }

  /** The lines that end in this chunk: hits, and all others too while `wantsAll()` says so. In order. */
  *lines(chunk: Buffer, wantsAll: () => boolean): Generator<ScannedLine, void> {
    const end = chunk.lastIndexOf(NEWLINE);
    if (end !== -1) {
      const first = chunk.indexOf(NEWLINE);
      const line = this.#completed(chunk.subarray(0, first));
      if (line.isHit || wantsAll()) yield line;
      yield* this.#linesBetween(chunk.subarray(first + 1, end + 1), wantsAll);
      this.#last = first === end ? line.bytes : chunk.subarray(chunk.lastIndexOf(NEWLINE, end - 1) + 1, end);
    }
    this.#keep(chunk.subarray(end + 1));
  }

  *#linesBetween(lines: Buffer, wantsAll: () => boolean): Generator<ScannedLine, void> {
    let start = 0;
    while (start < lines.length) {
      if (!wantsAll()) {
        const hit = lines.indexOf(this.#needle, start);
        if (hit === -1) return;
        start = lines.lastIndexOf(NEWLINE, hit) + 1;
      }
      const end = lines.indexOf(NEWLINE, start);
      const line = this.#line(lines.subarray(start, end));
      if (line.isHit || wantsAll()) yield line;
      start = end + 1;
    }
  }

  #completed(rest: Buffer): ScannedLine {
    const length = this.#carryBytes + rest.length;
    const bytes = this.#carryBytes === 0 ? rest : Buffer.concat([...this.#carry, rest]);
    this.#carry = [];
    this.#carryBytes = 0;
    return length > this.#maxLineBytes
      ? { bytes: bytes.subarray(0, HEAD_BYTES), isHit: false }
      : this.#line(bytes);
  }

  #line(bytes: Buffer): ScannedLine {
    if (bytes.length > this.#maxLineBytes) return { bytes: bytes.subarray(0, HEAD_BYTES), isHit: false };
    return { bytes, isHit: bytes.includes(this.#needle) };
  }

  #keep(rest: Buffer): void {
    if (rest.length === 0) return;
    const wasTooLong = this.#carryBytes > this.#maxLineBytes;
    this.#carryBytes += rest.length;
    if (wasTooLong) return;
    this.#carry.push(Buffer.from(rest));
    if (this.#carryBytes > this.#maxLineBytes) {
      this.#carry = [Buffer.from(Buffer.concat(this.#carry).subarray(0, HEAD_BYTES))];
    }
  }
}

/** How many lines end in a chunk. */
export function newlinesIn(chunk: Buffer): number {
  let count = 0;
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
