import type { Api } from './api.ts';
import { LogScanner } from './log-scanner.ts';
import { stampOf } from './log-stamp.ts';
import { type LogLine, MAX_LINE_BYTES } from './pod-log.ts';

interface PastLogOptions {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** How far back to read, as far as the newest file of the log reaches. */
  readonly sinceSeconds: number;
  /** Only lines with this text are yielded. */
  readonly needle: string;
  /** The stamp of the first line that was sent, of interest or not: from then on the log is known. */
  readonly onFirstLine?: (stamp: string) => void;
}

/** The lines of one container's log until now that contain the needle. Throws ApiError and ConnectionError. */
export async function* pastLog(
  api: Pick<Api, 'stream'>,
  { namespace, pod, container, sinceSeconds, needle, onFirstLine }: PastLogOptions,
  signal: AbortSignal,
): AsyncGenerator<LogLine, void> {
  const query = new URLSearchParams({
    container,
    timestamps: 'true',
    sinceSeconds: String(sinceSeconds),
  });
  const path = `/api/v1/namespaces/${namespace}/pods/${pod}/log?${query.toString()}`;
  const chunks = await api.stream(path, { signal, idleTimeoutMs: 30_000 });
  const scanner = new LogScanner({ needle: Buffer.from(needle), maxLineBytes: MAX_LINE_BYTES });
  let isFirst = true;
  for await (const chunk of chunks) {
    for (const { bytes, isHit } of scanner.lines(chunk, () => isFirst)) {
      const stamp = stampOf(bytes);
      if (isFirst) onFirstLine?.(stamp);
      isFirst = false;
      if (isHit) yield { stamp, text: bytes.toString('utf8', stamp.length + 1) };
    }
  }
}
