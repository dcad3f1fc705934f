import type { Writable } from 'node:stream';
import { pino } from 'pino';
import type { LogFields, LogFormat, Logger, LogLevel } from './logger.ts';
import { logfmtLine } from './logfmt.ts';

export interface LogWriterOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly stream: Writable;
}

/** What every line has; a field of one of these names would hide it. */
const OWN_KEYS: ReadonlySet<string> = new Set(['time', 'level', 'msg']);

/** A logger that writes one line per call: `time` (RFC 3339, UTC), `level`, `msg`, then the fields, as Prometheus does. */
export function createLogWriter({ level, format, stream }: LogWriterOptions): Logger {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'msg',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => void stream.write(format === 'json' ? line : logfmtOf(line)) },
  );
  const writer =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}): void =>
      logger[name](renamed(fields), message);
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

const renamed = (fields: LogFields): LogFields =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [OWN_KEYS.has(key) ? `${key}_` : key, value]),
  );

function logfmtOf(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>; // pino wrote an object
  return `${logfmtLine({ time, level, msg, ...fields })}\n`;
}
