import type { Api } from '../cluster/api.ts';
import { Followers, type Follower } from '../cluster/followers.ts';
import { followPodLog } from '../cluster/pod-log.ts';
import { pump, type PumpTiming, type Source } from '../cluster/source.ts';
import type { MemberReporter, SourceReporter } from '../cluster/source-status.ts';
import { StreamGate } from '../cluster/stream-gate.ts';
import type { Pod } from '../model/objects/pod.ts';
import { add, type Tallies } from './tallies.ts';

export interface ContainerLogsOptions {
  readonly api: Api;
  readonly tallies: Tallies;
  readonly report: SourceReporter;
  /** As `freezewatch_log_lines_total` names it. */
  readonly source: string;
  readonly container: string;
  readonly needle: string;
  /** A line with the needle, and when the container wrote it. */
  readonly onLine: (pod: Pod, text: string, atMs: number) => void;
  readonly onHeard?: () => void;
  readonly signal: AbortSignal;
  readonly pumpTiming: Partial<PumpTiming>;
  readonly onBug: (error: unknown) => void;
}

/** A refusal comes at once. The kubelet sends the head of an answer only with the first line. */
const REFUSED_WITHIN_MS = 1_000;

/** A pod whose log is wanted, from a moment on. */
export interface WantedLog {
  readonly pod: Pod;
  readonly sinceMs: number;
}

/** The logs of one container of several pods, followed as one source. */
export class ContainerLogs {
  readonly #options: ContainerLogsOptions;
  readonly #followers: Followers;
  readonly #gate: StreamGate;
  /** Logs that are being read, or waited for: a quiet one has not even answered yet. */
  readonly #listening = new Map<string, MemberReporter>();

  constructor(options: ContainerLogsOptions) {
    this.#options = options;
    this.#gate = new StreamGate(options.api);
    this.#followers = new Followers({ signal: options.signal, onBug: options.onBug });
    options.tallies.logLines.set(options.source, 0);
    options.tallies.logGaps.set(options.source, 0);
  }

  get streams(): number {
    return this.#gate.open;
  }

  get skipped(): number {
    return this.#followers.skipped;
  }

  get listening(): number {
    return this.#listening.size;
  }

  /** Follows these logs and no others. A log already followed goes on where it is. */
  follow(wanted: Iterable<WantedLog>): void {
    const followers = new Map<string, Follower>();
    for (const log of wanted) followers.set(log.pod.uid, (signal) => this.#follow(log, signal));
    this.#followers.reconcile(followers);
  }

  /** An open stream proves its source fresh, however quiet it is: TCP keep-alive would end a dead one. */
  vouch(): void {
    for (const member of this.#listening.values()) member.succeeded();
  }

  async #follow({ pod, sinceMs }: WantedLog, signal: AbortSignal): Promise<void> {
    const { source, container, needle, report, tallies, onLine, onHeard } = this.#options;
    const member = report.member(`${pod.namespace}/${pod.name}`);
    const place = { namespace: pod.namespace, pod: pod.name, container, needle, since: new Date(sinceMs) };
    const log = followPodLog(this.#gate, place, {
      onOpen: () => member.succeeded(),
      onLines: (count) => {
        add(tallies.logLines, source, count);
        member.succeeded();
        onHeard?.();
      },
      onGap: () => add(tallies.logGaps, source),
    });
    try {
      await pump(
        this.#listened(pod.uid, member, log),
        ({ stamp, text }) => onLine(pod, text, Date.parse(stamp)),
        {
          signal,
          onError: (error) => member.failed(error),
          timing: this.#options.pumpTiming,
        },
      );
    } finally {
      member.left();
    }
  }

  #listened<T>(uid: string, member: MemberReporter, source: Source<T>): Source<T> {
    const listening = this.#listening;
    let isFirst = true;
    return async function* (signal) {
      listening.set(uid, member);
      const timer = isFirst ? setTimeout(() => member.succeeded(), REFUSED_WITHIN_MS) : undefined;
      isFirst = false;
      try {
        yield* source(signal);
      } finally {
        clearTimeout(timer);
        listening.delete(uid);
      }
    };
  }
}
