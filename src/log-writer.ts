import type { Writable } from 'node:stream';
import { LOG_LEVELS, type LogFields, type LogFormat, type Logger, type LogLevel } from './logger.ts';
import { logfmtLine } from './logfmt.ts';

interface LogWriterOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly stream: Writable;
}

/** What every line has; a field of one of these names would hide it. */
const OWN_KEYS: ReadonlySet<string> = new Set(['time', 'level', 'msg']);

/** A logger that writes one line per call: `time` (RFC 3339, UTC), `level`, `msg`, then the fields, as Prometheus does. */
export function createLogWriter({ level: lowest, format, stream }: LogWriterOptions): Logger {
  // JSON escapes line breaks, so its text is one line too.
  const textOf = format === 'json' ? JSON.stringify : logfmtLine;
  const writer =
    (level: LogLevel) =>
    (message: string, fields: LogFields = {}): void => {
      if (LOG_LEVELS.indexOf(level) < LOG_LEVELS.indexOf(lowest)) return;
      const own = { time: new Date().toISOString(), level, msg: message };
      stream.write(`${textOf({ ...own, ...givenFields(fields) })}\n`);
    };
  return { debug: writer('debug'), info: writer('info'), warn: writer('warn'), error: writer('error') };
}

/** The fields that have a value, renamed where they would hide a field of every line. */
const givenFields = (fields: LogFields): LogFields =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [OWN_KEYS.has(key) ? `${key}_` : key, value]),
  );
