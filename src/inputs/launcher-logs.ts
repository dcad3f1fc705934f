import type { SourceState } from '../cluster/source-status.ts';
import { keyOf } from '../model/change.ts';
import { LAUNCHER_LINE_NEEDLE, parseLauncherLine } from '../model/logs/launcher-line.ts';
import type { Pod } from '../model/objects/pod.ts';
import { inShard, type Shard } from '../model/shard.ts';
import { suspects } from '../model/freezes/suspects.ts';
import { sourceOf } from '../model/resources.ts';
import type { ClusterView } from '../model/view.ts';
import { VIRT_LAUNCHER_LOGS } from '../store/live-view.ts';
import { ContainerLogs, type WantedLog } from './container-logs.ts';
import type { InputParts } from './kind.ts';
import { every, type LogInput, untilAborted } from './log-source.ts';
import { readPastLogs } from './past-logs.ts';

/** The guest writes `guest-console-log`, and could forge any line there. */
const CONTAINER = 'compute';
/** Readiness waits until the pods are known; this is how often that is checked. */
const TURN_MS = 250;

type LauncherLogsMode = 'off' | 'suspects' | 'all';

interface LauncherLogsOptions extends InputParts {
  readonly mode: LauncherLogsMode;
  readonly shard: Shard;
}

/**
 * The launcher logs of VMs that are suspect now, or of all. A log is opened from a little before the event that made
 * its VM suspect, so that the warning that follows a freeze is not missed, and closed when the VM is quiet again.
 */
export function launcherLogsInput(options: LauncherLogsOptions): LogInput {
  const { api, picture, mode, pumpTiming } = options;
  const { store, status, tallies } = picture;
  if (mode === 'off') return NO_LOGS;
  const access = { group: '', resource: 'pods/log', verbs: ['get'] };
  const report = status.register(VIRT_LAUNCHER_LOGS, { access, isListed: false, isAwaited: true });
  let logs: ContainerLogs | undefined;

  const onLine = ({ namespace, vm }: Pod, text: string, atMs: number): void => {
    const event = parseLauncherLine(text);
    if (event !== undefined && vm !== undefined) store.recordLauncherEvent(namespace, vm, event, atMs);
  };
  const stateOfPods = (): SourceState | undefined => status.stateOf(sourceOf('virtLaunchers'));
  const arePodsListed = (): boolean => store.tables.virtLaunchers.synced && stateOfPods()?.up === true;
  const arePodsKnown = (): boolean => {
    const phase = stateOfPods()?.phase;
    return store.tables.virtLaunchers.synced || phase === 'forbidden' || phase === 'absent';
  };
  return {
    streams: () => logs?.streams ?? 0,
    skipped: () => logs?.skipped ?? 0,
    once: (signal) =>
      readPastLogs(suspectLaunchers(picture.view(), options), {
        api,
        report,
        container: CONTAINER,
        needle: LAUNCHER_LINE_NEEDLE,
        onLine,
        signal,
      }),
    follow: async (signal) => {
      await untilAborted(signal, (onBug) => {
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
          followed.check();
          followed.markOpenStreamsFresh();
          // No launcher is wanted, so nothing can be missed.
          if (launchers.length === 0 && arePodsListed()) report.succeeded();
          isSettled ||= followed.areAllTried && arePodsKnown();
          if (isSettled) report.settled();
        };
        const { launcherLookMs } = options.timing;
        const turnMs = Math.min(TURN_MS, launcherLookMs);
        let isSettled = false;
        let turn = 0;
        const lookInTurn = (): void => {
          turn += 1;
          if (!isSettled || (turn * turnMs) % launcherLookMs === 0) look();
        };
        every(turnMs, lookInTurn, { signal, onBug });
      });
      await logs?.ended();
    },
  };
}

const NO_LOGS: LogInput = {
  streams: () => 0,
  skipped: () => 0,
  once: () => Promise.resolve(),
  follow: () => Promise.resolve(),
};

/** The running launchers of VMs that are suspect at this moment. */
function suspectLaunchers(view: ClusterView, { mode }: LauncherLogsOptions): readonly Pod[] {
  const since = suspects(view);
  return [...view.virtLaunchers].filter(
    ({ namespace, vm = '', phase }) =>
      phase === 'Running' && (mode === 'all' || since.has(keyOf({ namespace, name: vm }))),
  );
}

/** Which launchers to follow now, and from when on. */
class WantedLaunchers {
  readonly #options: LauncherLogsOptions;
  readonly #startedMs: number;
  /** Until when each pod's log was read when it was last closed, so that no line counts twice. */
  readonly #readUntil = new Map<string, number>();
  #open: ReadonlySet<string> = new Set();

  constructor(options: LauncherLogsOptions, startedMs: number) {
    this.#options = options;
    this.#startedMs = startedMs;
  }

  now(): readonly WantedLog[] {
    const { picture, api, timing } = this.#options;
    const { store } = picture;
    const since = this.#options.mode === 'all' ? undefined : suspects(picture.view());
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
    const { picture, shard } = this.#options;
    return inShard(shard, picture.store.tables.vmis.get(namespace, vm)?.uid ?? '');
  }

  #remember(pods: readonly Pod[], open: ReadonlySet<string>): void {
    const nowMs = Date.now() + this.#options.api.clockSkewMs();
    for (const uid of this.#open) if (!open.has(uid)) this.#readUntil.set(uid, nowMs);
    const known = new Set(pods.map(({ uid }) => uid));
    for (const uid of this.#readUntil.keys()) if (!known.has(uid)) this.#readUntil.delete(uid);
    this.#open = open;
  }
}
