import type { Fields } from './fields.ts';
import { type Metadata, conditionOf, objectParts } from './metadata.ts';

/** A KubeVirt VirtualMachine: it exists whether or not it runs. */
export interface VirtualMachine extends Metadata {
  /** Names of the PersistentVolumeClaims its disks use, in the VM's own namespace. */
  readonly claims: readonly string[];
}

/** A running VM. Its name is also its VirtualMachine's. */
export interface VirtualMachineInstance extends Metadata {
  /** Empty until it is scheduled. */
  readonly node: string;
  readonly phase: string;
  /** The condition is removed, not set to False, when the agent's channel closes (KubeVirt pkg/virt-handler/vm.go). */
  readonly agentConnected: boolean;
  /** `status.fsFreezeStatus` is `frozen` or absent. The guest is asked each 5 s only: no measure of a freeze rate. */
  readonly frozen: boolean;
  /** Claims of its disks; those hot-plugged into the running VM only are in no VirtualMachine (`virtctl addvolume`). */
  readonly claims: readonly string[];
}

/** Throws DecodeError. A disk from a DataVolume uses the claim of the same name. */
export function decodeVirtualMachine(object: unknown): VirtualMachine {
  const { metadata, spec } = objectParts(object);
  const volumes = spec.child('template')?.child('spec')?.children('volumes') ?? [];
  return { ...metadata, claims: volumes.flatMap(claimOf) };
}

const claimOf = (volume: Fields): readonly string[] => {
  const claim =
    volume.child('persistentVolumeClaim')?.text('claimName') ?? volume.child('dataVolume')?.text('name');
  return claim === undefined ? [] : [claim];
};

/** Throws DecodeError. */
export function decodeVirtualMachineInstance(object: unknown): VirtualMachineInstance {
  const { metadata, spec, status } = objectParts(object);
  const inStatus = status
    .children('volumeStatus')
    .flatMap((volume) => volume.child('persistentVolumeClaimInfo')?.text('claimName') ?? []);
  return {
    ...metadata,
    node: status.text('nodeName') ?? '',
    phase: status.text('phase') ?? '',
    agentConnected: conditionOf(status, 'AgentConnected')?.status === 'True',
    frozen: status.text('fsFreezeStatus') === 'frozen',
    claims: [...new Set([...spec.children('volumes').flatMap(claimOf), ...inStatus])],
  };
}
