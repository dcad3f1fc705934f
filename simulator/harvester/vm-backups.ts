import type { StoredObject } from '../kube-object.ts';
import { VM_BACKUPS } from '../objects/keys.ts';
import type { VmBackup, VmBackupStatus } from '../objects/vm-backup.ts';
import { vmBackupOf } from '../objects/vm-backup.ts';
import type { Site } from '../site.ts';

export type StoredVmBackup = VmBackup & StoredObject;

/** `namespace/name`: how a controller's queue names an object. */
export const keyOf = ({ metadata }: StoredObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** The VMBackup of a key as it is now; undefined when it is gone. */
export function vmBackup({ store }: Site, key: string): StoredVmBackup | undefined {
  const [namespace = '', name = ''] = key.split('/');
  return vmBackupOf(store.get(VM_BACKUPS, namespace, name));
}

/** Writes the status the way these controllers do: by an update of the whole object, so that its generation grows. */
export function writeStatus({ store }: Site, { metadata }: StoredVmBackup, status: VmBackupStatus): void {
  store.patch(VM_BACKUPS, metadata.namespace ?? '', metadata.name, (object) => ({ ...object, status }));
}

/** Writes metadata without touching the rest. */
export function annotate(
  { store }: Site,
  { metadata }: StoredVmBackup,
  annotations: Readonly<Record<string, string>>,
): void {
  store.patch(VM_BACKUPS, metadata.namespace ?? '', metadata.name, (object) => ({
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
  }));
}
