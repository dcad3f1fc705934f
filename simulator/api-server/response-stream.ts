import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from './faults.ts';

/** A body that grows while it is sent: a watch, a followed log. Faults befall it here and nowhere else. */
export class ResponseStream {
  readonly #response: ServerResponse;
  readonly #faults: Faults;
  readonly #request: string;
  #written: Promise<void> | undefined;
  #bytesLeft = Infinity;

  constructor(response: ServerResponse, faults: Faults, request: string) {
    this.#response = response;
    this.#faults = faults;
    this.#request = request;
    this.#bytesLeft = faults.take('truncate', request)?.bytes ?? Infinity;
  }

  /** Calls `cleanUp` once when the client has gone, the body has ended or the server closes; at once if that was before. */
  onClosed(cleanUp: () => void): void {
    if (this.#response.closed) cleanUp();
    else this.#response.once('close', cleanUp);
  }

  /** Sends text as soon as what was written before it has gone out. */
  write(text: string | Buffer): void {
    if (this.#response.writableEnded || this.#faults.take('stall', this.#request) !== undefined) return;
    const pieces = this.#faults.take('slow', this.#request) ?? this.#faults.take('split', this.#request);
    if (pieces === undefined && this.#written === undefined) {
      this.#send(Buffer.from(text));
      return;
    }
    const { bytes, delayMs } = { bytes: Infinity, delayMs: 0, ...pieces };
    this.#written = this.#sendPieces(Buffer.from(text), bytes, delayMs, this.#written);
  }

  /** Ends the body cleanly, after all that was written; not one that a fault stalls or breaks off. */
  end(): void {
    const end = (): void => {
      const stalls = this.#faults.take('stall', this.#request) !== undefined;
      if (!stalls && this.#bytesLeft > 0) this.#response.end();
    };
    if (this.#written === undefined) end();
    else void this.#written.then(end);
  }

  async #sendPieces(
    text: Buffer,
    bytes: number,
    delayMs: number,
    before: Promise<void> | undefined,
  ): Promise<void> {
    await before;
    for (let at = 0; at < text.length && !this.#response.closed; at += bytes) {
      this.#send(text.subarray(at, at + bytes));
      // Even without a delay each piece has to leave on its own, or the kernel puts them together again.
      await sleep(delayMs, undefined, { ref: false });
    }
  }

  #send(bytes: Buffer): void {
    if (bytes.length < this.#bytesLeft) {
      this.#bytesLeft -= bytes.length;
      this.#response.write(bytes);
      return;
    }
    // Only what was handed to the kernel arrives before the reset.
    this.#response.write(bytes.subarray(0, this.#bytesLeft), () => this.#response.destroy());
    this.#bytesLeft = 0;
  }
}
