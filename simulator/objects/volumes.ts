import type { KubeObject } from '../kube-object.ts';
import type { Site } from '../site.ts';

/** A VM's disk: its claim, the PersistentVolume behind it, and the Longhorn volume of the same name. */
export interface DiskIdentity {
  readonly namespace: string;
  readonly claim: string;
  /** `pvc-<uid>`: the name of the PersistentVolume and of the Longhorn volume. */
  readonly volume: string;
  readonly sizeBytes: number;
  readonly createdAt: string;
  readonly node: string;
}

export const claimSpec = (volume: string, sizeBytes: number): unknown => ({
  accessModes: ['ReadWriteMany'],
  resources: { requests: { storage: String(sizeBytes) } },
  storageClassName: 'harvester-longhorn',
  volumeMode: 'Block',
  volumeName: volume,
});

/** The three objects of one disk. */
export function diskObjects(site: Site, disk: DiskIdentity): readonly KubeObject[] {
  const { namespace, claim, volume, sizeBytes, createdAt } = disk;
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim, namespace, creationTimestamp: createdAt },
      spec: claimSpec(volume, sizeBytes),
      status: { phase: 'Bound' },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volume, creationTimestamp: createdAt },
      spec: {
        capacity: { storage: String(sizeBytes) },
        claimRef: { namespace, name: claim },
        csi: { driver: 'driver.longhorn.io', fsType: 'ext4', volumeHandle: volume },
        persistentVolumeReclaimPolicy: 'Delete',
        storageClassName: 'harvester-longhorn',
      },
      status: { phase: 'Bound' },
    },
    ...(site.spec.longhornInstalled ? [longhornVolume(site, disk)] : []),
  ];
}

const longhornVolume = (
  site: Site,
  { namespace, claim, volume, sizeBytes, createdAt, node }: DiskIdentity,
): KubeObject => ({
  apiVersion: 'longhorn.io/v1beta2',
  kind: 'Volume',
  metadata: { name: volume, namespace: site.spec.longhornNamespace, creationTimestamp: createdAt },
  spec: {
    size: String(sizeBytes),
    numberOfReplicas: 3,
    frontend: 'blockdev',
    dataEngine: 'v1',
    fromBackup: '',
    nodeID: node,
    Standby: false,
    ...(site.release.namedTargets ? { backupTargetName: 'default' } : {}),
  },
  status: {
    state: 'attached',
    robustness: 'healthy',
    currentNodeID: node,
    ownerID: node,
    kubernetesStatus: { pvName: volume, pvStatus: 'Bound', namespace, pvcName: claim },
  },
});
