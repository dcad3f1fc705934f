import { StatusError } from './status.ts';

/** The reason and message an API server gives with an unusual status. */
const FAULT_STATUS: Readonly<Record<number, readonly [reason: string, message: string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden: the request was refused'],
  404: ['NotFound', 'the server could not find the requested resource'],
  410: ['Expired', 'The resourceVersion for the provided list is too old.'],
  429: ['TooManyRequests', 'Too many requests, please try again later.'],
  500: ['InternalError', 'Internal error occurred: etcdserver: request timed out'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'the server was unable to return a response in the time allotted'],
};

/** The error that a fault of type `status` answers with. */
export function faultError(code: number, retryAfterSeconds: number | undefined): StatusError {
  const [reason, message] = FAULT_STATUS[code] ?? ['', `status ${code}`];
  return new StatusError(code, reason, message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
}
