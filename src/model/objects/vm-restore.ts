import { type Metadata, objectParts, orEmpty } from './metadata.ts';

/** A VirtualMachineRestore: complete, it proves that the backup it names can be read back. */
export interface VmRestore extends Metadata {
  readonly vmBackupNamespace: string;
  readonly vmBackup: string;
  /** The VM it wrote to; of a new name when the restore made a new VM. */
  readonly targetVm: string;
  readonly newVm: boolean;
  readonly complete: boolean;
  readonly restoredMs: number | undefined;
}

/** Throws DecodeError. */
export function decodeVmRestore(object: unknown): VmRestore {
  const { metadata, spec, status } = objectParts(object);
  return {
    ...metadata,
    vmBackupNamespace: spec.text('virtualMachineBackupNamespace') ?? metadata.namespace,
    vmBackup: spec.name('virtualMachineBackupName'),
    targetVm: orEmpty(spec.child('target')).text('name') ?? '',
    newVm: spec.flag('newVM') ?? false,
    complete: status.flag('complete') ?? false,
    restoredMs: status.timeMs('restoreTime'),
  };
}
