/**
 * Why the VolumeSnapshot of one volume failed, from the text in `status.volumeBackups[].error`: external-snapshotter's
 * (6.3.3 in Harvester 1.3–1.6, 8.3.0 in 1.7–1.8, 8.6.0 in 1.9) around one of Longhorn's CSI plugin (csi/controller_server.go).
 */
const REASONS = [
  // The upload goes on in Longhorn, and the VMBackup becomes ready by itself when it completes.
  [
    'timeout',
    /failed to take snapshot of the volume \S+ "rpc error: code = (?:DeadlineExceeded |Internal desc = waitFor(?:BackupControllerSync|SnapshotToBeReady): timeout)/,
  ],
  [
    'target_unavailable',
    /failed to take snapshot of the volume \S+ "rpc error: code = \w+ desc = backup target \S+ (?:is not available|not found)/,
  ],
  [
    'longhorn_failed',
    /failed to take snapshot of the volume \S+ "rpc error: code = Internal desc = (?!waitFor(?:BackupControllerSync|SnapshotToBeReady): timeout)/,
  ],
  [
    'claim',
    /^Failed to create snapshot content with error (?:snapshot controller failed to update \S+ on API server: cannot |failed to get input parameters .*(?:PVC |persistentvolumeclaim)|cannot find CSI PersistentVolumeSource)|code = NotFound desc = volume \S+ not found/,
  ],
  ['snapshot_class', /volumesnapshotclass\.snapshot\.storage\.k8s\.io|cannot find default snapshot class/],
  [
    'snapshot_content',
    /^VolumeSnapshotContent (?:is missing|is not bound|is dynamically)|^Snapshot failed to bind VolumeSnapshotContent/,
  ],
  [
    'transient',
    /^Snapshot status update failed, |failed to take snapshot of the volume \S+ "rpc error: code = Unavailable /,
  ],
] as const;

export type VolumeErrorReason = (typeof REASONS)[number][0] | 'other';

/** `other` for an unknown text. */
export function volumeErrorReason(message: string): VolumeErrorReason {
  return REASONS.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
}
