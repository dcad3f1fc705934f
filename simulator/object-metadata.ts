import { isDeepStrictEqual } from 'node:util';
import type { KindDefinition, KubeObject, ObjectMeta, StoredObject } from './kube-object.ts';

/** Built-in kinds of these groups carry no `metadata.generation` (kubernetes v1.32; pods got one in 1.33). */
const GROUPS_WITHOUT_GENERATION = new Set(['', 'rbac.authorization.k8s.io']);

/** What an API server gives an object it has not seen before. */
interface FreshMetadata {
  readonly uid: () => string;
  readonly creationTimestamp: () => string;
}

/**
 * The metadata an object is stored with, but for its version: what a client may set is from `object`, what only the server
 * sets is from `previous`, and for a new object from `object` or, where that has none, from `fresh`.
 */
export function storedMetadata(
  kind: KindDefinition,
  object: KubeObject,
  previous: StoredObject | undefined,
  fresh: FreshMetadata,
): StoredObject['metadata'] {
  const { name, labels, annotations, finalizers, ownerReferences, namespace = 'default' } = object.metadata;
  const { deletionTimestamp, deletionGracePeriodSeconds } = previous?.metadata ?? {};
  const counts = !GROUPS_WITHOUT_GENERATION.has(kind.group);
  const { uid, creationTimestamp } = previous?.metadata ?? object.metadata;
  return {
    name,
    ...(kind.namespaced ? { namespace } : {}),
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
    ...(finalizers === undefined ? {} : { finalizers }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    ...(deletionGracePeriodSeconds === undefined ? {} : { deletionGracePeriodSeconds }),
    ...(counts ? { generation: nextGeneration(kind, object, previous) } : {}),
    uid: uid ?? fresh.uid(),
    creationTimestamp: creationTimestamp ?? fresh.creationTimestamp(),
    resourceVersion: previous?.metadata.resourceVersion ?? '',
  };
}

/** Counts any change outside metadata for a kind without status subresource, else any outside metadata and status. */
function nextGeneration(
  kind: KindDefinition,
  object: KubeObject,
  previous: StoredObject | undefined,
): number {
  if (previous === undefined) return object.metadata.generation ?? 1;
  const counted = (of: KubeObject): KubeObject => ({
    ...of,
    metadata: { name: '' },
    ...(kind.statusSubresource ? { status: undefined } : {}),
  });
  const generation = previous.metadata.generation ?? 1;
  return isDeepStrictEqual(counted(object), counted(previous)) ? generation : generation + 1;
}

/** The mark of deletion counts as a change of what is wanted (apiserver v1.32 pkg/registry/rest/delete.go, BeforeDelete). */
export const generationAfterDeletion = ({ generation }: ObjectMeta): Pick<ObjectMeta, 'generation'> =>
  generation === undefined ? {} : { generation: generation + 1 };

/** Whether storing `a` in place of `b` would change nothing a client can see. */
export const isSameButForVersion = (a: StoredObject, b: StoredObject): boolean =>
  isDeepStrictEqual(
    { ...a, metadata: { ...a.metadata, resourceVersion: '' } },
    { ...b, metadata: { ...b.metadata, resourceVersion: '' } },
  );

/** Freezes in place; what is frozen already is shared by several versions and is not walked again. */
export function deepFrozen<T extends object>(value: T): T {
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value) as unknown[]) {
    if (typeof part === 'object' && part !== null) deepFrozen(part);
  }
  return value;
}
