import { type VirtHandler, virtHandlers } from '../model/virt-handler.ts';
import { family, seconds } from './family.ts';

const labelsOf = ({ pod }: VirtHandler): { namespace: string; pod: string; node: string } => ({
  namespace: pod.namespace,
  pod: pod.name,
  node: pod.node,
});

export const virtHandlerInfo = family({
  name: 'harvester_virt_handler_info',
  type: 'gauge',
  help: 'Constant 1; the KubeVirt version of a virt-handler and the leak that version is known for. By version, so a suspicion: a vendor build may carry the fix.',
  labels: ['namespace', 'pod', 'node', 'version', 'leak'],
  *observe(view) {
    for (const handler of virtHandlers(view)) {
      const { version = '', leak } = handler;
      yield { labels: { ...labelsOf(handler), version, leak }, value: 1 };
    }
  },
});

export const memoryLimit = family({
  name: 'harvester_virt_handler_memory_limit_bytes',
  type: 'gauge',
  help: 'Memory limit of the container virt-handler, from its pod; absent if it has none.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const handler of virtHandlers(view)) {
      const { memoryLimitBytes } = handler.container;
      if (memoryLimitBytes !== undefined) yield { labels: labelsOf(handler), value: memoryLimitBytes };
    }
  },
});

export const memoryWorkingSet = family({
  name: 'harvester_virt_handler_memory_working_set_bytes',
  type: 'gauge',
  help: 'Memory working set of the container virt-handler, from metrics.k8s.io; absent where that is not served.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const handler of virtHandlers(view)) {
      const { workingSetBytes } = handler;
      if (workingSetBytes !== undefined) yield { labels: labelsOf(handler), value: workingSetBytes };
    }
  },
});

export const startTime = family({
  name: 'harvester_virt_handler_start_time_seconds',
  type: 'gauge',
  help: 'Start of the container incarnation that runs now; absent while none runs.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const handler of virtHandlers(view)) {
      const { startedMs } = handler.container;
      if (startedMs !== undefined) yield { labels: labelsOf(handler), value: seconds(startedMs) };
    }
  },
});

export const restarts = family({
  name: 'harvester_virt_handler_restarts_total',
  type: 'counter',
  help: 'Restarts of the container virt-handler, as its pod counts them.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const handler of virtHandlers(view)) {
      yield { labels: labelsOf(handler), value: handler.container.restarts };
    }
  },
});

export const lastOomKill = family({
  name: 'harvester_virt_handler_last_oom_kill_timestamp_seconds',
  type: 'gauge',
  help: 'End of the previous incarnation if it was killed for reaching its memory limit; absent otherwise.',
  labels: ['namespace', 'pod', 'node'],
  *observe(view) {
    for (const handler of virtHandlers(view)) {
      const { oomKilledMs } = handler.container;
      if (oomKilledMs !== undefined) yield { labels: labelsOf(handler), value: seconds(oomKilledMs) };
    }
  },
});
