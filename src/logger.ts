export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['logfmt', 'json'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** One line per change of state: `message` is constant text, what varies goes into `fields`. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;
