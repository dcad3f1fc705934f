import type { KubeObject } from '../kube-object.ts';

/** A VirtualMachineRestore that is complete: proof that the backup could be read back. */
export const completeRestore = (restore: {
  readonly namespace: string;
  readonly name: string;
  readonly vmBackup: string;
  readonly newVm: string;
  readonly restoredAt: string;
}): KubeObject => ({
  apiVersion: 'harvesterhci.io/v1beta1',
  kind: 'VirtualMachineRestore',
  metadata: { name: restore.name, namespace: restore.namespace },
  spec: {
    target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: restore.newVm },
    virtualMachineBackupName: restore.vmBackup,
    virtualMachineBackupNamespace: restore.namespace,
    newVM: true,
  },
  status: {
    complete: true,
    progress: 100,
    restoreTime: restore.restoredAt,
    conditions: [
      { type: 'Ready', status: 'True', reason: 'Operation complete', lastTransitionTime: restore.restoredAt },
    ],
  },
});
