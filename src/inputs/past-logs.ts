import type { Api } from '../cluster/api.ts';
import { pastLog } from '../cluster/past-log.ts';
import { onlyTransient } from '../cluster/source.ts';
import type { SourceReporter } from '../cluster/source-status.ts';
import type { Pod } from '../model/objects/pod.ts';

/**
 * The last hour, as far as the newest file of a log reaches. A shorter time would hide a loop of one call every two minutes.
 */
const LOG_SECONDS = 3_600;
/** So many logs are read side by side. */
const AT_ONCE = 8;

interface PastLogsOptions {
  readonly api: Api;
  readonly report: SourceReporter;
  readonly container: string;
  readonly needle: string;
  /** A line with the needle, and when the container wrote it. */
  readonly onLine: (pod: Pod, text: string, atMs: number) => void;
  /** From when on the log of a pod is known. */
  readonly onFirstLine?: (pod: Pod, atMs: number) => void;
  readonly signal: AbortSignal;
}

/** Reads what the logs of these pods hold of the last hour. A log that cannot be read is reported. */
export async function readPastLogs(pods: readonly Pod[], options: PastLogsOptions): Promise<void> {
  const waiting = [...pods];
  const readNext = async (): Promise<void> => {
    for (let pod = waiting.shift(); pod !== undefined; pod = waiting.shift()) await readPastLog(pod, options);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, readNext));
}

async function readPastLog(pod: Pod, options: PastLogsOptions): Promise<void> {
  const { api, report, container, needle, onLine, onFirstLine, signal } = options;
  const member = report.member(`${pod.namespace}/${pod.name}`);
  const place = { namespace: pod.namespace, pod: pod.name, container, needle, sinceSeconds: LOG_SECONDS };
  const first = { onFirstLine: (stamp: string) => onFirstLine?.(pod, Date.parse(stamp)) };
  try {
    for await (const { stamp, text } of pastLog(api, { ...place, ...first }, signal))
      onLine(pod, text, Date.parse(stamp));
    member.succeeded();
  } catch (error) {
    signal.throwIfAborted();
    member.failed(onlyTransient(error));
  }
}
