import type { KubeObject } from '../kube-object.ts';
import type { Site } from '../site.ts';

/** The namespaces, nodes and installations every cluster has. `uid` is the cluster's: that of namespace kube-system. */
export function clusterObjects(site: Site, uid: string, createdAt: string): readonly KubeObject[] {
  const { spec } = site;
  const namespaces = new Set([
    'default',
    spec.kubevirtNamespace,
    ...spec.vms.map(({ namespace }) => namespace),
  ]);
  if (spec.longhornInstalled) namespaces.add(spec.longhornNamespace);
  return [
    namespace('kube-system', createdAt, uid),
    ...[...namespaces].map((name) => namespace(name, createdAt)),
    ...spec.nodes.map((name) => node(name, createdAt)),
    kubeVirt(site, createdAt),
  ];
}

const namespace = (name: string, createdAt: string, uid?: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, creationTimestamp: createdAt, ...(uid === undefined ? {} : { uid }) },
  spec: { finalizers: ['kubernetes'] },
  status: { phase: 'Active' },
});

const node = (name: string, createdAt: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    creationTimestamp: createdAt,
    labels: { 'kubernetes.io/hostname': name, 'kubevirt.io/schedulable': 'true' },
  },
  spec: {},
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    capacity: { cpu: '32', memory: '256Gi' },
    nodeInfo: { kubeletVersion: 'v1.31.4+rke2r1', osImage: 'Harvester' },
  },
});

/** The KubeVirt installation; the observed version is the tag of the images, with the vendor's suffix. */
const kubeVirt = ({ spec, release }: Site, createdAt: string): KubeObject => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'KubeVirt',
  metadata: { name: 'kubevirt', namespace: spec.kubevirtNamespace, creationTimestamp: createdAt },
  spec: {},
  status: {
    phase: 'Deployed',
    observedKubeVirtVersion: release.imageTag,
    operatorVersion: release.imageTag,
    targetKubeVirtVersion: release.imageTag,
  },
});
