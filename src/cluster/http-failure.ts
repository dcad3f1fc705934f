import type { IncomingHttpHeaders } from 'node:http';
import { ApiError, ConnectionError } from '../errors.ts';

/** `connect`: no answer began; `body`: the answer had begun. */
type Stage = 'connect' | 'body';

const TLS_CODE =
  /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO$|HOSTNAME_MISMATCH|INVALID_CA)/;
const MESSAGE_LIMIT = 300;

/** The ConnectionError a failed request means. Its message names the server and the code, never a credential. */
export function connectionError(error: unknown, stage: Stage, server: string): ConnectionError {
  if (error instanceof ConnectionError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  if (TLS_CODE.test(code)) return new ConnectionError('tls', `${server}: TLS failed (${code})`, error);
  if (code.startsWith('HPE_')) return new ConnectionError('nonsense', `${server}: not HTTP (${code})`, error);
  if (stage === 'body')
    return new ConnectionError('broken', `${server}: the answer broke off (${code})`, error);
  return new ConnectionError('unreachable', `${server}: no connection (${code})`, error);
}

/** The refusal a non-2xx answer means; a redirect is no Kubernetes API and so a ConnectionError. */
export function refusal(
  { status, headers, body }: { status: number; headers: IncomingHttpHeaders; body: string },
  server: string,
): ApiError | ConnectionError {
  if (status < 400)
    return new ConnectionError('nonsense', `${server}: answered HTTP ${status}, which no API server does`);
  const { reason, message } = statusObject(body);
  return new ApiError(
    status,
    reason,
    message ?? `${server}: HTTP ${status}`,
    retryAfterMs(headers['retry-after']),
  );
}

/** The error an object of kind Status stands for, as a watch sends it in an ERROR event. */
export function statusError(object: unknown): ApiError {
  const { code, reason, message } = fieldsOf(object);
  const status = typeof code === 'number' ? code : 500;
  return new ApiError(
    status,
    textOf(reason) ?? '',
    oneLine(textOf(message) ?? `the watch reported an error ${status}`),
  );
}

function statusObject(body: string): { reason: string; message: string | undefined } {
  try {
    const { kind, reason, message } = fieldsOf(JSON.parse(body));
    if (kind !== 'Status') return { reason: '', message: undefined };
    return { reason: textOf(reason) ?? '', message: oneLine(textOf(message) ?? '') || undefined };
  } catch {
    // A proxy's HTML page, or "404 page not found": only the status is of use.
    return { reason: '', message: undefined };
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

const oneLine = (text: string): string =>
  text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .slice(0, MESSAGE_LIMIT)
    .trim();

/** Seconds or a date (RFC 9110, 10.2.3). */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : undefined;
}
