import type { KindDefinition } from '../kube-object.ts';
import { age, column, kindsOf } from './kind-definition.ts';

const snapshots = kindsOf('snapshot.storage.k8s.io', 'v1');

/** external-snapshotter v8 (client/config/crd). */
export const SNAPSHOT_KINDS: readonly KindDefinition[] = [
  snapshots('VolumeSnapshot', 'volumesnapshots', {
    shortNames: ['vs'],
    columns: [
      column('ReadyToUse', 'boolean', '.status.readyToUse'),
      column('SourcePVC', 'string', '.spec.source.persistentVolumeClaimName'),
      column('SourceSnapshotContent', 'string', '.spec.source.volumeSnapshotContentName'),
      column('RestoreSize', 'string', '.status.restoreSize'),
      column('SnapshotClass', 'string', '.spec.volumeSnapshotClassName'),
      column('SnapshotContent', 'string', '.status.boundVolumeSnapshotContentName'),
      column('CreationTime', 'date', '.status.creationTime'),
      age(),
    ],
    statusSubresource: true,
  }),
  snapshots('VolumeSnapshotContent', 'volumesnapshotcontents', {
    shortNames: ['vsc', 'vscs'],
    clusterScoped: true,
    columns: [
      column('ReadyToUse', 'boolean', '.status.readyToUse'),
      column('RestoreSize', 'integer', '.status.restoreSize'),
      column('DeletionPolicy', 'string', '.spec.deletionPolicy'),
      column('Driver', 'string', '.spec.driver'),
      column('VolumeSnapshotClass', 'string', '.spec.volumeSnapshotClassName'),
      column('VolumeSnapshot', 'string', '.spec.volumeSnapshotRef.name'),
      column('VolumeSnapshotNamespace', 'string', '.spec.volumeSnapshotRef.namespace'),
      age(),
    ],
    statusSubresource: true,
  }),
];
