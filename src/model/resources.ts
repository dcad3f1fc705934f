import { decodeKubeVirt } from './objects/kubevirt.ts';
import {
  decodeBackupTarget,
  decodeBackupVolume,
  decodeLonghornBackup,
  decodeLonghornVolume,
  decodePersistentVolume,
} from './objects/longhorn.ts';
import { decodePod } from './objects/pod.ts';
import { decodePodMemory } from './objects/pod-memory.ts';
import type { Resource } from './resource.ts';
import { decodeScheduleVmBackup } from './objects/schedule-vm-backup.ts';
import { decodeServerVersionSetting, decodeTargetSetting } from './objects/setting.ts';
import { decodeVirtualMachine, decodeVirtualMachineInstance } from './objects/virtual-machine.ts';
import { decodeVmBackup } from './objects/vm-backup.ts';
import { decodeVmRestore } from './objects/vm-restore.ts';

export interface Namespaces {
  readonly kubevirt: string;
  readonly longhorn: string;
}

const kubevirt = { group: 'kubevirt.io', version: 'v1' } as const;
const harvester = { group: 'harvesterhci.io', version: 'v1beta1' } as const;
const longhornApi = { group: 'longhorn.io', version: 'v1beta2' } as const;
const core = { group: '', version: 'v1' } as const;

const resource = <T extends Resource>(definition: T): T => definition;

/**
 * Every kind we watch, by the field of the view it feeds. RBAC, documentation and sources are computed from it.
 * `virtHandlerMemory` is polled: metrics.k8s.io has no watch.
 */
export const resources = ({ kubevirt: virt, longhorn }: Namespaces) =>
  ({
    virtualMachines: resource({
      ...kubevirt,
      source: 'virtualmachines',
      plural: 'virtualmachines',
      decode: decodeVirtualMachine,
    }),
    vmis: resource({
      ...kubevirt,
      source: 'virtualmachineinstances',
      plural: 'virtualmachineinstances',
      decode: decodeVirtualMachineInstance,
    }),
    kubevirts: resource({
      ...kubevirt,
      source: 'kubevirts',
      plural: 'kubevirts',
      namespace: virt,
      decode: decodeKubeVirt,
    }),
    virtHandlers: resource({
      ...core,
      source: 'virt_handler_pods',
      plural: 'pods',
      namespace: virt,
      labelSelector: 'kubevirt.io=virt-handler',
      decode: decodePod,
    }),
    virtApis: resource({
      ...core,
      source: 'virt_api_pods',
      plural: 'pods',
      namespace: virt,
      labelSelector: 'kubevirt.io=virt-api',
      decode: decodePod,
    }),
    virtLaunchers: resource({
      ...core,
      source: 'virt_launcher_pods',
      plural: 'pods',
      labelSelector: 'kubevirt.io=virt-launcher',
      decode: decodePod,
    }),
    virtHandlerMemory: resource({
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      source: 'virt_handler_memory',
      plural: 'pods',
      namespace: virt,
      labelSelector: 'kubevirt.io=virt-handler',
      decode: decodePodMemory,
    }),
    vmBackups: resource({
      ...harvester,
      source: 'virtualmachinebackups',
      plural: 'virtualmachinebackups',
      decode: decodeVmBackup,
    }),
    schedules: resource({
      ...harvester,
      source: 'schedulevmbackups',
      plural: 'schedulevmbackups',
      decode: decodeScheduleVmBackup,
    }),
    restores: resource({
      ...harvester,
      source: 'virtualmachinerestores',
      plural: 'virtualmachinerestores',
      decode: decodeVmRestore,
    }),
    targetSettings: resource({
      ...harvester,
      source: 'setting_backup_target',
      plural: 'settings',
      fieldSelector: 'metadata.name=backup-target',
      decode: decodeTargetSetting,
    }),
    serverVersions: resource({
      ...harvester,
      source: 'setting_server_version',
      plural: 'settings',
      fieldSelector: 'metadata.name=server-version',
      decode: decodeServerVersionSetting,
    }),
    longhornBackups: resource({
      ...longhornApi,
      source: 'longhorn_backups',
      plural: 'backups',
      namespace: longhorn,
      decode: decodeLonghornBackup,
    }),
    backupVolumes: resource({
      ...longhornApi,
      source: 'longhorn_backupvolumes',
      plural: 'backupvolumes',
      namespace: longhorn,
      decode: decodeBackupVolume,
    }),
    backupTargets: resource({
      ...longhornApi,
      source: 'longhorn_backuptargets',
      plural: 'backuptargets',
      namespace: longhorn,
      decode: decodeBackupTarget,
    }),
    longhornVolumes: resource({
      ...longhornApi,
      source: 'longhorn_volumes',
      plural: 'volumes',
      namespace: longhorn,
      decode: decodeLonghornVolume,
    }),
    persistentVolumes: resource({
      ...core,
      source: 'persistentvolumes',
      plural: 'persistentvolumes',
      decode: decodePersistentVolume,
    }),
  }) as const;

export type Resources = ReturnType<typeof resources>;
export type Kind = keyof Resources;
/** The decoded type of a kind. */
export type ObjectOf<K extends Kind> = ReturnType<Resources[K]['decode']>;
