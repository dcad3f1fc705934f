import { keyOf } from '../model/change.ts';
import { LAUNCHER_LINE_NEEDLE, parseLauncherLine } from '../model/logs/launcher-line.ts';
import type { Pod } from '../model/objects/pod.ts';
import { inShard, type Shard } from '../model/shard.ts';
import { suspects } from '../model/freezes/suspects.ts';
import type { ClusterView } from '../model/view.ts';
import { VIRT_LAUNCHER_LOGS } from '../store/live-view.ts';
import { ContainerLogs, type WantedLog } from './container-logs.ts';
import { every, type LogSource, type LogSourceParts, untilAborted } from './log-source.ts';

/** The guest writes `guest-console-log`, and could forge any line there. */
const CONTAINER = 'compute';

export type LauncherLogsMode = 'off' | 'suspects' | 'all';

export interface LauncherLogsOptions extends LogSourceParts {
  readonly mode: LauncherLogsMode;
  readonly shard: Shard;
  readonly view: () => ClusterView;
}

/**
 * The launcher logs of VMs that are suspect now, or of all. A log is opened from a little before the event that made
 * its VM suspect, so that the warning that follows a freeze is not missed, and closed when the VM is quiet again.
 */
export function followLaunchers(options: LauncherLogsOptions): LogSource {
  const { api, store, status, tallies, mode, pumpTiming } = options;
  if (mode === 'off') return { streams: () => 0, skipped: () => 0, run: () => Promise.resolve() };
  const subject = { group: '', resource: 'pods/log', verbs: ['get'] };
  const report = status.register(VIRT_LAUNCHER_LOGS, { subject, isListed: false });
  let logs: ContainerLogs | undefined;

  const onLine = ({ namespace, vm }: Pod, text: string, atMs: number): void => {
    const event = parseLauncherLine(text);
    if (event !== undefined && vm !== undefined) store.recordLauncherEvent(namespace, vm, event, atMs);
  };
  return {
    streams: () => logs?.streams ?? 0,
    skipped: () => logs?.skipped ?? 0,
    run: (signal) =>
      untilAborted(signal, (onBug) => {
        const followed = new ContainerLogs({
          api,
          tallies,
          report,
          source: VIRT_LAUNCHER_LOGS,
          container: CONTAINER,
          needle: LAUNCHER_LINE_NEEDLE,
          onLine,
          signal,
          pumpTiming,
          onBug,
        });
        logs = followed;
        const wanted = new WantedLaunchers(options, Date.now());
        const look = (): void => {
          const launchers = wanted.now();
          followed.follow(launchers);
          followed.vouch();
          // With nobody to listen to, all is heard.
          if (launchers.length === 0) report.succeeded();
        };
        every(options.timing.launcherLookMs, look, { signal, onBug });
      }),
  };
}

/** Which launchers to follow now, and from when on. */
class WantedLaunchers {
  readonly #options: LauncherLogsOptions;
  readonly #startedMs: number;
  /** Until when each pod's log was read when it was last closed: what was read must not be counted again. */
  readonly #readUntil = new Map<string, number>();
  #open: ReadonlySet<string> = new Set();

  constructor(options: LauncherLogsOptions, startedMs: number) {
    this.#options = options;
    this.#startedMs = startedMs;
  }

  now(): readonly WantedLog[] {
    const { store, api, timing, view } = this.#options;
    const since = this.#options.mode === 'all' ? undefined : suspects(view());
    const startedMs = this.#startedMs + api.clockSkewMs();
    const pods = [...store.tables.virtLaunchers].filter((pod) => this.#isOurs(pod));
    const wanted = pods.flatMap((pod): readonly WantedLog[] => {
      const suspectMs =
        since === undefined ? startedMs : since.get(keyOf({ namespace: pod.namespace, name: pod.vm ?? '' }));
      if (suspectMs === undefined) return [];
      const sinceMs = Math.max(startedMs, suspectMs - timing.lookBackMs, this.#readUntil.get(pod.uid) ?? 0);
      return [{ pod, sinceMs }];
    });
    this.#remember(pods, new Set(wanted.map(({ pod }) => pod.uid)));
    return wanted;
  }

  #isOurs({ namespace, vm, phase }: Pod): boolean {
    if (vm === undefined || phase !== 'Running') return false;
    const { store, shard } = this.#options;
    return inShard(shard, store.tables.vmis.get(namespace, vm)?.uid ?? '');
  }

  #remember(pods: readonly Pod[], open: ReadonlySet<string>): void {
    const nowMs = Date.now() + this.#options.api.clockSkewMs();
    for (const uid of this.#open) if (!open.has(uid)) this.#readUntil.set(uid, nowMs);
    const known = new Set(pods.map(({ uid }) => uid));
    for (const uid of this.#readUntil.keys()) if (!known.has(uid)) this.#readUntil.delete(uid);
    this.#open = open;
  }
}
