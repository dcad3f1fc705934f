import { type VirtHandler, virtHandlers } from '../model/virt-handlers/virt-handler.ts';
import { type Family, family, ofEach, secondsIfAny } from './family.ts';

type PodLabel = 'namespace' | 'pod' | 'node';

const LABELS = ['namespace', 'pod', 'node'] as const;
const labelsOf = ({ pod }: VirtHandler): Readonly<Record<PodLabel, string>> => ({
  namespace: pod.namespace,
  pod: pod.name,
  node: pod.node,
});

const ofEachHandler = (valueOf: (handler: VirtHandler) => number | undefined): Family<PodLabel>['observe'] =>
  ofEach(virtHandlers, labelsOf, valueOf);

export const virtHandlerInfo = family({
  name: 'harvester_virt_handler_info',
  type: 'gauge',
  help: 'Constant 1; the KubeVirt version of a virt-handler and the leak that version is known for. By version, so a suspicion: a vendor build may carry the fix.',
  labels: [...LABELS, 'version', 'leak'],
  observe: ofEach(
    virtHandlers,
    (handler) => ({ ...labelsOf(handler), version: handler.version ?? '', leak: handler.leak }),
    () => 1,
  ),
});

export const memoryLimit = family({
  name: 'harvester_virt_handler_memory_limit_bytes',
  type: 'gauge',
  help: 'Memory limit of the container virt-handler, from its pod; absent if it has none.',
  labels: LABELS,
  observe: ofEachHandler(({ container }) => container.memoryLimitBytes),
});

export const memoryWorkingSet = family({
  name: 'harvester_virt_handler_memory_working_set_bytes',
  type: 'gauge',
  help: 'Memory working set of the container virt-handler, from metrics.k8s.io; absent where that is not served.',
  labels: LABELS,
  observe: ofEachHandler(({ workingSetBytes }) => workingSetBytes),
});

export const startTime = family({
  name: 'harvester_virt_handler_start_time_seconds',
  type: 'gauge',
  help: 'Start of the container incarnation that runs now; absent while none runs.',
  labels: LABELS,
  observe: ofEachHandler(({ container }) => secondsIfAny(container.startedMs)),
});

export const restarts = family({
  name: 'harvester_virt_handler_restarts_total',
  type: 'counter',
  help: 'Restarts of the container virt-handler, as its pod counts them.',
  labels: LABELS,
  observe: ofEachHandler(({ container }) => container.restarts),
});

export const lastOomKill = family({
  name: 'harvester_virt_handler_last_oom_kill_timestamp_seconds',
  type: 'gauge',
  help: 'End of the previous incarnation if it was killed for reaching its memory limit; absent otherwise.',
  labels: LABELS,
  observe: ofEachHandler(({ container }) => secondsIfAny(container.oomKilledMs)),
});
