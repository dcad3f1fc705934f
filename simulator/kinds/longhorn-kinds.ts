import type { KindDefinition } from '../kube-object.ts';
import { age, column, condition, kindsOf } from './kind-definition.ts';

const longhorn = kindsOf('longhorn.io', 'v1beta2');
const lastSyncedAt = column('LastSyncedAt', 'string', '.status.lastSyncedAt');

const longhornBackups = (backupTargets: boolean): KindDefinition =>
  longhorn('Backup', 'backups', {
    shortNames: ['lhb'],
    columns: [
      column('SnapshotName', 'string', '.status.snapshotName'),
      column('SnapshotSize', 'string', '.status.size'),
      column('SnapshotCreatedAt', 'string', '.status.snapshotCreatedAt'),
      ...(backupTargets ? [column('BackupTarget', 'string', '.status.backupTargetName')] : []),
      column('State', 'string', '.status.state'),
      lastSyncedAt,
    ],
    statusSubresource: true,
  });

const longhornBackupVolumes = (backupTargets: boolean): KindDefinition =>
  longhorn('BackupVolume', 'backupvolumes', {
    shortNames: ['lhbv'],
    columns: [
      ...(backupTargets ? [column('BackupTarget', 'string', '.spec.backupTargetName')] : []),
      column('CreatedAt', 'string', '.status.createdAt'),
      column('LastBackupName', 'string', '.status.lastBackupName'),
      column('LastBackupAt', 'string', '.status.lastBackupAt'),
      lastSyncedAt,
    ],
    statusSubresource: true,
  });

/** `LastBackupAt` shows the poll interval in every version: the CRD says so. */
const longhornBackupTargets = longhorn('BackupTarget', 'backuptargets', {
  shortNames: ['lhbt'],
  columns: [
    column('URL', 'string', '.spec.backupTargetURL'),
    column('Credential', 'string', '.spec.credentialSecret'),
    column('LastBackupAt', 'string', '.spec.pollInterval'),
    column('Available', 'boolean', '.status.available'),
    lastSyncedAt,
  ],
  statusSubresource: true,
});

const longhornVolumes = longhorn('Volume', 'volumes', {
  shortNames: ['lhv'],
  columns: [
    column('Data Engine', 'string', '.spec.dataEngine'),
    column('State', 'string', '.status.state'),
    column('Robustness', 'string', '.status.robustness'),
    condition('Scheduled', 'Schedulable'),
    column('Size', 'string', '.spec.size'),
    column('Node', 'string', '.status.currentNodeID'),
    age(),
  ],
  statusSubresource: true,
});

const longhornSettings = longhorn('Setting', 'settings', {
  shortNames: ['lhs'],
  columns: [column('Value', 'string', '.value'), column('Applied', 'boolean', '.status.applied'), age()],
  statusSubresource: true,
});

/** The CRDs of one Longhorn version; `backupTargets`: several targets are possible, as from 1.8 on. */
export function longhornKinds(options: { readonly backupTargets: boolean }): readonly KindDefinition[] {
  return [
    longhornBackups(options.backupTargets),
    longhornBackupVolumes(options.backupTargets),
    longhornBackupTargets,
    longhornVolumes,
    longhornSettings,
  ];
}
