import { isJsonObject } from './merge-patch.ts';
import type { JsonObject } from './merge-patch.ts';

/** The field that identifies the elements of a list (`patchMergeKey` in kubernetes v1.32 core/v1); lists not named here are replaced. */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  imagePullSecrets: ['name'],
  secrets: ['name'],
  volumeMounts: ['mountPath'],
  ports: ['containerPort', 'port'],
  conditions: ['type'],
  ownerReferences: ['uid'],
};

/** Lists of plain values that are merged as sets. */
const SETS = new Set(['finalizers']);

/**
 * The strategic merge patch that `kubectl apply` sends for built-in kinds: as far as the manifests of an application use
 * it. `$setElementOrder` is ignored: order has no meaning in the lists above.
 */
export function strategicMergePatched(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch;
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  const merged: Record<string, unknown> = { ...(isJsonObject(target) ? target : {}) };
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith('$deleteFromPrimitiveList/'))
      removeFromSet(merged, field.slice(field.indexOf('/') + 1), value);
    else if (field === '$retainKeys') retainKeys(merged, value);
    else if (field.startsWith('$')) continue;
    else if (value === null) Reflect.deleteProperty(merged, field);
    else merged[field] = mergedField(field, merged[field], value);
  }
  return merged;
}

function mergedField(field: string, target: unknown, value: unknown): unknown {
  if (!Array.isArray(value)) return strategicMergePatched(target, value);
  const elements = value as readonly unknown[];
  const known: readonly unknown[] = Array.isArray(target) ? target : [];
  if (SETS.has(field)) return [...new Set([...known, ...elements])];
  const key = MERGE_KEYS[field]?.find((name) =>
    elements.every((element) => isJsonObject(element) && name in element),
  );
  return key === undefined
    ? elements.filter((element) => !isReplaceMarker(element))
    : mergedList(key, known, elements);
}

function mergedList(key: string, known: readonly unknown[], patches: readonly unknown[]): readonly unknown[] {
  const byKey = new Map(known.map((element) => [isJsonObject(element) ? element[key] : element, element]));
  for (const patch of patches) {
    if (!isJsonObject(patch)) continue;
    if (patch.$patch === 'delete') byKey.delete(patch[key]);
    else byKey.set(patch[key], strategicMergePatched(byKey.get(patch[key]), patch));
  }
  return [...byKey.values()];
}

const isReplaceMarker = (element: unknown): boolean => isJsonObject(element) && element.$patch === 'replace';

const withoutDirectives = (patch: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(patch).filter(([field]) => !field.startsWith('$')));

function removeFromSet(merged: Record<string, unknown>, field: string, removed: unknown): void {
  const known = merged[field];
  if (Array.isArray(known) && Array.isArray(removed))
    merged[field] = known.filter((value) => !removed.includes(value));
}

function retainKeys(merged: Record<string, unknown>, kept: unknown): void {
  if (!Array.isArray(kept)) return;
  for (const field of Object.keys(merged)) if (!kept.includes(field)) Reflect.deleteProperty(merged, field);
}
