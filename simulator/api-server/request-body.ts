import { parse } from 'yaml';
import { apiVersionOf, kindKey } from '../kube-object.ts';
import type { KindDefinition, KubeObject } from '../kube-object.ts';
import type { KubeObjectStore } from '../kube-object-store.ts';
import { isJsonObject } from './merge-patch.ts';
import type { JsonObject } from './merge-patch.ts';
import type { ResourceAttributes } from './request-attributes.ts';
import { badRequest, unsupportedMediaType } from './status.ts';

/** A body as it came, with its media type without parameters. */
export interface EncodedBody {
  readonly contentType: string;
  readonly body: string;
}

/** Where a body is sent to. */
export interface BodyContext {
  readonly store: KubeObjectStore;
  readonly kind: KindDefinition;
  readonly attributes: ResourceAttributes;
}

/** The object a body describes: its kind and place must be those of the path, what only a server sets is left out. */
export function kubeObject({ kind, attributes, store }: BodyContext, body: JsonObject): KubeObject {
  const apiVersion = apiVersionOf(kind);
  if ((body.kind ?? kind.kind) !== kind.kind || (body.apiVersion ?? apiVersion) !== apiVersion) {
    throw badRequest(
      `${String(body.kind)} in version "${String(body.apiVersion)}" cannot be handled as a ${kind.kind}`,
    );
  }
  const metadata = isJsonObject(body.metadata) ? body.metadata : {};
  const { name = attributes.name, namespace = attributes.namespace, ...others } = metadata;
  if (typeof name !== 'string' || name === '') throw badRequest('name or generateName is required');
  if (attributes.name !== undefined && name !== attributes.name) {
    throw badRequest(
      `the name of the object (${name}) does not match the name on the URL (${attributes.name})`,
    );
  }
  if (namespace !== attributes.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const isKnown = store.get(kindKey(kind), attributes.namespace ?? '', name) !== undefined;
  const kept = isKnown
    ? others
    : { ...others, uid: undefined, creationTimestamp: undefined, generation: undefined };
  const place = attributes.namespace === undefined ? {} : { namespace: attributes.namespace };
  return { ...body, apiVersion, kind: kind.kind, metadata: { ...withoutUndefined(kept), name, ...place } };
}

const withoutUndefined = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));

/** The object in a body; throws a StatusError 415 for protobuf, 400 for what cannot be parsed. */
export function parsedBody({ body, contentType }: EncodedBody): JsonObject {
  if (contentType !== 'application/json' && contentType !== 'application/yaml' && contentType !== '') {
    throw unsupportedMediaType('application/json, application/yaml');
  }
  return objectIn(body);
}

/** The patch in a body: an object, or the list of operations of a JSON patch. */
export const parsedPatch = ({ body, contentType }: EncodedBody): unknown =>
  contentType === 'application/json-patch+json' ? jsonIn(body) : objectIn(body);

function objectIn(body: string): JsonObject {
  const value = jsonIn(body);
  if (!isJsonObject(value)) throw badRequest('the body is not an object');
  return value;
}

/** YAML contains JSON, so one parser reads both; JSON.parse first because it is much faster. */
function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  try {
    return parse(body) as unknown;
  } catch (error) {
    throw badRequest(`the body cannot be parsed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
