/** The claim a Longhorn volume was bound to when it was backed up. */
export interface Claim {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The claim in a backup's label `KubernetesStatus` (longhorn-manager api/snapshot.go), a JSON text; undefined when the
 * label is absent or names no claim. Foreign backups carry labels of other versions, so every shape is accepted.
 */
export function decodeKubernetesStatus(label: string | undefined): Claim | undefined {
  if (label === undefined) return undefined;
  let status: unknown;
  try {
    status = JSON.parse(label);
  } catch {
    return undefined;
  }
  if (typeof status !== 'object' || status === null) return undefined;
  const { namespace, pvcName } = status as Record<string, unknown>;
  if (typeof namespace !== 'string' || typeof pvcName !== 'string' || pvcName === '') return undefined;
  return { namespace, name: pvcName };
}
