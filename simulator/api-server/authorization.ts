import type { KubeObjectStore } from '../kube-object-store.ts';
import { forbiddenMessage, isAllowed } from './access-control.ts';
import type { AccessRequest, Identity } from './access-control.ts';
import type { ResourceAttributes } from './request-attributes.ts';
import { StatusError } from './status.ts';

/** Throws a StatusError 403 for a request RBAC does not allow. Everyone may ask what they may do. */
export function authorize(
  store: KubeObjectStore,
  identity: Identity,
  method: string,
  url: URL,
  attributes: ResourceAttributes | undefined,
): void {
  if (attributes?.group === 'authorization.k8s.io') return;
  const access = accessRequest(method, url, attributes);
  if (isAllowed(store, identity, access)) return;
  const { plural: kind, name, group = '' } = attributes ?? {};
  throw new StatusError(403, 'Forbidden', forbiddenMessage(identity, access), {
    ...(name === undefined ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === undefined ? {} : { kind }),
  });
}

function accessRequest(method: string, url: URL, attributes: ResourceAttributes | undefined): AccessRequest {
  if (attributes === undefined) return { verb: method.toLowerCase(), path: url.pathname };
  // A list or watch of one name is a request for that name (apiserver v1.32 pkg/endpoints/request/requestinfo.go).
  const [, selected] =
    /(?:^|,)metadata\.name=([^,]+)/.exec(url.searchParams.get('fieldSelector') ?? '') ?? [];
  return { ...attributes, name: attributes.name ?? selected };
}
