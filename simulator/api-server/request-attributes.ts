export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';

/** What a request for a resource asks for: what RBAC decides on, and what the router dispatches on. */
export interface ResourceAttributes {
  readonly verb: Verb;
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** The attributes of `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for discovery and every other path. */
export function resourceAttributes(method: string, url: URL): ResourceAttributes | undefined {
  const segments = url.pathname
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded);
  const [prefix, ...afterPrefix] = segments;
  if (prefix !== 'api' && prefix !== 'apis') return undefined;
  const group = prefix === 'apis' ? afterPrefix.shift() : '';
  const version = afterPrefix.shift();
  const [first, second, third, ...rest] = afterPrefix;
  if (group === undefined || version === undefined || first === undefined) return undefined;
  // /namespaces/NAME and its own subresources name the namespace object; anything deeper lies in that namespace.
  const inside = first === 'namespaces' && third !== undefined && third !== 'status' && third !== 'finalize';
  const [plural, name, subresource] = inside ? [third, ...rest] : [first, second, third];
  const verb = verbOf(method, url.searchParams, name);
  if (verb === undefined) return undefined;
  return { verb, group, version, plural, namespace: inside ? second : undefined, name, subresource };
}

function verbOf(method: string, query: URLSearchParams, name: string | undefined): Verb | undefined {
  const watched = ['true', '1'].includes(query.get('watch') ?? '');
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (watched) return 'watch';
      return name === undefined ? 'list' : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      return undefined;
  }
}

/** A malformed escape stays as it is: it names nothing, and so is not found. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
