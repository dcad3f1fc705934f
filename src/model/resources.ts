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

/** Where KubeVirt and Longhorn are installed. */
export interface Namespaces {
  readonly kubevirt: string;
  readonly longhorn: string;
}

/** A row of the table: a resource whose namespace is not yet known by name. */
interface Row extends Omit<Resource, 'namespace'> {
  readonly namespace?: keyof Namespaces;
  /** metrics.k8s.io serves lists, and no watch. */
  readonly verb: 'watch' | 'poll';
  /** One object, as people call it: `VMBackup`. */
  readonly noun: string;
  /** The whole kind, as people call it: `Longhorn Backups`. */
  readonly called: string;
}

const kubevirt = { group: 'kubevirt.io', version: 'v1' } as const;
const harvester = { group: 'harvesterhci.io', version: 'v1beta1' } as const;
const longhorn = { group: 'longhorn.io', version: 'v1beta2' } as const;
const core = { group: '', version: 'v1' } as const;

/**
 * Every kind that is read, by the field of the view it feeds. The tables of the store, the fields of the view, the test
 * builder, the readers, RBAC and documentation are computed from these rows.
 */
const ROWS = {
  virtualMachines: {
    ...kubevirt,
    source: 'virtualmachines',
    plural: 'virtualmachines',
    verb: 'watch',
    noun: 'VirtualMachine',
    called: 'VirtualMachines',
    decode: decodeVirtualMachine,
  },
  vmis: {
    ...kubevirt,
    source: 'virtualmachineinstances',
    plural: 'virtualmachineinstances',
    verb: 'watch',
    noun: 'VM',
    called: 'running VMs',
    decode: decodeVirtualMachineInstance,
  },
  kubevirts: {
    ...kubevirt,
    source: 'kubevirts',
    plural: 'kubevirts',
    namespace: 'kubevirt',
    verb: 'watch',
    noun: 'KubeVirt',
    called: 'the KubeVirt resource',
    decode: decodeKubeVirt,
  },
  virtHandlers: {
    ...core,
    source: 'virt_handler_pods',
    plural: 'pods',
    namespace: 'kubevirt',
    labelSelector: 'kubevirt.io=virt-handler',
    verb: 'watch',
    noun: 'virt-handler',
    called: 'virt-handler pods',
    decode: decodePod,
  },
  virtApis: {
    ...core,
    source: 'virt_api_pods',
    plural: 'pods',
    namespace: 'kubevirt',
    labelSelector: 'kubevirt.io=virt-api',
    verb: 'watch',
    noun: 'virt-api',
    called: 'virt-api pods',
    decode: decodePod,
  },
  virtLaunchers: {
    ...core,
    source: 'virt_launcher_pods',
    plural: 'pods',
    labelSelector: 'kubevirt.io=virt-launcher',
    verb: 'watch',
    noun: 'virt-launcher',
    called: 'virt-launcher pods',
    decode: decodePod,
  },
  virtHandlerMemory: {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    source: 'virt_handler_memory',
    plural: 'pods',
    namespace: 'kubevirt',
    labelSelector: 'kubevirt.io=virt-handler',
    verb: 'poll',
    noun: 'virt-handler',
    called: 'the memory of virt-handler (metrics.k8s.io)',
    decode: decodePodMemory,
  },
  vmBackups: {
    ...harvester,
    source: 'virtualmachinebackups',
    plural: 'virtualmachinebackups',
    verb: 'watch',
    noun: 'VMBackup',
    called: 'VMBackups',
    decode: decodeVmBackup,
  },
  schedules: {
    ...harvester,
    source: 'schedulevmbackups',
    plural: 'schedulevmbackups',
    verb: 'watch',
    noun: 'schedule',
    called: 'backup schedules',
    decode: decodeScheduleVmBackup,
  },
  restores: {
    ...harvester,
    source: 'virtualmachinerestores',
    plural: 'virtualmachinerestores',
    verb: 'watch',
    noun: 'restore',
    called: 'restores',
    decode: decodeVmRestore,
  },
  targetSettings: {
    ...harvester,
    source: 'setting_backup_target',
    plural: 'settings',
    fieldSelector: 'metadata.name=backup-target',
    verb: 'watch',
    noun: 'setting',
    called: 'the setting backup-target',
    decode: decodeTargetSetting,
  },
  serverVersions: {
    ...harvester,
    source: 'setting_server_version',
    plural: 'settings',
    fieldSelector: 'metadata.name=server-version',
    verb: 'watch',
    noun: 'setting',
    called: 'the setting server-version',
    decode: decodeServerVersionSetting,
  },
  longhornBackups: {
    ...longhorn,
    source: 'longhorn_backups',
    plural: 'backups',
    namespace: 'longhorn',
    verb: 'watch',
    noun: 'Longhorn Backup',
    called: 'Longhorn Backups',
    decode: decodeLonghornBackup,
  },
  backupVolumes: {
    ...longhorn,
    source: 'longhorn_backupvolumes',
    plural: 'backupvolumes',
    namespace: 'longhorn',
    verb: 'watch',
    noun: 'BackupVolume',
    called: 'Longhorn BackupVolumes',
    decode: decodeBackupVolume,
  },
  backupTargets: {
    ...longhorn,
    source: 'longhorn_backuptargets',
    plural: 'backuptargets',
    namespace: 'longhorn',
    verb: 'watch',
    noun: 'target',
    called: 'Longhorn BackupTargets',
    decode: decodeBackupTarget,
  },
  longhornVolumes: {
    ...longhorn,
    source: 'longhorn_volumes',
    plural: 'volumes',
    namespace: 'longhorn',
    verb: 'watch',
    noun: 'Longhorn Volume',
    called: 'Longhorn Volumes',
    decode: decodeLonghornVolume,
  },
  persistentVolumes: {
    ...core,
    source: 'persistentvolumes',
    plural: 'persistentvolumes',
    verb: 'watch',
    noun: 'PersistentVolume',
    called: 'PersistentVolumes',
    decode: decodePersistentVolume,
  },
} as const satisfies Readonly<Record<string, Row>>;

export type Kind = keyof typeof ROWS;
/** The decoded type of a kind. */
export type ObjectOf<K extends Kind> = ReturnType<(typeof ROWS)[K]['decode']>;
export type Resources = { readonly [K in Kind]: Resource<ObjectOf<K>> };

/** In the order of the table. */
export const KINDS = Object.keys(ROWS) as readonly Kind[];

/** The namespace a kind is read in; undefined: the whole cluster. */
export const namespaceRole = (kind: Kind): keyof Namespaces | undefined => (ROWS[kind] as Row).namespace;

/** How a kind is named in metrics and logs: `virtualmachinebackups`. */
export const sourceOf = (kind: Kind): string => ROWS[kind].source;

/** One object of a kind, as people call it: `VMBackup`. */
export const nounOf = (kind: Kind): string => ROWS[kind].noun;

/** A kind, as people call it: `Longhorn Backups`. */
export const nameOf = (kind: Kind): string => ROWS[kind].called;

/** Whether a kind is listed again and again because it has no watch. */
export const isPolled = (kind: Kind): boolean => (ROWS[kind] as Row).verb === 'poll';

/** The verbs a kind needs of RBAC. */
export const verbsOf = (kind: Kind): readonly string[] => (isPolled(kind) ? ['list'] : ['list', 'watch']);

/** The kind a source reads; undefined for a log and for the cluster's uid. */
export const kindOfSource = (source: string): Kind | undefined =>
  KINDS.find((kind) => ROWS[kind].source === source);

/** One value for each kind. */
export const forEachKind = <T>(valueOf: (kind: Kind) => T): Readonly<Record<Kind, T>> =>
  Object.fromEntries(KINDS.map((kind) => [kind, valueOf(kind)])) as Record<Kind, T>; // KINDS has every key.

/** The table with the names of the namespaces. */
export const resources = (namespaces: Namespaces): Resources =>
  forEachKind((kind): Resource => {
    const { namespace, ...row }: Row = ROWS[kind];
    return { ...row, ...(namespace === undefined ? {} : { namespace: namespaces[namespace] }) };
  }) as Resources; // Each row has its own decoder.
