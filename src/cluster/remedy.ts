import type { ErrorKind } from './error-kind.ts';

/** What a source reads, in the words of an RBAC rule. */
export interface AccessNeeded {
  /** Empty for the core group. */
  readonly group: string;
  /** `pods`, or `pods/log`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** undefined: the whole cluster. */
  readonly namespace?: string;
}

/** What the operator can do about a failing source; depends only on the kind, the access and the server's URL. */
export function remedyFor(kind: ErrorKind, access: AccessNeeded, server: string): string {
  switch (kind) {
    case 'forbidden':
      return missingRule(access);
    case 'unauthorized':
      return `the server ${server} does not accept our credentials: renew the token or the client certificate of the kubeconfig`;
    case 'unreachable':
      return `nothing answers at ${server}: check the address and the network; tried again by itself`;
    case 'tls':
      return `check the certificate authority in the kubeconfig and the name in the certificate of ${server}`;
    case 'nonsense':
      return `the server ${server} does not answer like a Kubernetes API server: check the address, and proxies on the way`;
    case 'mute':
      return 'set spec.configuration.developerConfiguration.logVerbosity.virtAPI: 2 in the KubeVirt resource';
    case 'bad_request':
      return 'the API server does not understand the request: is this version of the cluster supported?';
    case 'not_served':
    case 'gone':
    case 'timeout':
    case 'broken':
    case 'throttled':
    case 'server_error':
      return 'tried again by itself; look at the API server if it lasts';
  }
}

function missingRule({ group, resource, verbs, namespace }: AccessNeeded): string {
  const rule = `apiGroups: ["${group}"], resources: ["${resource}"], verbs: ${JSON.stringify(verbs)}`;
  const place = namespace === undefined ? 'a ClusterRole' : `a Role in namespace ${namespace}`;
  return `bind ${place} with the rule {${rule}} to our service account`;
}
