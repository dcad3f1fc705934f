/** An input without the shape we rely on. Counted and skipped; it never stops the exporter. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
  constructor(path: string, expected: string, cause?: unknown) {
    super(`${path}: expected ${expected}`, { cause });
  }
}

/** Configuration or arguments are wrong: all problems at once, each with its place and its remedy. Exit code 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[], cause?: unknown) {
    super(problems.join('\n'), { cause });
    this.problems = problems;
  }
}

/** The API server answered, and refused: `status` is the HTTP status, `reason` that of its Status object ("Expired", …). */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly reason: string;
  /** From Retry-After, in milliseconds; undefined when the answer had none. */
  readonly retryAfterMs: number | undefined;
  constructor(status: number, reason: string, message: string, retryAfterMs?: number) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The API server did not answer, broke off, or spoke something that is not Kubernetes. Retried. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
  /** A closed set, for `freezewatch_source_errors_total{kind}`. */
  readonly kind: 'unreachable' | 'tls' | 'timeout' | 'broken' | 'nonsense';
  constructor(kind: ConnectionError['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
