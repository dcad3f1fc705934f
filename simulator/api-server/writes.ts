import { randomBytes } from 'node:crypto';
import { kindKey } from '../kube-object.ts';
import type { KindDefinition, KubeObject, StoredObject } from '../kube-object.ts';
import { json } from './answer.ts';
import type { Answer } from './answer.ts';
import { jsonPatched } from './json-patch.ts';
import { isJsonObject, mergePatched } from './merge-patch.ts';
import { kubeObject, parsedBody, parsedPatch } from './request-body.ts';
import type { BodyContext, EncodedBody } from './request-body.ts';
import type { Representation } from './representation.ts';
import { alreadyExists, badRequest, conflict, notFound, successOf, unsupportedMediaType } from './status.ts';
import { strategicMergePatched } from './strategic-merge-patch.ts';

/** A request that changes one object. */
interface WriteRequest extends BodyContext, EncodedBody {
  readonly query: URLSearchParams;
  readonly representation: Representation;
}

/** Answers POST, PUT, PATCH and DELETE of one object; throws a StatusError for what an API server refuses. */
export function writeAnswer(request: WriteRequest): Answer {
  switch (request.attributes.verb) {
    case 'create':
      return created(request);
    case 'update':
      return replaced(request);
    case 'patch':
      return patched(request);
    default:
      return deleted(request);
  }
}

const isDryRun = ({ query }: WriteRequest): boolean => query.get('dryRun') === 'All';

function created(request: WriteRequest): Answer {
  const { store, kind } = request;
  const body = parsedBody(request);
  const given = isJsonObject(body.metadata) ? body.metadata : {};
  const { generateName } = given;
  const name =
    typeof generateName === 'string' ? `${generateName}${randomBytes(3).toString('hex').slice(0, 5)}` : '';
  const object = kubeObject(request, { ...body, metadata: { name, ...given } });
  const { namespace } = object.metadata;
  if (store.get(kindKey(kind), namespace ?? '', object.metadata.name) !== undefined) {
    throw alreadyExists(kind, object.metadata.name);
  }
  if (namespace !== undefined && store.get('namespaces', '', namespace) === undefined) {
    throw notFound({ group: '', plural: 'namespaces' }, namespace);
  }
  return stored(request, kind.statusSubresource ? { ...object, status: undefined } : object, 201);
}

function replaced(request: WriteRequest): Answer {
  const body = parsedBody(request);
  const object = kubeObject(request, body);
  return stored(request, writable(request, object, existing(request)), 200);
}

function patched(request: WriteRequest): Answer {
  const { attributes, contentType } = request;
  const patch = parsedPatch(request);
  const { namespace = '', name = '' } = attributes;
  const applies = contentType === 'application/apply-patch+yaml';
  const known = request.store.get(kindKey(request.kind), namespace, name);
  if (known === undefined && applies && isJsonObject(patch))
    return stored(request, kubeObject(request, patch), 201);
  const previous = existing(request);
  const result = patchFunction(contentType)(previous, patch);
  if (!isJsonObject(result)) throw badRequest('the patch leaves no object');
  return stored(request, writable(request, kubeObject(request, result), previous), 200);
}

function patchFunction(contentType: string): (target: unknown, patch: unknown) => unknown {
  switch (contentType) {
    case 'application/merge-patch+json':
    case 'application/apply-patch+yaml': // Managed fields are not kept: what an applier no longer names stays.
      return mergePatched;
    case 'application/strategic-merge-patch+json':
      return strategicMergePatched;
    case 'application/json-patch+json':
      return jsonPatched;
    default:
      throw unsupportedMediaType(
        'application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml',
      );
  }
}

function deleted(request: WriteRequest): Answer {
  const { store, kind, representation } = request;
  const object = existing(request);
  const { name, namespace = '', uid, resourceVersion } = object.metadata;
  const options = request.body.trim() === '' ? {} : parsedBody(request);
  const wanted = isJsonObject(options.preconditions) ? options.preconditions : {};
  checkPrecondition(
    kind,
    name,
    'UID',
    wanted.uid,
    uid,
    'The object might have been deleted and then recreated',
  );
  checkPrecondition(
    kind,
    name,
    'ResourceVersion',
    wanted.resourceVersion,
    resourceVersion,
    'The object might have been modified',
  );
  const dryRun = isDryRun(request) || (Array.isArray(options.dryRun) && options.dryRun.includes('All'));
  if (!dryRun) store.remove(kindKey(kind), namespace, name);
  const remaining = store.get(kindKey(kind), namespace, name);
  return json(
    remaining === undefined || dryRun ? successOf(kind, name, uid) : representation.object(remaining),
  );
}

function checkPrecondition(
  kind: KindDefinition,
  name: string,
  field: string,
  wanted: unknown,
  actual: string,
  guess: string,
): void {
  if (typeof wanted !== 'string' || wanted === actual) return;
  const cause = `the ${field} in the precondition (${wanted}) does not match the ${field} in record (${actual}). ${guess}`;
  throw conflict(kind, name, cause);
}

function existing({ store, kind, attributes }: WriteRequest): StoredObject {
  const { namespace = '', name = '' } = attributes;
  const object = store.get(kindKey(kind), namespace, name);
  if (object === undefined) throw notFound(kind, name);
  return object;
}

/** Keeps what this path cannot write: the status on the object itself, all else on its `/status`. */
function writable(
  { kind, attributes }: WriteRequest,
  object: KubeObject,
  previous: StoredObject,
): KubeObject {
  const { name, resourceVersion } = object.metadata;
  if (
    resourceVersion !== undefined &&
    resourceVersion !== '' &&
    resourceVersion !== previous.metadata.resourceVersion
  ) {
    const cause =
      'the object has been modified; please apply your changes to the latest version and try again';
    throw conflict(kind, name, cause);
  }
  if (attributes.subresource === 'status') return { ...previous, status: object.status };
  return kind.statusSubresource ? { ...object, status: previous.status } : object;
}

function stored(request: WriteRequest, object: KubeObject, code: number): Answer {
  // Absent and undefined are the same in JSON, but not to the comparison that decides whether anything changed.
  const { status, ...rest } = object;
  const cleaned: KubeObject = { ...rest, ...(status === undefined ? {} : { status }) };
  const result = isDryRun(request) ? cleaned : request.store.apply(cleaned);
  return json(request.representation.object(result), code);
}
