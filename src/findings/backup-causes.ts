import type { BackupErrorReason } from '../model/objects/backup-error.ts';
import type { VolumeErrorReason } from '../model/objects/volume-error.ts';

/** What each error means, in words of Harvester and Longhorn; the controller's own text is not kept. */
export const CAUSES: Readonly<Record<BackupErrorReason, string>> = {
  lh_backup_not_found: 'the Longhorn backup it points at does not exist',
  volumesnapshot_error: 'a VolumeSnapshot of it is in error state',
  freeze_failed: 'the guest agent could not freeze the file systems',
  vm_not_running: 'the VM does not run, but its guest agent is to be asked',
  source_vm_missing: 'its VM does not exist or is being deleted',
  lh_backup_unpopulated: 'the Longhorn backup it points at is empty',
  csi_config: 'no CSI driver or VolumeSnapshotClass is configured for its volumes',
  setting_malformed: 'a Harvester setting it needs is no valid JSON',
  pvc_missing: 'a PersistentVolumeClaim or volume of the VM does not exist',
  pvc_not_bound: 'a PersistentVolumeClaim of the VM is not bound, or has no storage class',
  secret_missing: 'a Secret the VM uses does not exist',
  unsupported: 'Harvester cannot back up a volume or a source of this kind',
  already_exists: 'a snapshot object of the same name exists or is still being deleted',
  api_rejected:
    'the API server refused one of its objects (quota, policy, permission, or a namespace being deleted)',
  transient: 'the API server did not answer in time, or an object changed meanwhile',
  other: 'an error freezewatch does not know',
};

/** What to do about each error, one or two sentences. */
export const CURES: Readonly<Record<BackupErrorReason, string>> = {
  lh_backup_not_found: 'Its data is gone from the backup target; find out who deleted it.',
  volumesnapshot_error: 'Longhorn could not snapshot or upload a volume.',
  freeze_failed: 'The guest agent refuses to freeze (SELinux in the guest is a known reason).',
  vm_not_running: 'It mends itself when the VM runs.',
  source_vm_missing: 'There is nothing left to back up.',
  lh_backup_unpopulated: 'Longhorn has not read the backup from the target yet.',
  csi_config:
    'The setting csi-driver-config lacks the driver of the volumes, or names a VolumeSnapshotClass that does not exist.',
  setting_malformed: 'Mend the settings csi-driver-config and backup-target.',
  pvc_missing: 'Remove the volume from the VM, or bring its claim back.',
  pvc_not_bound: 'Longhorn must bind the claim first, or the VM must lose the volume.',
  secret_missing: 'Bring the Secret back (cloud-init or access credentials), or remove it from the VM.',
  unsupported: 'Only VirtualMachines with CSI volumes can be backed up.',
  already_exists: 'It ends by itself when the old snapshot object is gone; one that stays must be deleted.',
  api_rejected: 'The error text names the quota, the webhook or the permission.',
  transient: 'It mends itself with a retry; if it stays, look at the API server and at harvester-webhook.',
  other:
    'freezewatch does not know this error: read its text, and please report it, without names, at https://github.com/freezewatch/freezewatch/issues.',
};

/** Why a volume's VolumeSnapshot failed. */
export const VOLUME_CAUSES: Readonly<Record<VolumeErrorReason, string>> = {
  timeout: 'Longhorn did not report the snapshot in time, and may still upload',
  target_unavailable: 'Longhorn did not reach the backup target',
  longhorn_failed: 'Longhorn failed to back up the volume',
  claim: 'its PersistentVolumeClaim or volume could not be used',
  snapshot_class: 'its VolumeSnapshotClass does not exist',
  snapshot_content: 'its VolumeSnapshotContent is missing or not bound',
  transient: 'a component did not answer',
  other: 'an error freezewatch does not know',
};
