/** One line of a container log with the moment the container runtime wrote it. */
export interface LogLine {
  readonly epochMs: number;
  /** Nanoseconds within the millisecond: stamps of one container never repeat and never go back within one instant. */
  readonly nanos: number;
  readonly text: string;
}

/** What a follower of one container hears: each new line, then once why no more will come from this file. */
type LogEvent =
  | { readonly type: 'line'; readonly line: LogLine }
  | { readonly type: 'end'; readonly reason: 'rotated' | 'restarted' | 'removed' };

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

interface ContainerLog {
  current: LogLine[];
  bytes: number;
  previous: readonly LogLine[] | undefined;
  readonly followers: Set<(event: LogEvent) => void>;
}

const logKey = ({ namespace, name }: PodName, container: string): string =>
  `${namespace}/${name}/${container}`;

/** `2025-02-20T08:00:00.123000001Z`: the fixed nine digits kubelet prints (pkg/kubelet/types/constants.go, RFC3339NanoFixed). */
export function logStamp({ epochMs, nanos }: Pick<LogLine, 'epochMs' | 'nanos'>): string {
  return `${new Date(epochMs).toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}Z`;
}

/** The container logs of one simulated cluster, as the kubelets would serve them: the newest file and the previous container's. */
export class PodLogs {
  readonly #logs = new Map<string, ContainerLog>();
  readonly #now: () => Date;
  readonly #limitBytes: number;

  /** `limitBytes` bounds each container's file, as `containerLogMaxSize` does (10Mi by default); the oldest lines go first. */
  constructor(options: { readonly now: () => Date; readonly limitBytes?: number }) {
    this.#now = options.now;
    this.#limitBytes = options.limitBytes ?? 10 * 1024 * 1024;
  }

  /** Writes one line (without line break); `at` is the moment of writing when it is not now. */
  append(pod: PodName, container: string, text: string, at: Date = this.#now()): void {
    const log = this.#open(pod, container);
    const epochMs = at.getTime();
    const last = log.current.at(-1);
    const nanos = last?.epochMs === epochMs ? Math.min(last.nanos + 1_000, 999_999) : 0;
    const line = { epochMs, nanos, text };
    log.current.push(line);
    log.bytes += Buffer.byteLength(text) + 1;
    this.#dropOldest(log);
    for (const follower of [...log.followers]) follower({ type: 'line', line });
  }

  /** The file is rotated: only what is written from now on is served, and streams that follow it end. */
  rotate(pod: PodName, container: string): void {
    const log = this.#open(pod, container);
    log.current = [];
    log.bytes = 0;
    this.#end(log, 'rotated');
  }

  /** The container is restarted: its lines become those of `previous`, and streams that follow it end. */
  restart(pod: PodName, container: string): void {
    const log = this.#open(pod, container);
    log.previous = log.current;
    log.current = [];
    log.bytes = 0;
    this.#end(log, 'restarted');
  }

  /** The pod is gone, and all its logs with it; streams that follow them end. */
  remove(pod: PodName): void {
    const prefix = logKey(pod, '');
    for (const [key, log] of this.#logs) {
      if (!key.startsWith(prefix)) continue;
      this.#logs.delete(key);
      this.#end(log, 'removed');
    }
  }

  /** The lines of the newest file, oldest first; of the container before the last restart with `previous`; undefined where there is no such file. */
  read(
    pod: PodName,
    container: string,
    file: 'current' | 'previous' = 'current',
  ): readonly LogLine[] | undefined {
    const log = this.#logs.get(logKey(pod, container));
    return file === 'current' ? log?.current.slice() : log?.previous;
  }

  /** Calls `follower` synchronously for each new line until the returned function is called or `end` was delivered. */
  subscribe(pod: PodName, container: string, follower: (event: LogEvent) => void): () => void {
    const log = this.#open(pod, container);
    log.followers.add(follower);
    return () => log.followers.delete(follower);
  }

  #open(pod: PodName, container: string): ContainerLog {
    const key = logKey(pod, container);
    const known = this.#logs.get(key);
    if (known !== undefined) return known;
    const log: ContainerLog = { current: [], bytes: 0, previous: undefined, followers: new Set() };
    this.#logs.set(key, log);
    return log;
  }

  /** Drops a tenth at once: shifting an array line by line would cost its whole length each time. */
  #dropOldest(log: ContainerLog): void {
    if (log.bytes <= this.#limitBytes) return;
    let dropped = 0;
    for (; dropped < log.current.length - 1 && log.bytes > this.#limitBytes * 0.9; dropped += 1) {
      log.bytes -= Buffer.byteLength(log.current[dropped]?.text ?? '') + 1;
    }
    log.current.splice(0, dropped);
  }

  #end(log: ContainerLog, reason: Extract<LogEvent, { type: 'end' }>['reason']): void {
    const followers = [...log.followers];
    log.followers.clear();
    for (const follower of followers) follower({ type: 'end', reason });
  }
}
