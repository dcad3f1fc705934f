import { kubevirtVersion, leakOf } from '../model/kubevirt-version.ts';
import type { Container, Pod } from '../model/pod.ts';
import { type ClusterView, perView } from '../model/view.ts';
import { family, seconds } from './family.ts';

const CONTAINER = 'virt-handler';

interface VirtHandler {
  readonly pod: Pod;
  readonly container: Container;
  readonly labels: { readonly namespace: string; readonly pod: string; readonly node: string };
}

const virtHandlers: (view: ClusterView) => readonly VirtHandler[] = perView(({ virtHandlers: pods }) =>
  Array.from(pods).flatMap((pod) => {
    const container = pod.containers.find(({ name }) => name === CONTAINER);
    const labels = { namespace: pod.namespace, pod: pod.name, node: pod.node };
    return container === undefined ? [] : [{ pod, container, labels }];
  }),
);

/** The version the KubeVirt CR observed: for images pinned by digest. */
const installedVersion: (view: ClusterView) => string | undefined = perView(({ kubevirts }) => {
  for (const { version } of kubevirts) if (version !== undefined) return kubevirtVersion(version);
  return undefined;
});

export const virtHandlerInfo = family({
  name: 'harvester_virt_handler_info',
  type: 'gauge',
  help: 'Constant 1; the KubeVirt version of a virt-handler and the leak that version is known for. By version, so a suspicion: a vendor build may carry the fix.',
  labels: ['namespace', 'pod', 'node', 'version', 'leak'],
  *observe(view) {
    for (const { container, labels } of virtHandlers(view)) {
      const version = kubevirtVersion(container.image) ?? installedVersion(view);
      yield { labels: { ...labels, version: version ?? '', leak: leakOf(version) }, value: 1 };
    }
  },
});

export const memoryLimit = family({
  name: 'harvester_virt_handler_memory_limit_bytes',
  type: 'gauge',
  help: 'Memory limit of the container virt-handler, from its pod; absent if it has none.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const { container, labels } of virtHandlers(view)) {
      if (container.memoryLimitBytes !== undefined) yield { labels, value: container.memoryLimitBytes };
    }
  },
});

export const memoryWorkingSet = family({
  name: 'harvester_virt_handler_memory_working_set_bytes',
  type: 'gauge',
  help: 'Memory working set of the container virt-handler, from metrics.k8s.io; absent where that is not served.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const { pod, labels } of virtHandlers(view)) {
      const bytes = view.virtHandlerMemory.get(pod.namespace, pod.name)?.workingSetBytes.get(CONTAINER);
      if (bytes !== undefined) yield { labels, value: bytes };
    }
  },
});

export const startTime = family({
  name: 'harvester_virt_handler_start_time_seconds',
  type: 'gauge',
  help: 'Start of the container incarnation that runs now; absent while none runs.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const { container, labels } of virtHandlers(view)) {
      if (container.startedMs !== undefined) yield { labels, value: seconds(container.startedMs) };
    }
  },
});

export const restarts = family({
  name: 'harvester_virt_handler_restarts_total',
  type: 'counter',
  help: 'Restarts of the container virt-handler, as its pod counts them.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const { container, labels } of virtHandlers(view)) yield { labels, value: container.restarts };
  },
});

export const lastOomKill = family({
  name: 'harvester_virt_handler_last_oom_kill_timestamp_seconds',
  type: 'gauge',
  help: 'End of the previous incarnation if it was killed for reaching its memory limit; absent otherwise.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const { container, labels } of virtHandlers(view)) {
      if (container.oomKilledMs !== undefined) yield { labels, value: seconds(container.oomKilledMs) };
    }
  },
});
