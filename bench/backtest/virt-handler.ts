import { HOUR, MEBIBYTE } from './trace.ts';

export type LeakKind = 'per_freeze' | 'per_freeze_softened' | 'client_race' | 'none';

/** How one virt-handler is used. Functions take the minute of the trace. */
export interface Usage {
  readonly minutes: number;
  readonly limitBytes: number;
  readonly leak: LeakKind;
  /** Freeze and unfreeze calls that reached it in that minute. */
  readonly calls: (minute: number) => number;
  /** Clients that are lost without any call in that minute (the race of KubeVirt 1.6 to 1.8.3). */
  readonly lostClients?: (minute: number) => number;
  /** Bytes that grow without any goroutine, summed up until a restart. */
  readonly leakedBytes?: (minute: number) => number;
  /** What the process needs by itself; `age` is the minutes since its start. */
  readonly ownBytes: (minute: number, age: number) => number;
  readonly ownGoroutines: (minute: number, age: number) => number;
  /** Minutes of restarts that no kill caused. */
  readonly plannedRestarts?: readonly number[];
}

/** What the process was at each minute, and when it was killed for its memory. */
export interface History {
  readonly memoryBytes: readonly number[];
  readonly goroutines: readonly number[];
  readonly startMinute: readonly number[];
  readonly restarts: readonly number[];
  /** Minute of the OOM kill that ended the incarnation before the present one; undefined if none did. */
  readonly lastOomMinute: readonly (number | undefined)[];
  readonly oomMinutes: readonly number[];
}

/** Per unclosed client, measured: resident bytes and goroutines at first, and what stays after 30 minutes. */
const CLIENT = {
  per_freeze: { bytes: 110 * 1024, keptBytes: 110 * 1024, goroutines: 4.5, kept: 4.5 },
  per_freeze_softened: { bytes: 107 * 1024, keptBytes: 26 * 1024, goroutines: 5, kept: 3 },
  client_race: { bytes: 110 * 1024, keptBytes: 110 * 1024, goroutines: 6, kept: 6 },
  none: { bytes: 0, keptBytes: 0, goroutines: 0, kept: 0 },
} as const;

/** Plays the process minute by minute. */
export function virtHandlerHistory(usage: Usage): History {
  const { minutes, limitBytes, plannedRestarts = [] } = usage;
  const client = CLIENT[usage.leak];
  const memoryBytes: number[] = [];
  const goroutines: number[] = [];
  const startMinute: number[] = [];
  const restarts: number[] = [];
  const lastOomMinute: (number | undefined)[] = [];
  const oomMinutes: number[] = [];
  const opened: number[] = [];
  let start = -10 * 24 * HOUR;
  let killed: number | undefined;
  let count = 0;
  let leaked = 0;
  let clients = 0;
  let settled = 0;
  const restart = (minute: number, oom: boolean): void => {
    start = minute;
    killed = oom ? minute : undefined;
    count += 1;
    leaked = clients = settled = 0;
    if (oom) oomMinutes.push(minute);
  };
  for (let minute = 0; minute < minutes; minute += 1) {
    if (plannedRestarts.includes(minute)) restart(minute, false);
    const lost =
      (usage.leak === 'client_race' ? 0 : usage.calls(minute)) + (usage.lostClients?.(minute) ?? 0);
    opened.push(lost);
    const idle = minute - 30 > start ? (opened[minute - 30] ?? 0) : 0;
    clients += lost - idle;
    settled += idle;
    leaked += usage.leakedBytes?.(minute) ?? 0;
    const grown = clients * client.bytes + settled * client.keptBytes + leaked;
    let memory = usage.ownBytes(minute, minute - start) + grown;
    if (memory >= limitBytes) {
      restart(minute, true);
      memory = usage.ownBytes(minute, 0);
    }
    memoryBytes.push(Math.round(Math.max(memory, 20 * MEBIBYTE)));
    goroutines.push(
      Math.round(
        usage.ownGoroutines(minute, minute - start) + clients * client.goroutines + settled * client.kept,
      ),
    );
    startMinute.push(start);
    restarts.push(count);
    lastOomMinute.push(killed);
  }
  return { memoryBytes, goroutines, startMinute, restarts, lastOomMinute, oomMinutes };
}
