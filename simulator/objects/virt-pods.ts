import type { KubeObject } from '../kube-object.ts';
import type { Site } from '../site.ts';

interface VirtHandlerState {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly createdAt: string;
  readonly restarts: number;
  /** undefined while the container does not run. */
  readonly startedAt: string | undefined;
  readonly oomKilled: { readonly startedAt: string; readonly finishedAt: string } | undefined;
}

const image = ({ release }: Site, name: string): string =>
  `registry.example.net/${release.imagePath}/${name}:${release.imageTag}`;

/** The pod of virt-handler on one node: 1600Mi in every Harvester release (deploy/charts/harvester/values.yaml). */
export function virtHandlerPod(site: Site, state: VirtHandlerState): KubeObject {
  const { name, uid, node, createdAt, restarts, startedAt, oomKilled } = state;
  const terminated = oomKilled && { ...oomKilled, reason: 'OOMKilled', exitCode: 137 };
  const containerState =
    startedAt === undefined ? { state: { terminated } } : { state: { running: { startedAt } } };
  const limits =
    site.spec.virtHandlerLimit === '' ? {} : { limits: { cpu: '700m', memory: site.spec.virtHandlerLimit } };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: site.spec.kubevirtNamespace,
      uid,
      creationTimestamp: createdAt,
      labels: { 'kubevirt.io': 'virt-handler', 'prometheus.kubevirt.io': 'true' },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'DaemonSet',
          name: 'virt-handler',
          uid: '8f0f7d3e-0000-4000-8000-00000000d5e7',
          controller: true,
        },
      ],
    },
    spec: {
      nodeName: node,
      initContainers: [{ name: 'virt-launcher', image: image(site, 'virt-launcher') }],
      containers: [
        {
          name: 'virt-handler',
          image: image(site, 'virt-handler'),
          resources: { ...limits, requests: { cpu: '10m', memory: '357Mi' } },
        },
      ],
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'virt-handler',
          image: image(site, 'virt-handler'),
          ready: startedAt !== undefined,
          started: startedAt !== undefined,
          restartCount: restarts,
          ...containerState,
          lastState: startedAt === undefined || terminated === undefined ? {} : { terminated },
        },
      ],
    },
  };
}

/** A pod of a Deployment of KubeVirt or Harvester, with the fields that are read. */
export function controlPlanePod(
  site: Site,
  pod: {
    readonly name: string;
    readonly app: string;
    readonly container: string;
    readonly node: string;
    readonly startedAt: string;
  },
): KubeObject {
  const kubevirt = pod.app.startsWith('virt-');
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: pod.name,
      namespace: site.spec.kubevirtNamespace,
      creationTimestamp: pod.startedAt,
      labels: kubevirt
        ? { 'kubevirt.io': pod.app, 'prometheus.kubevirt.io': 'true' }
        : { 'app.kubernetes.io/name': 'harvester', 'app.kubernetes.io/component': 'apiserver' },
    },
    spec: {
      nodeName: pod.node,
      containers: [
        {
          name: pod.container,
          image: kubevirt
            ? image(site, pod.app)
            : `registry.example.net/rancher/harvester:v${site.release.harvester}`,
          ...(kubevirt ? { resources: { limits: { cpu: '400m', memory: '1100Mi' } } } : {}),
        },
      ],
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: pod.container,
          ready: true,
          restartCount: 0,
          state: { running: { startedAt: pod.startedAt } },
          lastState: {},
        },
      ],
    },
  };
}

interface LauncherState {
  readonly name: string;
  readonly uid: string;
  readonly namespace: string;
  readonly vm: string;
  readonly vmiUid: string;
  readonly node: string;
  readonly startedAt: string;
}

/**
 * The pod a VM runs in (KubeVirt pkg/virt-controller/services/template.go). Label `vm.kubevirt.io/name` is the host
 * name, cut at the first dot and at 63 characters: not the VMI's name.
 */
export function launcherPod(site: Site, state: LauncherState): KubeObject {
  const { name, uid, namespace, vm, vmiUid, node, startedAt } = state;
  const running = (container: string) => ({
    name: container,
    image: image(site, 'virt-launcher'),
    ready: true,
    restartCount: 0,
    state: { running: { startedAt } },
    lastState: {},
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid,
      creationTimestamp: startedAt,
      labels: {
        'kubevirt.io': 'virt-launcher',
        'kubevirt.io/created-by': vmiUid,
        'vm.kubevirt.io/name': (vm.split('.')[0] ?? vm).slice(0, 63),
        'harvesterhci.io/vmName': vm,
      },
      annotations: { 'kubevirt.io/domain': vm, 'kubectl.kubernetes.io/default-container': 'compute' },
      ownerReferences: [
        {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachineInstance',
          name: vm,
          uid: vmiUid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec: {
      nodeName: node,
      containers: ['compute', 'guest-console-log'].map((container) => ({
        name: container,
        image: image(site, 'virt-launcher'),
      })),
    },
    status: { phase: 'Running', containerStatuses: ['compute', 'guest-console-log'].map(running) },
  };
}
