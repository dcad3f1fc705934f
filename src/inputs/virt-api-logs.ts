import { MuteDetector } from '../cluster/mute-detector.ts';
import { ACCESS_LINE_NEEDLE, parseAccessLine } from '../model/logs/access-line.ts';
import type { Pod } from '../model/objects/pod.ts';
import { sourceOf } from '../model/resources.ts';
import { VIRT_API_LOGS } from '../store/live-view.ts';
import { ContainerLogs } from './container-logs.ts';
import type { InputParts } from './kind.ts';
import { every, type LogInput, untilAborted } from './log-source.ts';
import { readPastLogs } from './past-logs.ts';

const CONTAINER = 'virt-api';

/**
 * The access logs of all virt-api pods: the exact count of freeze calls. Only lines written after the start count, by
 * the cluster's clock.
 */
export function virtApiLogsInput({ api, picture, timing, resources, pumpTiming }: InputParts): LogInput {
  const { store, status, tallies } = picture;
  const startedMs = Date.now();
  const report = status.register(VIRT_API_LOGS, {
    get access() {
      const { namespace = '' } = resources().virtApis;
      return { group: '', resource: 'pods/log', verbs: ['get'], namespace };
    },
    isListed: false,
    isAwaited: true,
  });
  let logs: ContainerLogs | undefined;

  const onLine = (_pod: Pod, text: string, atMs: number): void => {
    const request = parseAccessLine(text);
    if (request !== undefined) store.recordFreeze(request, atMs);
  };
  const runningVirtApis = (): readonly Pod[] =>
    [...store.tables.virtApis].filter(({ phase }) => phase === 'Running');
  /** Without the right to list them, or where they are not served, none will ever be known. */
  const arePodsKnown = (): boolean => {
    const phase = status.stateOf(sourceOf('virtApis'))?.phase;
    return store.tables.virtApis.synced || phase === 'forbidden' || phase === 'absent';
  };
  return {
    streams: () => logs?.streams ?? 0,
    skipped: () => logs?.skipped ?? 0,
    once: (signal) =>
      readPastLogs(runningVirtApis(), {
        api,
        report,
        container: CONTAINER,
        needle: ACCESS_LINE_NEEDLE,
        onLine,
        onFirstLine: (_pod, atMs) => {
          if (!Number.isNaN(atMs)) store.freezes.readSince(atMs);
        },
        signal,
      }),
    follow: async (signal) => {
      await untilAborted(signal, (onBug) => {
        const mute = new MuteDetector({
          reporter: report.member('verbosity'),
          openStreams: () => followed.heard,
          muteAfterMs: timing.muteAfterMs,
        });
        const followed = new ContainerLogs({
          api,
          tallies,
          report,
          source: VIRT_API_LOGS,
          container: CONTAINER,
          needle: ACCESS_LINE_NEEDLE,
          onLine,
          onHeard: () => mute.heard(),
          signal,
          pumpTiming,
          onBug,
        });
        logs = followed;
        store.freezes.readSince(startedMs + api.clockSkewMs());
        const look = (): void => {
          const sinceMs = startedMs + api.clockSkewMs();
          const running = runningVirtApis();
          followed.follow(running.map((pod) => ({ pod, sinceMs })));
          followed.check();
          mute.check();
          // Until then the counts of the VMs are not there, and their first calls would be missed.
          const isHeard = running.length === 0 || followed.heard > 0;
          if (arePodsKnown() && isHeard && followed.areAllTried) report.settled();
        };
        every(timing.virtApiLookMs, look, { signal, onBug });
      });
      await logs?.ended();
    },
  };
}
