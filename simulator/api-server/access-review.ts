import type { KubeObjectStore } from '../kube-object-store.ts';
import { isAllowed, rulesFor } from './access-control.ts';
import type { AccessRequest, Identity } from './access-control.ts';
import { json } from './answer.ts';
import type { Answer } from './answer.ts';
import { accessReview } from './access-review-body.ts';
import { isJsonObject } from './merge-patch.ts';
import type { JsonObject } from './merge-patch.ts';
import type { Verb } from './request-attributes.ts';
import { unknownResource } from './status.ts';

/** Answers a POST to authorization.k8s.io/v1: `kubectl auth can-i`, and `--list`. */
export function accessReviewAnswer(
  store: KubeObjectStore,
  identity: Identity,
  plural: string,
  contentType: string,
  body: Buffer,
): Answer {
  const review = accessReview(contentType, body);
  const spec = isJsonObject(review.spec) ? review.spec : {};
  if (plural === 'selfsubjectaccessreviews') {
    const allowed = isAllowed(store, identity, accessRequest(spec));
    return json({ ...review, status: { allowed, reason: allowed ? 'RBAC: allowed' : '' } }, 201);
  }
  if (plural !== 'selfsubjectrulesreviews') throw unknownResource();
  const rules = rulesFor(store, identity, textIn(spec, 'namespace'));
  const resourceRules = rules.filter(({ resources }) => resources !== undefined);
  const nonResourceRules = rules.filter(({ nonResourceURLs }) => nonResourceURLs !== undefined);
  return json({ ...review, status: { resourceRules, nonResourceRules, incomplete: false } }, 201);
}

/** Empty fields mean none: a namespace of '' is the whole cluster. */
function accessRequest({ resourceAttributes, nonResourceAttributes }: JsonObject): AccessRequest {
  if (isJsonObject(nonResourceAttributes)) {
    return {
      verb: textIn(nonResourceAttributes, 'verb') ?? '',
      path: textIn(nonResourceAttributes, 'path') ?? '',
    };
  }
  const attributes = isJsonObject(resourceAttributes) ? resourceAttributes : {};
  return {
    verb: (textIn(attributes, 'verb') ?? '') as Verb,
    group: textIn(attributes, 'group') ?? '',
    plural: textIn(attributes, 'resource') ?? '',
    subresource: textIn(attributes, 'subresource'),
    namespace: textIn(attributes, 'namespace'),
    name: textIn(attributes, 'name'),
  };
}

function textIn(fields: JsonObject, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
