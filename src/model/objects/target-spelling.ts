import { createHash } from 'node:crypto';
import type { Fields } from './fields.ts';

/**
 * A digest of a target as it is spelled: Harvester restores a VMBackup only from a target of the very same endpoint,
 * bucket and region, letter by letter, NFS options included (pkg/util/backup/backup.go IsBackupTargetSame). A digest, since
 * the endpoint can hold a password.
 */
export function targetSpelling(target: Fields | undefined): string | undefined {
  if (target === undefined) return undefined;
  const parts = ['endpoint', 'bucketName', 'bucketRegion'].map((key) => target.text(key) ?? '');
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
