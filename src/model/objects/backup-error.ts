/** Reasons a VMBackup failed, as a closed set; each is found in the error text its controller writes. */
const REASONS = [
  // Harvester bk/backup.go createVolumeSnapshotContent; 1.9 wraps the same text (engine/longhorn/longhorn.go).
  ['lh_backup_not_found', /backups\.longhorn\.io "[^"]+" not found/],
  ['volumesnapshot_error', /^VolumeSnapshot .+ in error state$/],
  ['freeze_failed', /failed to freeze file ?system/],
  ['vm_not_running', /must be running for qemu-guest-agent/],
  ['source_vm_missing', /virtualmachines?\.kubevirt\.io .*not found|is being deleted/],
  ['lh_backup_unpopulated', /is not populated|has empty volumeName/],
  ['csi_config', /can't find (?:CSI driver|volumeSnapshotClass)/],
] as const;

export type BackupErrorReason = (typeof REASONS)[number][0] | 'other';

/** `other` for a text none of Harvester's known messages matches. */
export function backupErrorReason(message: string): BackupErrorReason {
  return REASONS.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
}
