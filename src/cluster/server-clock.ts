/** The Date header has whole seconds; half of one is its mean error. */
const HALF_SECOND_MS = 500;
/** A smaller difference may be rounding and network delay. */
const TOLERANCE_MS = 2_000;

/** How far the API server's clock is from ours, by the Date headers of its answers. */
export class ServerClock {
  #skewMs = 0;

  /** `header`: the Date of an answer to a request sent at `sentMs` and answered at `receivedMs`, by our clock. */
  observe(header: string | undefined, sentMs: number, receivedMs: number): void {
    const serverMs = Date.parse(header ?? '');
    if (Number.isNaN(serverMs)) return;
    // A slow answer blurs the comparison by its duration, so it must not move the known offset.
    if (receivedMs - sentMs > TOLERANCE_MS) return;
    this.#skewMs = serverMs + HALF_SECOND_MS - (sentMs + receivedMs) / 2;
  }

  /** Server minus local, in milliseconds; 0 while unknown or not more than two seconds. */
  get skewMs(): number {
    return Math.abs(this.#skewMs) <= TOLERANCE_MS ? 0 : Math.round(this.#skewMs);
  }
}
