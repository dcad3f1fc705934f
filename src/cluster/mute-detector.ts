import { MuteError } from './error-kind.ts';
import type { MemberReporter } from './source-status.ts';

interface MuteDetectorOptions {
  /** Called when the log falls mute, and when it speaks again. */
  readonly reporter: MemberReporter;
  /** How many of the log's streams are open now; at 0 the log cannot be heard. */
  readonly openStreams: () => number;
  /** A log that is silent for longer is mute. */
  readonly muteAfterMs: number;
  readonly now?: () => number;
}

/**
 * Notices that a log which always has something to say has fallen silent: virt-api writes an access line per request,
 * but none at all below verbosity 2 (KubeVirt pkg/rest/filter/filter.go), and then freeze calls cannot be counted.
 */
export class MuteDetector {
  readonly #reporter: MemberReporter;
  readonly #openStreams: () => number;
  readonly #muteAfterMs: number;
  readonly #now: () => number;
  /** Since when the log could be heard and was not; undefined while no stream is open. */
  #silentSinceMs: number | undefined;
  #isMute = false;

  constructor({ reporter, openStreams, muteAfterMs, now = Date.now }: MuteDetectorOptions) {
    this.#reporter = reporter;
    this.#openStreams = openStreams;
    this.#muteAfterMs = muteAfterMs;
    this.#now = now;
  }

  /** Some line arrived. */
  heard(): void {
    this.#silentSinceMs = this.#now();
    if (!this.#isMute) return;
    this.#isMute = false;
    this.#reporter.left();
  }

  /** To be called now and then. */
  check(): void {
    if (this.#openStreams() === 0) {
      this.#silentSinceMs = undefined;
      return;
    }
    this.#silentSinceMs ??= this.#now();
    if (this.#isMute || this.#now() - this.#silentSinceMs < this.#muteAfterMs) return;
    this.#isMute = true;
    this.#reporter.failed(new MuteError(`no line in ${this.#muteAfterMs / 60_000} minutes`));
  }
}
