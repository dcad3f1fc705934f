/**
 * Why Harvester changed a ready VMBackup back ("Change back to non-ready"), from the text it writes into the condition's
 * reason (bk/backup_metadata.go checkVolumeBackup, 1.6 to 1.9; the store's own errors: longhorn/backupstore nfs.go,
 * s3_service.go, util.go). Some of those texts have several lines.
 */
const REASONS = [
  ['missing_in_target', /^cannot find (?:volume|longhorn backup) \S+ in the backup target$/],
  ['lh_backup_missing', /^longhorn backup \S+ is not ready$/],
  ['lh_backup_not_complete', /^backup \S+ is (?:not completed|being deleted)$/],
  ['storageclass_missing', /^cannot find storage class /],
  [
    'target_unreachable',
    /^(?:cannot mount nfs |NFS path |cannot find nfs path|failed to list objects with param|timeout executing: |failed to execute: |failed to (?:clean up|statfs|get kind)|cannot create mount directory|NoCredentialProviders|RequestError|failed to connect to backup target|destination URL hasn't|driver \S+ is not supported)|timed out|i\/o timeout|connection refused|no such host|no route to host|x509:|AWS Error/,
  ],
] as const;

export type DegradedReason = (typeof REASONS)[number][0] | 'other';

/** `other` for an unknown text. */
export function degradedReason(text: string): DegradedReason {
  return REASONS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}
