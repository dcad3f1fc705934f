import { isJsonObject } from './merge-patch.ts';
import type { JsonObject } from './merge-patch.ts';
import { badRequest, unsupportedMediaType } from './status.ts';

/**
 * The SelfSubjectAccessReview or SelfSubjectRulesReview in a body. Reviews are all that kubectl 1.32 sends as protobuf and
 * does not send again as JSON, so they are all we read of it; field numbers: k8s.io/api v0.32 authorization/v1/generated.proto.
 */
export function accessReview(contentType: string, body: Buffer): JsonObject {
  switch (contentType) {
    case 'application/json':
      return jsonReview(body);
    case 'application/vnd.kubernetes.protobuf':
      return protobufReview(body);
    default:
      throw unsupportedMediaType('application/json, application/vnd.kubernetes.protobuf');
  }
}

function jsonReview(body: Buffer): JsonObject {
  try {
    const review = JSON.parse(body.toString()) as unknown;
    if (isJsonObject(review)) return review;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw badRequest('the body is not an object');
}

const MAGIC = Buffer.from('k8s\0');
const RESOURCE_ATTRIBUTES = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'];

function protobufReview(body: Buffer): JsonObject {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC))
    throw badRequest('the body is not protobuf of Kubernetes');
  // runtime.Unknown: 1 is the type, 2 the object itself.
  const envelope = bytesFields(body.subarray(MAGIC.length));
  const [apiVersion = '', kind = ''] = texts(envelope.get(1), 2);
  const spec = bytesFields(bytesFields(envelope.get(2)).get(2));
  const head = { apiVersion, kind, metadata: {} };
  if (kind === 'SelfSubjectRulesReview')
    return { ...head, spec: { namespace: spec.get(1)?.toString() ?? '' } };
  const [path, verb] = texts(spec.get(2), 2);
  const asked = texts(spec.get(1), RESOURCE_ATTRIBUTES.length);
  const resourceAttributes = Object.fromEntries(
    RESOURCE_ATTRIBUTES.map((name, index) => [name, asked[index]]),
  );
  return { ...head, spec: spec.has(1) ? { resourceAttributes } : { nonResourceAttributes: { path, verb } } };
}

/** Fields 1 to `count` of a message, as texts. */
function texts(message: Buffer | undefined, count: number): readonly string[] {
  const fields = bytesFields(message);
  return Array.from({ length: count }, (_element, index) => fields.get(index + 1)?.toString() ?? '');
}

/** The length-delimited fields of a message by number; the last one where a field is repeated. Others are skipped. */
function bytesFields(message: Buffer = Buffer.alloc(0)): ReadonlyMap<number, Buffer> {
  const fields = new Map<number, Buffer>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; at < message.length; shift += 7) {
      const byte = message[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const key = varint();
    switch (key & 7) {
      case 0:
        varint();
        break;
      case 2: {
        const length = varint();
        fields.set(key >>> 3, message.subarray(at, at + length));
        at += length;
        break;
      }
      default:
        throw badRequest('the body is not protobuf of Kubernetes');
    }
  }
  return fields;
}
