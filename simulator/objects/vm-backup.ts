import type { KubeObject, ObjectMeta, StoredObject } from '../kube-object.ts';

/** Text that must never leave a VMBackup, as it is stored (base64): tests look for it wherever freezewatch writes. */
export const SECRET_CANARY = 'CANARYcloudInitSecretOfAVmXX';

/** Keeps a deleted VMBackup until its controller has cleaned up behind it. */
export const VM_BACKUP_FINALIZER = 'wrangler.cattle.io/harvester-vm-backup-controller';

export interface VolumeBackup {
  readonly name: string;
  readonly volumeName: string;
  readonly csiDriverName: string;
  readonly longhornBackupName?: string;
  readonly volumeSize: number;
  readonly progress?: number;
  readonly readyToUse?: boolean;
  readonly creationTime?: string;
  readonly error?: { readonly time: string; readonly message: string };
  readonly persistentVolumeClaim: {
    readonly metadata: { readonly name: string; readonly namespace: string };
    readonly spec: unknown;
  };
}

export interface Condition {
  readonly type: 'InProgress' | 'Ready' | 'MetadataReady';
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
  readonly lastUpdateTime?: string;
}

export interface VmBackupStatus {
  readonly sourceUID?: string;
  readonly readyToUse?: boolean;
  readonly progress?: number;
  readonly creationTime?: string;
  readonly error?: { readonly time: string; readonly message: string };
  readonly backupTarget?: {
    readonly endpoint: string;
    readonly bucketName: string;
    readonly bucketRegion: string;
  };
  readonly csiDriverVolumeSnapshotClassNames?: Readonly<Record<string, string>>;
  readonly source?: unknown;
  readonly secretBackups?: readonly {
    readonly name: string;
    readonly data: Readonly<Record<string, string>>;
  }[];
  readonly volumeBackups?: readonly VolumeBackup[];
  readonly conditions?: readonly Condition[];
}

interface VmBackupSpec {
  readonly source: { readonly apiGroup: string; readonly kind: string; readonly name: string };
  readonly type: 'backup' | 'snapshot';
}

/** A VirtualMachineBackup as the simulated controllers write it. */
export interface VmBackup extends KubeObject {
  readonly spec: VmBackupSpec;
  readonly status: VmBackupStatus;
}

/** An object of the store as a VMBackup; undefined for one whose spec names no VM, which a webhook would refuse. */
export function vmBackupOf(object: StoredObject | undefined): (VmBackup & StoredObject) | undefined {
  if (object === undefined) return undefined;
  const spec = object.spec as Partial<VmBackupSpec> | undefined;
  if (typeof spec?.source?.name !== 'string') return undefined;
  const status = (object.status ?? {}) as VmBackupStatus;
  return { ...object, spec: { source: spec.source, type: spec.type ?? 'backup' }, status };
}

export const vmBackupObject = (metadata: ObjectMeta, vm: string, type: VmBackupSpec['type']): VmBackup => ({
  apiVersion: 'harvesterhci.io/v1beta1',
  kind: 'VirtualMachineBackup',
  metadata: { finalizers: [VM_BACKUP_FINALIZER], ...metadata },
  spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: vm }, type },
  status: {},
});

/** The contents of the Secrets of a VM, in plain, as Harvester keeps them in the status of its VMBackups. */
export const secretBackups = (vm: string): NonNullable<VmBackupStatus['secretBackups']> => [
  {
    name: `${vm}-cloudinit`,
    data: {
      userdata: Buffer.from(`#cloud-config\npassword: ${SECRET_CANARY}\n`).toString('base64'),
      networkdata: SECRET_CANARY,
    },
  },
];

/** `conditions` with one of a type set; its time changes only when something else of it does (Harvester bk/util.go). */
export function withCondition(
  conditions: readonly Condition[],
  { type, status, reason = '', message = '' }: Condition,
  time: Pick<Condition, 'lastTransitionTime' | 'lastUpdateTime'>,
): readonly Condition[] {
  const previous = conditions.find((candidate) => candidate.type === type);
  const same =
    previous?.status === status && (previous.reason ?? '') === reason && (previous.message ?? '') === message;
  if (previous !== undefined && same) return conditions;
  const next: Condition = {
    type,
    status,
    ...(reason === '' ? {} : { reason }),
    ...(message === '' ? {} : { message }),
    ...time,
  };
  return previous === undefined
    ? [...conditions, next]
    : conditions.map((condition) => (condition.type === type ? next : condition));
}
