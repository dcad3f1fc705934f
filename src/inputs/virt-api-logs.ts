import { MuteDetector } from '../cluster/mute-detector.ts';
import { ACCESS_LINE_NEEDLE, parseAccessLine } from '../model/logs/access-line.ts';
import type { Pod } from '../model/objects/pod.ts';
import { VIRT_API_LOGS } from '../store/live-view.ts';
import { ContainerLogs } from './container-logs.ts';
import { every, type LogSource, type LogSourceParts, untilAborted } from './log-source.ts';

const CONTAINER = 'virt-api';
/** How soon a new virt-api pod is followed; its log is read from its first line, however late. */
const LOOK_EVERY_MS = 500;

/**
 * The access logs of all virt-api pods: the exact count of freeze calls. Only lines written after the start count, by
 * the cluster's clock.
 */
export function followVirtApis({
  api,
  store,
  status,
  tallies,
  timing,
  resources,
  pumpTiming,
}: LogSourceParts): LogSource {
  const { namespace } = resources.virtApis;
  const subject = { group: '', resource: 'pods/log', verbs: ['get'], namespace };
  const report = status.register(VIRT_API_LOGS, { subject, isListed: false });
  let logs: ContainerLogs | undefined;

  const onLine = (_pod: Pod, text: string, atMs: number): void => {
    const request = parseAccessLine(text);
    if (request !== undefined) store.recordFreeze(request, atMs);
  };
  return {
    streams: () => logs?.streams ?? 0,
    skipped: () => logs?.skipped ?? 0,
    run: (signal) =>
      untilAborted(signal, (onBug) => {
        const startedMs = Date.now();
        const mute = new MuteDetector({
          reporter: report.member('verbosity'),
          openStreams: () => followed.listening,
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
          const running = [...store.tables.virtApis].filter(({ phase }) => phase === 'Running');
          followed.follow(running.map((pod) => ({ pod, sinceMs })));
          mute.check();
        };
        every(LOOK_EVERY_MS, look, { signal, onBug });
      }),
  };
}
