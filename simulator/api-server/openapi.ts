import { apiVersionOf } from '../kube-object.ts';
import type { KindDefinition } from '../kube-object.ts';
import { json } from './answer.ts';
import type { Answer } from './answer.ts';

/**
 * As much of OpenAPI v3 as `kubectl apply` wants before it leaves validation to the server: that PATCH of each kind knows
 * `fieldValidation`. Undefined for every other path, and for a group version that is not served.
 */
export function openApiAnswer(path: string, served: readonly KindDefinition[]): Answer | undefined {
  const prefix = '/openapi/v3';
  if (path === prefix)
    return json({ paths: Object.fromEntries(served.map((kind) => [basePath(kind), index(kind)])) });
  if (!path.startsWith(`${prefix}/`)) return undefined;
  const kinds = served.filter((kind) => basePath(kind) === path.slice(prefix.length + 1));
  return kinds.length === 0 ? undefined : json(document(kinds));
}

const basePath = (kind: KindDefinition): string =>
  `${kind.group === '' ? 'api' : 'apis'}/${apiVersionOf(kind)}`;

const index = (kind: KindDefinition): object => ({ serverRelativeURL: `/openapi/v3/${basePath(kind)}` });

function document(kinds: readonly KindDefinition[]): object {
  const paths = kinds.map((kind) => {
    const place = kind.namespaced ? 'namespaces/{namespace}/' : '';
    return [`/${basePath(kind)}/${place}${kind.plural}/{name}`, { patch: patchOperation(kind) }];
  });
  return {
    openapi: '3.0.0',
    info: { title: 'freezewatch simulated cluster', version: 'v1' },
    paths: Object.fromEntries(paths) as object,
    components: { schemas: {} },
  };
}

const patchOperation = ({ group, version, kind }: KindDefinition): object => ({
  'x-kubernetes-group-version-kind': { group, version, kind },
  parameters: ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  })),
  responses: { 200: { description: 'OK' } },
});
