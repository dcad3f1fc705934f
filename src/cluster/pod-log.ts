import { ApiError, ConnectionError } from '../errors.ts';
import type { Api } from './api.ts';
import { LogScanner, newlinesIn, type ScannedLine } from './log-scanner.ts';
import { instantOf, instantOfDate, stampOf } from './log-stamp.ts';
import { ResumePoint } from './resume-point.ts';
import type { Source } from './source.ts';

/** One line of a container's log that contains the needle. */
export interface LogLine {
  /** When the container wrote it: RFC 3339, up to nanoseconds, as the kubelet recorded it. */
  readonly stamp: string;
  readonly text: string;
}

export interface PodLogOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Lines written before are not counted. By the clock of the node. */
  readonly since: Date;
  /** Only lines with this text are yielded. */
  readonly needle: string;
  /** Longer lines are counted but never yielded; default 64 KiB. */
  readonly maxLineBytes?: number;
  /** After this long without a byte the log is opened again, without an error; default 5 minutes. */
  readonly quietReconnectMs?: number;
}

interface PodLogHooks {
  /** So many lines arrived, of interest or not; a line sent again counts again. */
  readonly onLines?: (count: number) => void;
  /** The connection stands and the request is on its way. */
  readonly onConnected?: () => void;
  /** The server accepted the request. */
  readonly onOpen?: () => void;
  /** Lines may be lost: rotated away, or of a container that was replaced. */
  readonly onGap?: () => void;
  /** The container has not started. */
  readonly onWaiting?: () => void;
}

/** Longer lines are never of interest. */
export const MAX_LINE_BYTES = 64 * 1024;
const QUIET_RECONNECT_MS = 5 * 60_000;
/** The 400 of a container without a log yet, or between two runs (Kubernetes pkg/kubelet/kubelet_pods.go). */
const NOT_STARTED = /waiting to start|is terminated|is not available|ContainerCreating|PodInitializing/;

/**
 * One container's log as a source of the lines that contain the needle, each exactly once across reconnects. Each
 * call is one connection: it ends when the log ends (pod or container gone, rotation, a quiet time) and when there is
 * no log yet, and throws when the connection was torn or refused.
 */
export function followPodLog(
  api: Pick<Api, 'stream'>,
  options: PodLogOptions,
  hooks: PodLogHooks = {},
): Source<LogLine> {
  const log = new PodLog(api, options, hooks);
  return (signal) => log.follow(signal);
}

/** `beyond`: it began after the last line seen, and nothing of it was taken. */
type Outcome = 'continuous' | 'beyond' | 'empty';
interface Reading {
  readonly previous: boolean;
  /** Take the lines although some before them were missed. */
  readonly acceptsGap: boolean;
}

class PodLog {
  readonly #api: Pick<Api, 'stream'>;
  readonly #options: PodLogOptions;
  readonly #hooks: PodLogHooks;
  readonly #point: ResumePoint;

  constructor(api: Pick<Api, 'stream'>, options: PodLogOptions, hooks: PodLogHooks) {
    this.#api = api;
    this.#options = options;
    this.#hooks = hooks;
    this.#point = new ResumePoint(instantOfDate(options.since));
  }

  async *follow(signal: AbortSignal): AsyncGenerator<LogLine, void> {
    try {
      if ((yield* this.#read({ previous: false, acceptsGap: false }, signal)) !== 'beyond') return;
      // The last line did not come again: the container was restarted, or its log was rotated.
      if (!(yield* this.#readPrevious(signal))) this.#hooks.onGap?.();
      yield* this.#read({ previous: false, acceptsGap: true }, signal);
    } catch (error) {
      if (!this.#isEnd(error)) throw error;
    }
  }

  /** Catches up from the log of the container before; false when that does not close the gap. */
  async *#readPrevious(signal: AbortSignal): AsyncGenerator<LogLine, boolean> {
    try {
      const outcome = yield* this.#read({ previous: true, acceptsGap: false }, signal);
      if (outcome === 'beyond') yield* this.#read({ previous: true, acceptsGap: true }, signal);
      return outcome === 'continuous';
    } catch (error) {
      if (error instanceof ApiError && (error.status === 400 || error.status === 404)) return false;
      throw error;
    }
  }

  async *#read(reading: Reading, signal: AbortSignal): AsyncGenerator<LogLine, Outcome> {
    this.#point.reconnect();
    const { quietReconnectMs = QUIET_RECONNECT_MS, needle, maxLineBytes = MAX_LINE_BYTES } = this.#options;
    // The kubelet sends the head with the first line, so a quiet log has no head until then.
    const limits = { headersTimeoutMs: quietReconnectMs, idleTimeoutMs: quietReconnectMs };
    const onConnected = (): void => this.#hooks.onConnected?.();
    const chunks = await this.#api.stream(this.#path(reading), { signal, onConnected, ...limits });
    this.#hooks.onOpen?.();
    const scanner = new LogScanner({ needle: Buffer.from(needle), maxLineBytes });
    let outcome: Outcome = 'empty';
    for await (const chunk of chunks) {
      for (const line of scanner.lines(chunk, () => !this.#point.hasCaughtUp)) {
        const stamp = stampOf(line.bytes);
        const instant = instantOf(stamp);
        if (instant === undefined) continue;
        if (outcome === 'empty' && this.#point.isBeyond(instant) && !reading.acceptsGap) return 'beyond';
        outcome = 'continuous';
        const hit = this.#newHit(line, stamp, instant);
        if (hit !== undefined) yield hit;
      }
      this.#sawEnd(scanner.last);
      this.#hooks.onLines?.(newlinesIn(chunk));
    }
    return outcome;
  }

  #newHit({ bytes, isHit }: ScannedLine, stamp: string, instant: bigint): LogLine | undefined {
    this.#point.saw(instant);
    if (!isHit || !this.#point.isNew(instant, bytes)) return undefined;
    return { stamp, text: bytes.toString('utf8', stamp.length + 1) };
  }

  #sawEnd(last: Buffer | undefined): void {
    const instant = last === undefined ? undefined : instantOf(stampOf(last));
    if (instant !== undefined) this.#point.saw(instant);
  }

  #isEnd(error: unknown): boolean {
    if (error instanceof ConnectionError) return error.kind === 'timeout';
    if (!(error instanceof ApiError)) return false;
    const isWaiting = error.status === 400 && NOT_STARTED.test(error.message);
    if (isWaiting) this.#hooks.onWaiting?.();
    return isWaiting || error.status === 404;
  }

  #path({ previous }: Reading): string {
    const { namespace, pod, container } = this.#options;
    const mode = previous ? { previous: 'true' } : { follow: 'true' };
    const query = new URLSearchParams({
      ...mode,
      container,
      timestamps: 'true',
      sinceTime: this.#point.sinceTime,
    });
    return `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query.toString()}`;
  }
}
