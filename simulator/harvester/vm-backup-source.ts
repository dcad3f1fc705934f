import type { VmBackupMetadata } from '../longhorn/bucket.ts';
import type { StoredObject } from '../kube-object.ts';
import type { Machines } from '../kubevirt/machines.ts';
import { virtualMachineSource } from '../objects/machines.ts';
import type { VmBackup, VmBackupStatus } from '../objects/vm-backup.ts';
import { secretBackups, vmBackupObject } from '../objects/vm-backup.ts';
import { claimSpec } from '../objects/volumes.ts';
import { stamp } from '../site.ts';
import type { Site } from '../site.ts';

type TargetNote = NonNullable<VmBackupStatus['backupTarget']>;

const currentTarget = ({ spec: { target } }: Site): TargetNote | undefined =>
  target && { endpoint: target.endpoint, bucketName: target.bucket, bucketRegion: target.region };

/** Whether a VMBackup lies in the target that is set now. */
export function sameTarget(site: Site, { status }: VmBackup): boolean {
  const [now, noted] = [currentTarget(site), status.backupTarget];
  return now !== undefined && noted?.endpoint === now.endpoint && noted.bucketName === now.bucketName;
}

/** What a new VMBackup copies of its VM (bk/backup.go initBackup); an error text when there is no such VM. */
export function initialStatus(site: Site, machines: Machines, backup: VmBackup): VmBackupStatus | string {
  const { name } = backup.spec.source;
  const { namespace = '' } = backup.metadata;
  const machine = machines.get(namespace, name);
  if (machine === undefined) return `virtualmachines.kubevirt.io "${name}" not found`;
  const target = currentTarget(site);
  if (backup.spec.type === 'backup' && target === undefined) return 'backup target is not set';
  const time = site.release.conditionTime;
  return {
    sourceUID: machine.uid,
    source: virtualMachineSource(machine.vm),
    csiDriverVolumeSnapshotClassNames: {
      'driver.longhorn.io': backup.spec.type === 'backup' ? 'longhorn' : 'longhorn-snapshot',
    },
    ...(backup.spec.type === 'backup' && target !== undefined ? { backupTarget: target } : {}),
    secretBackups: secretBackups(name),
    readyToUse: false,
    volumeBackups: machine.disks.map((disk, index) => ({
      name: `${backup.metadata.name}-volume-${disk.claim}`,
      volumeName: `disk-${index}`,
      csiDriverName: 'driver.longhorn.io',
      volumeSize: disk.sizeBytes,
      readyToUse: false,
      persistentVolumeClaim: {
        metadata: { name: disk.claim, namespace },
        spec: claimSpec(disk.volume, disk.sizeBytes),
      },
    })),
    conditions: [
      { type: 'InProgress', status: 'True', message: 'Operation in progress', [time]: stamp(site) },
      { type: 'Ready', status: 'False', message: 'Not ready', [time]: stamp(site) },
    ],
  };
}

/** What is uploaded of a ready VMBackup; the secrets of the VM are part of it. */
export const metadataOf = ({ metadata, spec, status }: VmBackup): VmBackupMetadata => ({
  namespace: metadata.namespace ?? '',
  name: metadata.name,
  spec,
  source: status.source,
  secretBackups: status.secretBackups,
  backupTarget: status.backupTarget,
  volumeBackups: (status.volumeBackups ?? []).map((volume) => ({
    name: volume.name,
    volumeName: volume.volumeName,
    longhornBackupName: volume.longhornBackupName ?? '',
    persistentVolumeClaim: volume.persistentVolumeClaim,
    volumeSize: volume.volumeSize,
  })),
});

/** The VMBackup an upload is imported as (bk/backup_metadata.go): everything but who its VM was, and no labels. */
export function importedVmBackup(metadata: VmBackupMetadata, existing?: StoredObject): VmBackup {
  const spec = metadata.spec as VmBackup['spec'];
  const object = vmBackupObject(
    existing?.metadata ?? { name: metadata.name, namespace: metadata.namespace },
    spec.source.name,
    spec.type,
  );
  return {
    ...object,
    status: {
      readyToUse: false,
      source: metadata.source,
      secretBackups: metadata.secretBackups as NonNullable<VmBackupStatus['secretBackups']>,
      backupTarget: metadata.backupTarget as TargetNote,
      csiDriverVolumeSnapshotClassNames: { 'driver.longhorn.io': 'longhorn' },
      volumeBackups: metadata.volumeBackups.map((volume) => ({
        name: volume.name,
        volumeName: volume.volumeName,
        csiDriverName: 'driver.longhorn.io',
        longhornBackupName: volume.longhornBackupName,
        volumeSize: volume.volumeSize,
        persistentVolumeClaim: volume.persistentVolumeClaim as NonNullable<
          VmBackupStatus['volumeBackups']
        >[number]['persistentVolumeClaim'],
      })),
    },
  };
}
