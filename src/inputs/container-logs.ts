import type { Api } from '../cluster/api.ts';
import { Followers, type Follower } from '../cluster/followers.ts';
import { followPodLog } from '../cluster/pod-log.ts';
import { pump, type PumpTiming, type Source } from '../cluster/source.ts';
import type { SourceReporter } from '../cluster/source-status.ts';
import { StreamGate } from '../cluster/stream-gate.ts';
import type { Pod } from '../model/objects/pod.ts';
import { LOG_WAITS, LogConnection, type LogWaits } from './log-connection.ts';
import { ServerPulse } from './server-pulse.ts';
import { add, type Tallies } from './tallies.ts';

interface ContainerLogsOptions {
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
  readonly waits?: LogWaits;
  readonly onBug: (error: unknown) => void;
}

/** A pod whose log is wanted, from a moment on. */
export interface WantedLog {
  readonly pod: Pod;
  readonly sinceMs: number;
}

/** The logs of one container of several pods, followed as one source. */
export class ContainerLogs {
  readonly #options: ContainerLogsOptions;
  readonly #waits: LogWaits;
  readonly #followers: Followers;
  readonly #gate: StreamGate;
  readonly #pulse: ServerPulse;
  /** By pod. */
  readonly #connections = new Map<string, LogConnection>();

  constructor(options: ContainerLogsOptions) {
    this.#options = options;
    this.#waits = options.waits ?? LOG_WAITS;
    this.#gate = new StreamGate(options.api);
    this.#pulse = new ServerPulse({ ...options, waits: this.#waits });
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

  /** Logs whose next line would reach us. */
  get heard(): number {
    return [...this.#connections.values()].filter(({ isHeard }) => isHeard).length;
  }

  /** Whether each wanted log was heard, or failed, at least once. */
  get areAllTried(): boolean {
    return (
      [...this.#connections.values()].filter(({ wasTried }) => wasTried).length >= this.#followers.running
    );
  }

  /** Follows these logs and no others. A log already followed goes on where it is. */
  follow(wanted: Iterable<WantedLog>): void {
    const followers = new Map<string, Follower>();
    for (const log of wanted) followers.set(log.pod.uid, (signal) => this.#follow(log, signal));
    this.#followers.reconcile(followers);
  }

  /** To be called now and then: finds out which logs can be heard. */
  check(): void {
    if (this.#connections.size === 0) return;
    this.#pulse.check();
    const { failure } = this.#pulse;
    for (const connection of this.#connections.values()) {
      if (failure !== undefined) connection.lostServer(failure);
      const sinceMs = connection.quietSinceMs();
      if (sinceMs === undefined) continue;
      if (this.#pulse.hasAnsweredSince(sinceMs)) connection.presumeHeard();
      else this.#pulse.ask();
    }
  }

  /** A log whose connection works proves its source fresh, even without a line. */
  markOpenStreamsFresh(): void {
    for (const connection of this.#connections.values()) connection.markFresh();
  }

  /** Resolves when every log that was followed is closed. */
  ended(): Promise<void> {
    return this.#followers.ended();
  }

  async #follow({ pod, sinceMs }: WantedLog, signal: AbortSignal): Promise<void> {
    const { source, container, needle, report, tallies, onLine, onHeard } = this.#options;
    const connection = new LogConnection(report.member(`${pod.namespace}/${pod.name}`), this.#waits);
    const place = { namespace: pod.namespace, pod: pod.name, container, needle, since: new Date(sinceMs) };
    const log = followPodLog(this.#gate, place, {
      onConnected: () => connection.connected(),
      onOpen: () => connection.opened(),
      onLines: (count) => {
        add(tallies.logLines, source, count);
        connection.saidSomething();
        onHeard?.();
      },
      onGap: () => add(tallies.logGaps, source),
    });
    this.#connections.set(pod.uid, connection);
    try {
      await pump(noticed(connection, log), ({ stamp, text }) => onLine(pod, text, Date.parse(stamp)), {
        signal,
        onError: (error) => connection.failed(error),
        timing: this.#options.pumpTiming,
      });
    } finally {
      if (this.#connections.get(pod.uid) === connection) this.#connections.delete(pod.uid);
      connection.left();
    }
  }
}

/** The source, with the begin and the end of each of its connections noticed. */
const noticed = <T>(connection: LogConnection, source: Source<T>): Source<T> =>
  async function* (signal) {
    connection.opening();
    try {
      yield* source(signal);
    } finally {
      connection.closed();
    }
  };
