import { compareVersions } from '../versions.ts';

/**
 * Why a VMBackup failed, as a closed set, each with the texts Harvester 1.3.0 to 1.9.0-rc6 write for it into
 * `status.error` (pkg/controller/master/backup/backup.go; 1.9: pkg/backup/common, pkg/backup/engine/longhorn).
 * Every pattern matches the texts of its own reason only, so their order does not matter.
 */
const REASONS = [
  ['lh_backup_not_found', /backups\.longhorn\.io "[^"]+" not found$/],
  ['volumesnapshot_error', /^VolumeSnapshot \S+ in error state$/],
  ['freeze_failed', /^(?:qemu-guest-agent )?failed to freeze file ?system/],
  ['vm_not_running', /^virtual machine must be running for qemu-guest-agent/],
  [
    'source_vm_missing',
    /^(?:virtualmachines?\.kubevirt\.io "[^"]+" not found|(?:failed to configure freeze annotation: )?vm \S+ is being deleted)$/,
  ],
  ['lh_backup_unpopulated', /^lhbackup \S+ is not populated for |lh backup \S+ has empty volumeName for /],
  [
    'csi_config',
    /^(?:can't find (?:CSI driver|volumeSnapshotClass) |CSI driver "[^"]*" not found in CSIDriverInfo |no volume snapshot class configured for CSI driver |failed to get VolumeSnapshotClass "|VolumeSnapshotClass not found for CSI driver |failed to unmarshal (?:default|custom) CSI driver config: )/,
  ],
  // The text quotes the Setting, which may hold credentials: one more reason to keep no text.
  ['setting_malformed', /^unmarshal failed, error: /],
  [
    'pvc_missing',
    /(?:^|: )(?:persistentvolumeclaims|persistentvolumes|volumes\.longhorn\.io) "[^"]*" not found$/,
  ],
  [
    'pvc_not_bound',
    /(?:^unbound PVC |^no storage class for PVC |: PVC \S+ (?:is not bound to a PV|has no storage class configured)$)/,
  ],
  ['secret_missing', /(?:^|: )secrets "[^"]+" not found$/],
  [
    'unsupported',
    /^unsupported (?:source: |backup type ")|PV \S+ (?:is not from CSI driver|is not CSI-backed|has no storage capacity)/,
  ],
  // `object is being deleted: …` in front of it speaks of the snapshot, not of the VM.
  [
    'already_exists',
    /(?:^|: )volumesnapshot(?:content)?s\.snapshot\.storage\.k8s\.io "[^"]+" already exists$/,
  ],
  [
    'api_rejected',
    /because it is being terminated$|^namespaces "[^"]+" not found$|is forbidden: (?:exceeded quota|failed quota|status unknown for quota|User ")|admission webhook "[^"]+" denied the request|\.k8s\.io "[^"]+" is invalid: |^VirtualMachineBackup\.harvesterhci\.io "[^"]+" is invalid: |^the server could not find the requested resource|request is too large$/,
  ],
  [
    'transient',
    /^(?:failed to (?:configure freeze annotation|create VolumeSnapshotContent): )?(?:Operation cannot be fulfilled on (?:virtualmachinebackups|resourcequotas)|etcdserver: (?!request is too large)|Timeout: |context deadline exceeded$|the server (?:is currently unable|was unable to return|has received too many)|(?:Post|Put|Get|Patch) "https?:\/\/|client rate limiter Wait|http2: |Internal error occurred: failed calling webhook)/,
  ],
] as const;

export type BackupErrorReason = (typeof REASONS)[number][0] | 'other';

/** `other` for an unknown text. */
export function backupErrorReason(message: string): BackupErrorReason {
  return REASONS.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
}

/** Raised before the controller comes to the freeze, or on a path that has none, in every release. */
const NEVER_AFTER_FREEZE: ReadonlySet<BackupErrorReason> = new Set([
  'source_vm_missing',
  'unsupported',
  'pvc_not_bound',
  'secret_missing',
  'csi_config',
  'setting_malformed',
  // The VolumeSnapshot exists: only a missing one is made anew, after a freeze.
  'volumesnapshot_error',
  'lh_backup_unpopulated',
  // Instead of the call (tryFreezeFS).
  'vm_not_running',
] satisfies readonly BackupErrorReason[]);

/**
 * Whether Harvester's code of a release raises an error before it freezes the VM, so that its retries freeze nothing.
 * From 1.5 a volume whose Longhorn backup is known is bound without a freeze (backup.go freezeFsIfNeeded; 1.9
 * engine/longhorn/longhorn.go). An unknown release is taken for the older.
 */
export const failsBeforeFreeze = (reason: BackupErrorReason, harvesterVersion: string | undefined): boolean =>
  NEVER_AFTER_FREEZE.has(reason) ||
  (reason === 'lh_backup_not_found' &&
    harvesterVersion !== undefined &&
    compareVersions(harvesterVersion, '1.5.0') >= 0);
