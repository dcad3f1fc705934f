import type { KindDefinition } from '../kube-object.ts';

/** The `details` of a Status: what the failed request was about. */
interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  /** The plural of the resource, in spite of its name. */
  readonly kind?: string;
  readonly uid?: string;
  readonly retryAfterSeconds?: number;
  readonly causes?: readonly { readonly reason: string; readonly message: string; readonly field?: string }[];
}

/** The API server refuses: becomes an HTTP status with a Status object as body, as in apimachinery pkg/api/errors. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails;
  /** Set with 410 on a list: where an inconsistent continuation may start. */
  readonly continueToken: string | undefined;
  constructor(
    code: number,
    reason: string,
    message: string,
    details: StatusDetails = {},
    continueToken?: string,
  ) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
    this.continueToken = continueToken;
  }
}

type Resource = Pick<KindDefinition, 'group' | 'plural'>;

const qualified = ({ group, plural }: Resource): string => (group === '' ? plural : `${plural}.${group}`);
const detailsOf = ({ group, plural }: Resource, name?: string): StatusDetails => ({
  ...(name === undefined ? {} : { name }),
  ...(group === '' ? {} : { group }),
  kind: plural,
});

/** The body of a failed answer; also the object of an ERROR event in a watch. */
export function statusOf({ code, reason, message, details, continueToken }: StatusError): object {
  const metadata = continueToken === undefined ? {} : { continue: continueToken };
  return { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message, reason, details, code };
}

/** The body of a successful deletion. */
export const successOf = (resource: Resource, name: string, uid: string): object => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  details: { ...detailsOf(resource, name), uid },
});

export const badRequest = (message: string): StatusError => new StatusError(400, 'BadRequest', message);

export const notFound = (resource: Resource, name: string): StatusError =>
  new StatusError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, detailsOf(resource, name));

export const unknownResource = (): StatusError =>
  new StatusError(404, 'NotFound', 'the server could not find the requested resource');

export const methodNotAllowed = (): StatusError =>
  new StatusError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');

export const alreadyExists = (resource: Resource, name: string): StatusError =>
  new StatusError(
    409,
    'AlreadyExists',
    `${qualified(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );

export function conflict(resource: Resource, name: string, cause: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${cause}`;
  return new StatusError(409, 'Conflict', message, detailsOf(resource, name));
}

export const expired = (message: string, continueToken?: string): StatusError =>
  new StatusError(410, 'Expired', message, {}, continueToken);

export const unsupportedMediaType = (accepted: string): StatusError =>
  new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );

export function invalid(resource: Resource, name: string, field: string, problem: string): StatusError {
  const details = {
    ...detailsOf(resource, name),
    causes: [{ reason: 'FieldValueInvalid', message: problem, field }],
  };
  return new StatusError(
    422,
    'Invalid',
    `${qualified(resource)} "${name}" is invalid: ${field}: ${problem}`,
    details,
  );
}

/** A list asked for a version this server has not reached: the client is ahead, as after a restore of etcd. */
export function versionTooLarge(wanted: number, current: number): StatusError {
  const message = `Too large resource version: ${wanted}, current: ${current}`;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  return new StatusError(504, 'Timeout', `Timeout: ${message}`, { causes, retryAfterSeconds: 1 });
}
