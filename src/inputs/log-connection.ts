import type { SourceError } from '../cluster/error-kind.ts';
import type { MemberReporter } from '../cluster/source-status.ts';

/** How long the logs of containers are waited for, in milliseconds. */
export interface LogWaits {
  /** A refusal comes at once, unless the last one took longer. */
  readonly refusedWithinMs: number;
  readonly longestRefusalMs: number;
  /** How often the API server has to answer something while logs are open, and within which time. */
  readonly pulseEveryMs: number;
  readonly pulseTimeoutMs: number;
  /** It is asked no more often than this. */
  readonly pulseAgainMs: number;
}

export const LOG_WAITS: LogWaits = {
  refusedWithinMs: 1_000,
  longestRefusalMs: 60_000,
  pulseEveryMs: 60_000,
  pulseTimeoutMs: 30_000,
  pulseAgainMs: 1_000,
};

/**
 * Whether one log can be heard. The kubelet sends the head of an answer only with the first line, so a quiet log looks
 * like a slow server: it counts as heard when its connection stands, no refusal came, and the API server answered
 * something else since.
 */
export class LogConnection {
  readonly #member: MemberReporter;
  readonly #waits: LogWaits;
  /** Since when the present connection stands; undefined while there is none. */
  #connectedMs: number | undefined;
  #isBeingRead = false;
  /** It was heard and has not failed since. A quiet log is still opened again every few minutes. */
  #isWell = false;
  /** What was last reported to the member. */
  #isFresh = false;
  #wasTried = false;
  #refusalTookMs = 0;

  constructor(member: MemberReporter, waits: LogWaits) {
    this.#member = member;
    this.#waits = waits;
  }

  /** A line written now would reach us. */
  get isHeard(): boolean {
    return this.#isWell && this.#isBeingRead;
  }

  /** It was heard, or it failed, at least once. */
  get wasTried(): boolean {
    return this.#wasTried;
  }

  opening(): void {
    this.#isBeingRead = true;
  }

  connected(): void {
    this.#connectedMs = performance.now();
  }

  /** The head of the answer came. */
  opened(): void {
    this.#heard();
  }

  saidSomething(): void {
    this.#isFresh = false;
    this.#heard();
  }

  closed(): void {
    this.#connectedMs = undefined;
    this.#isBeingRead = false;
  }

  /** It was refused, or broke. To be called before `closed`. */
  failed(error: SourceError): void {
    this.#refusalTookMs = this.#isWell ? 0 : this.#sinceConnectedMs();
    this.#reportFailure(error);
  }

  /** The API server does not answer any more, so lines of this log cannot reach us. */
  lostServer(error: SourceError): void {
    if (this.#isFresh || !this.#wasTried) this.#reportFailure(error);
  }

  /** Since when the server must have answered something, if this log is quiet; undefined when its answers prove nothing. */
  quietSinceMs(): number | undefined {
    const { refusedWithinMs, longestRefusalMs } = this.#waits;
    const waitMs = Math.min(Math.max(refusedWithinMs, 2 * this.#refusalTookMs), longestRefusalMs);
    return this.#isWell || this.#sinceConnectedMs() < waitMs ? undefined : this.#connectedMs;
  }

  /** The server answers, and did not refuse this log. */
  presumeHeard(): void {
    this.#heard();
  }

  markFresh(): void {
    if (this.isHeard) this.#member.succeeded();
  }

  left(): void {
    this.#member.left();
  }

  /** Reports only a first success, or one after a failure: reopening must not make a mute log look fresh. */
  #heard(): void {
    this.#isWell = true;
    this.#wasTried = true;
    if (this.#isFresh) return;
    this.#isFresh = true;
    this.#member.succeeded();
  }

  #reportFailure(error: SourceError): void {
    this.#isWell = false;
    this.#isFresh = false;
    this.#wasTried = true;
    this.#member.failed(error);
  }

  #sinceConnectedMs(): number {
    return this.#connectedMs === undefined ? 0 : performance.now() - this.#connectedMs;
  }
}
