import type { KubeObject, StoredObject } from '../kube-object.ts';
import { stamp } from '../site.ts';
import type { Site } from '../site.ts';
import type { VolumeBackup } from './vm-backup.ts';

/** How the content behind a VolumeSnapshot names its Longhorn backup; the volume in `bs://` is the wrong one for an import. */
const snapshotHandle = (site: Site, volume: string, backup: string): string =>
  `${site.release.freezesBeforeBinding ? 'bs' : 'bak'}://${volume}/${backup}`;

/** The VolumeSnapshot of one volume of a VMBackup and its content, bound and ready, owned by the VMBackup. */
export function boundSnapshot(
  site: Site,
  owner: StoredObject,
  volume: VolumeBackup,
  from: { readonly longhornBackup: string; readonly longhornVolume: string; readonly imported: boolean },
): readonly KubeObject[] {
  const content = from.imported ? `${volume.name}-vsc` : `snapcontent-${site.random.uid()}`;
  const ownerReference = {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid,
    controller: true,
  };
  const handle = snapshotHandle(site, from.longhornVolume, from.longhornBackup);
  const { namespace = 'default' } = owner.metadata;
  return [
    {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotContent',
      metadata: { name: content, ...(from.imported ? { ownerReferences: [ownerReference] } : {}) },
      spec: {
        deletionPolicy: 'Delete',
        driver: 'driver.longhorn.io',
        volumeSnapshotClassName: 'longhorn',
        source: from.imported ? { snapshotHandle: handle } : { volumeHandle: from.longhornVolume },
        volumeSnapshotRef: { namespace, name: volume.name },
      },
      status: { readyToUse: true, snapshotHandle: handle, restoreSize: volume.volumeSize },
    },
    {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshot',
      metadata: { name: volume.name, namespace, ownerReferences: [ownerReference] },
      spec: {
        volumeSnapshotClassName: 'longhorn',
        source: from.imported
          ? { volumeSnapshotContentName: content }
          : { persistentVolumeClaimName: volume.persistentVolumeClaim.metadata.name },
      },
      status: {
        readyToUse: true,
        boundVolumeSnapshotContentName: content,
        creationTime: stamp(site),
        restoreSize: String(volume.volumeSize),
      },
    },
  ];
}
