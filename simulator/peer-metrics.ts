import type { SimulatedWorldCluster } from './cluster.ts';
import { LONGHORN_BACKUPS } from './objects/keys.ts';
import type { VirtHandler } from './kubevirt/virt-handler.ts';

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly samples: readonly (readonly [Readonly<Record<string, string>>, number])[];
}

/** What the other exporters of a Harvester cluster say, as Prometheus text: virt-handler itself, cAdvisor, kube-state-metrics, Longhorn. */
export function peerMetrics(cluster: SimulatedWorldCluster): string {
  const handlers = [...cluster.handlers.values()];
  return [
    ...virtHandlerMetrics(cluster, handlers),
    ...cadvisorMetrics(cluster, handlers),
    ...kubeStateMetrics(cluster, handlers),
    longhornBackupStates(cluster),
  ]
    .filter(({ samples }) => samples.length > 0)
    .map(exposition)
    .join('');
}

function exposition({ name, type, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    return `${name}{${pairs.join(',')}} ${value}\n`;
  });
  return `# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** KubeVirt's own endpoint; its job carries no `node` label. */
function virtHandlerMetrics(
  { site }: SimulatedWorldCluster,
  handlers: readonly VirtHandler[],
): readonly Metric[] {
  const of = (read: (handler: VirtHandler) => number): Metric['samples'] =>
    handlers.map((handler) => [
      {
        namespace: site.spec.kubevirtNamespace,
        pod: handler.pod,
        container: 'virt-handler',
        job: 'kubevirt-prometheus-metrics',
      },
      read(handler),
    ]);
  return [
    { name: 'go_goroutines', type: 'gauge', samples: of((handler) => handler.figures().goroutines) },
    { name: 'process_open_fds', type: 'gauge', samples: of((handler) => handler.figures().openFds) },
    {
      name: 'process_resident_memory_bytes',
      type: 'gauge',
      samples: of((handler) => handler.figures().residentBytes),
    },
    {
      name: 'process_start_time_seconds',
      type: 'gauge',
      samples: of((handler) => handler.figures().startedAt.getTime() / 1_000),
    },
  ];
}

/** The kubelet's; rancher-monitoring drops every `container_spec_*` series, so the limit is not among them. */
function cadvisorMetrics(
  { site }: SimulatedWorldCluster,
  handlers: readonly VirtHandler[],
): readonly Metric[] {
  const of = (read: (handler: VirtHandler) => number): Metric['samples'] =>
    handlers.map((handler) => [
      {
        namespace: site.spec.kubevirtNamespace,
        pod: handler.pod,
        container: 'virt-handler',
        node: handler.node,
        job: 'kubelet',
        metrics_path: '/metrics/cadvisor',
        id: `/kubepods/burstable/${handler.pod}/${handler.restarts}`,
        name: `${handler.pod}-${handler.restarts}`,
      },
      read(handler),
    ]);
  return [
    {
      name: 'container_memory_working_set_bytes',
      type: 'gauge',
      samples: of((handler) => handler.figures().workingSetBytes),
    },
    {
      name: 'container_start_time_seconds',
      type: 'gauge',
      samples: of((handler) => handler.figures().startedAt.getTime() / 1_000),
    },
  ];
}

function kubeStateMetrics(
  { site }: SimulatedWorldCluster,
  handlers: readonly VirtHandler[],
): readonly Metric[] {
  const labels = (handler: VirtHandler): Readonly<Record<string, string>> => ({
    namespace: site.spec.kubevirtNamespace,
    pod: handler.pod,
    container: 'virt-handler',
    job: 'kube-state-metrics',
  });
  return [
    {
      name: 'kube_pod_container_resource_limits',
      type: 'gauge',
      samples: handlers.map((handler) => [
        { ...labels(handler), node: handler.node, resource: 'memory', unit: 'byte' },
        handler.limitBytes,
      ]),
    },
    {
      name: 'kube_pod_container_status_restarts_total',
      type: 'counter',
      samples: handlers.map((handler) => [labels(handler), handler.restarts]),
    },
    {
      name: 'kube_pod_container_status_last_terminated_reason',
      type: 'gauge',
      samples: handlers
        .filter(({ restarts }) => restarts > 0)
        .map((handler) => [{ ...labels(handler), reason: 'OOMKilled' }, 1]),
    },
    {
      name: 'kube_pod_info',
      type: 'gauge',
      samples: handlers.map((handler) => [
        {
          namespace: site.spec.kubevirtNamespace,
          pod: handler.pod,
          node: handler.node,
          job: 'kube-state-metrics',
          created_by_kind: 'DaemonSet',
          created_by_name: 'virt-handler',
        },
        1,
      ]),
    },
  ];
}

/** Longhorn metrics_collector/backup_collector.go; `Deleting` reads 0. */
const STATES = ['', 'Pending', 'InProgress', 'Completed', 'Error', 'Unknown'];

function longhornBackupStates({ site, harvester }: SimulatedWorldCluster): Metric {
  const backups =
    harvester === undefined ? [] : site.store.list(LONGHORN_BACKUPS, site.spec.longhornNamespace);
  return {
    name: 'longhorn_backup_state',
    type: 'gauge',
    samples: backups.map(({ metadata, ...object }) => {
      const { state = '' } = object.status as { readonly state?: string };
      const volume = metadata.labels?.['backup-volume'] ?? '';
      return [
        { backup: metadata.name, volume, recurring_job: '', job: 'longhorn-backend' },
        Math.max(0, STATES.indexOf(state)),
      ];
    }),
  };
}
