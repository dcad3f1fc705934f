import { type Metadata, conditionOf, lastWriteMs, objectParts, orEmpty } from './metadata.ts';

/** A VirtualMachineRestore: complete, it proves that the backup it names can be read back. */
export interface VmRestore extends Metadata {
  readonly vmBackupNamespace: string;
  readonly vmBackup: string;
  /** The VM it wrote to; of a new name when the restore made a new VM. */
  readonly targetVm: string;
  readonly newVm: boolean;
  readonly complete: boolean;
  readonly restoredMs: number | undefined;
  /** Condition InProgress is False for reason Error; there is no `status.error` (Harvester bk/restore.go). */
  readonly failed: boolean;
  /** The data is there; the VM does not come up. */
  readonly waitsForVm: boolean;
  readonly progress: number;
  /** The last write of any client, its controller included; undefined where the server keeps no such time. */
  readonly writtenMs: number | undefined;
}

/** Throws DecodeError. */
export function decodeVmRestore(object: unknown): VmRestore {
  const { fields, metadata, spec, status } = objectParts(object);
  const inProgress = conditionOf(status, 'InProgress');
  return {
    ...metadata,
    vmBackupNamespace: spec.text('virtualMachineBackupNamespace') ?? metadata.namespace,
    vmBackup: spec.name('virtualMachineBackupName'),
    targetVm: orEmpty(spec.child('target')).text('name') ?? '',
    newVm: spec.flag('newVM') ?? false,
    complete: status.flag('complete') ?? false,
    restoredMs: status.timeMs('restoreTime'),
    failed: inProgress?.status === 'False' && inProgress.reason === 'Error',
    waitsForVm: inProgress?.message === 'Waiting for target vm to be ready',
    progress: status.count('progress') ?? 0,
    writtenMs: lastWriteMs(fields),
  };
}
