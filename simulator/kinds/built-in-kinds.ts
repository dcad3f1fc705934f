import { valuesAt } from '../json-path.ts';
import type { KindDefinition, PrinterColumn } from '../kube-object.ts';
import {
  accessModes,
  completionOf,
  countOf,
  lastSeen,
  nodeRoles,
  nodeStatus,
  podReady,
  podRestarts,
  podStatus,
  servicePorts,
} from './built-in-columns.ts';
import { age, column, kindsOf } from './kind-definition.ts';

const computed = (name: string, jsonPath: PrinterColumn['jsonPath'], priority = 0): PrinterColumn => ({
  name,
  type: 'string',
  jsonPath,
  priority,
});

/** Built-in kinds print a missing text as `<none>`, custom ones print nothing. */
const shown = (name: string, path: string, priority = 0): PrinterColumn =>
  computed(
    name,
    (object) => {
      const [value] = valuesAt(object, path);
      return typeof value === 'string' && value !== '' ? value : '<none>';
    },
    priority,
  );

const core = kindsOf('', 'v1');

const pods = core('Pod', 'pods', {
  shortNames: ['po'],
  categories: ['all'],
  columns: [
    computed('Ready', podReady),
    computed('Status', podStatus),
    computed('Restarts', podRestarts),
    age(),
    shown('IP', '.status.podIP', 1),
    shown('Node', '.spec.nodeName', 1),
    shown('Nominated Node', '.status.nominatedNodeName', 1),
    computed('Readiness Gates', () => '<none>', 1),
  ],
  statusSubresource: true,
});

const nodes = core('Node', 'nodes', {
  shortNames: ['no'],
  clusterScoped: true,
  columns: [
    computed('Status', nodeStatus),
    computed('Roles', nodeRoles),
    age(),
    column('Version', 'string', '.status.nodeInfo.kubeletVersion'),
    column('OS-Image', 'string', '.status.nodeInfo.osImage', 1),
    column('Kernel-Version', 'string', '.status.nodeInfo.kernelVersion', 1),
    column('Container-Runtime', 'string', '.status.nodeInfo.containerRuntimeVersion', 1),
  ],
  statusSubresource: true,
});

const events = core('Event', 'events', {
  shortNames: ['ev'],
  columns: [
    computed('Last Seen', lastSeen),
    column('Type', 'string', '.type'),
    column('Reason', 'string', '.reason'),
    computed('Object', ({ involvedObject }) => {
      const { kind = '', name = '' } = (involvedObject ?? {}) as {
        readonly kind?: string;
        readonly name?: string;
      };
      return `${kind.toLowerCase()}/${name}`;
    }),
    column('Message', 'string', '.message'),
  ],
});

const volumes: readonly KindDefinition[] = [
  core('PersistentVolume', 'persistentvolumes', {
    shortNames: ['pv'],
    clusterScoped: true,
    columns: [
      column('Capacity', 'string', '.spec.capacity.storage'),
      computed('Access Modes', accessModes),
      column('Reclaim Policy', 'string', '.spec.persistentVolumeReclaimPolicy'),
      column('Status', 'string', '.status.phase'),
      column('Claim', 'string', '.spec.claimRef.name'),
      column('StorageClass', 'string', '.spec.storageClassName'),
      age(),
    ],
    statusSubresource: true,
  }),
  core('PersistentVolumeClaim', 'persistentvolumeclaims', {
    shortNames: ['pvc'],
    columns: [
      column('Status', 'string', '.status.phase'),
      column('Volume', 'string', '.spec.volumeName'),
      column('Capacity', 'string', '.status.capacity.storage'),
      computed('Access Modes', accessModes),
      column('StorageClass', 'string', '.spec.storageClassName'),
      age(),
    ],
    statusSubresource: true,
  }),
];

const configuration: readonly KindDefinition[] = [
  core('ConfigMap', 'configmaps', {
    shortNames: ['cm'],
    columns: [computed('Data', countOf('data')), age()],
  }),
  core('Secret', 'secrets', {
    columns: [column('Type', 'string', '.type'), computed('Data', countOf('data')), age()],
  }),
  core('Service', 'services', {
    shortNames: ['svc'],
    categories: ['all'],
    columns: [
      column('Type', 'string', '.spec.type'),
      column('Cluster-IP', 'string', '.spec.clusterIP'),
      computed('External-IP', () => '<none>'),
      computed('Port(s)', servicePorts),
      age(),
    ],
    statusSubresource: true,
  }),
  core('ServiceAccount', 'serviceaccounts', {
    shortNames: ['sa'],
    columns: [computed('Secrets', countOf('secrets')), age()],
  }),
];

const apps = kindsOf('apps', 'v1');

const workloads: readonly KindDefinition[] = [
  apps('Deployment', 'deployments', {
    shortNames: ['deploy'],
    categories: ['all'],
    columns: [
      computed('Ready', completionOf('readyReplicas', 'replicas')),
      column('Up-to-date', 'integer', '.status.updatedReplicas'),
      column('Available', 'integer', '.status.availableReplicas'),
      age(),
    ],
    statusSubresource: true,
  }),
  apps('DaemonSet', 'daemonsets', {
    shortNames: ['ds'],
    categories: ['all'],
    columns: [
      column('Desired', 'integer', '.status.desiredNumberScheduled'),
      column('Current', 'integer', '.status.currentNumberScheduled'),
      column('Ready', 'integer', '.status.numberReady'),
      column('Up-to-date', 'integer', '.status.updatedNumberScheduled'),
      column('Available', 'integer', '.status.numberAvailable'),
      age(),
    ],
    statusSubresource: true,
  }),
];

const rbac = kindsOf('rbac.authorization.k8s.io', 'v1');
const createdAt = [column('Created At', 'string', '.metadata.creationTimestamp')];
const boundRole = [
  computed('Role', ({ roleRef }) => {
    const { kind = '', name = '' } = (roleRef ?? {}) as { readonly kind?: string; readonly name?: string };
    return `${kind}/${name}`;
  }),
  age(),
];

const permissions: readonly KindDefinition[] = [
  rbac('Role', 'roles', { columns: createdAt }),
  rbac('ClusterRole', 'clusterroles', { columns: createdAt, clusterScoped: true }),
  rbac('RoleBinding', 'rolebindings', { columns: boundRole }),
  rbac('ClusterRoleBinding', 'clusterrolebindings', { columns: boundRole, clusterScoped: true }),
];

/** The kinds of Kubernetes itself (v1.32, pkg/printers/internalversion/printers.go for the columns). */
export const BUILT_IN_KINDS: readonly KindDefinition[] = [
  core('Namespace', 'namespaces', {
    shortNames: ['ns'],
    clusterScoped: true,
    columns: [column('Status', 'string', '.status.phase'), age()],
    statusSubresource: true,
  }),
  nodes,
  pods,
  events,
  ...volumes,
  ...configuration,
  ...workloads,
  ...permissions,
  kindsOf('networking.k8s.io', 'v1')('NetworkPolicy', 'networkpolicies', { shortNames: ['netpol'] }),
];
