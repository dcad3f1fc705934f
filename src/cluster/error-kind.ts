import { type ApiError, ConnectionError } from '../errors.ts';

/** The closed set of `freezewatch_source_errors_total{kind}`. */
export type ErrorKind =
  | 'unreachable'
  | 'tls'
  | 'timeout'
  | 'broken'
  | 'nonsense'
  | 'unauthorized'
  | 'forbidden'
  | 'not_served'
  | 'gone'
  | 'throttled'
  | 'server_error'
  | 'bad_request'
  | 'mute';

/** A log that is read and says nothing, although its program always has something to say. */
export class MuteError extends Error {
  override readonly name = 'MuteError';
}

/** What can make a source fail. */
export type SourceError = ApiError | ConnectionError | MuteError;

/** The kind a failure is counted under. */
export function errorKindOf(error: SourceError): ErrorKind {
  if (error instanceof MuteError) return 'mute';
  if (error instanceof ConnectionError) return error.kind;
  const { status } = error;
  if (status >= 500) return 'server_error';
  return KIND_OF_STATUS.get(status) ?? 'bad_request';
}

const KIND_OF_STATUS: ReadonlyMap<number, ErrorKind> = new Map([
  [401, 'unauthorized'],
  [403, 'forbidden'],
  [404, 'not_served'],
  [410, 'gone'],
  [429, 'throttled'],
]);
