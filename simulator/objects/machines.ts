import type { VmSpec } from '../cluster-spec.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Site } from '../site.ts';

/** The claim of a VM's disk; Harvester names it `<vm>-disk-<n>-<random>`, here without the random part. */
export const claimName = (vm: string, disk: number): string => `${vm}-disk-${disk}`;

const disks = (vm: VmSpec): readonly number[] => Array.from({ length: vm.volumes }, (_, disk) => disk);

/** `spec.template` of a VM: its disks, and a cloud-init Secret as Harvester makes one for each VM. */
const template = (vm: VmSpec): unknown => ({
  metadata: { labels: { 'harvesterhci.io/vmName': vm.name } },
  spec: {
    domain: {
      devices: { disks: disks(vm).map((disk) => ({ name: `disk-${disk}`, disk: { bus: 'virtio' } })) },
    },
    volumes: [
      ...disks(vm).map((disk) => ({
        name: `disk-${disk}`,
        persistentVolumeClaim: { claimName: claimName(vm.name, disk) },
      })),
      { name: 'cloudinitdisk', cloudInitNoCloud: { secretRef: { name: `${vm.name}-cloudinit` } } },
    ],
  },
});

/** The VirtualMachine; it exists whether or not it runs. */
export const virtualMachine = (vm: VmSpec, uid: string, createdAt: string): KubeObject => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: vm.name, namespace: vm.namespace, uid, creationTimestamp: createdAt },
  spec: { runStrategy: vm.running ? 'RerunOnFailure' : 'Halted', template: template(vm) },
  status: {
    created: vm.running,
    ready: vm.running,
    printableStatus: vm.running ? 'Running' : 'Stopped',
    conditions: [{ type: 'Ready', status: vm.running ? 'True' : 'False' }],
  },
});

/** `{metadata, spec}` as a VMBackup keeps a copy of its VM. */
export const virtualMachineSource = (vm: VmSpec): { readonly metadata: unknown; readonly spec: unknown } => ({
  metadata: { name: vm.name, namespace: vm.namespace },
  spec: { runStrategy: 'RerunOnFailure', template: template(vm) },
});

/** The VMI of a running VM. Without a connected agent the condition is absent, not False. */
export function virtualMachineInstance(
  site: Site,
  vm: VmSpec,
  { uid, podUid, startedAt }: { readonly uid: string; readonly podUid: string; readonly startedAt: string },
): KubeObject {
  const agent = vm.agent ? [{ type: 'AgentConnected', status: 'True' }] : [];
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name: vm.name,
      namespace: vm.namespace,
      uid,
      creationTimestamp: startedAt,
      labels: { 'kubevirt.io/nodeName': vm.node, 'harvesterhci.io/vmName': vm.name },
    },
    spec: { domain: { devices: {} } },
    status: {
      phase: 'Running',
      nodeName: vm.node,
      activePods: { [podUid]: vm.node },
      launcherContainerImageVersion: `registry.example.net/${site.release.imagePath}/virt-launcher:${site.release.imageTag}`,
      conditions: [{ type: 'Ready', status: 'True' }, ...agent, { type: 'LiveMigratable', status: 'True' }],
      ...(vm.agent ? { guestOSInfo: { name: 'openSUSE Leap', version: '15.6' } } : {}),
    },
  };
}
