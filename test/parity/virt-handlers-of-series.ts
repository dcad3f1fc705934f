import type { Pod } from '../../src/model/objects/pod.ts';
import type { PodMemory } from '../../src/model/objects/pod-memory.ts';
import { aPodMemory, aVirtHandler, NOW_MS } from '../builders.ts';
import { type Course, valueAt } from './courses.ts';

/** A KubeVirt of each leak: the tests name versions at will. */
const VERSIONS: Readonly<Record<string, string>> = {
  per_freeze: '1.2.2',
  per_freeze_softened: '1.4.0',
  client_race: '1.7.0',
  none: '1.5.3',
};

interface Handlers {
  readonly virtHandlers: readonly Pod[];
  readonly virtHandlerMemory: readonly PodMemory[];
}

/** The virt-handlers at a minute, by the metrics of any source; a healthy one where there are none. */
export function virtHandlersAt(courses: readonly Course[], minute: number): Handlers {
  const pods = new Set(courses.flatMap(({ labels: { pod } }) => pod ?? []));
  if (pods.size === 0) return { virtHandlers: [aVirtHandler()], virtHandlerMemory: [] };
  const found = [...pods].map((pod) =>
    handlerAt(
      courses.filter(({ labels }) => labels.pod === pod),
      pod,
      minute,
    ),
  );
  return {
    virtHandlers: found.map(({ handler }) => handler),
    virtHandlerMemory: found.flatMap(({ memory }) => memory ?? []),
  };
}

function handlerAt(courses: readonly Course[], name: string, minute: number) {
  const read = readerOf(courses, minute);
  const bytes = workingSetAt(courses, read, minute);
  const limit =
    read('harvester_virt_handler_memory_limit_bytes') ?? read('kube_pod_container_resource_limits');
  const leak = courses.find(({ labels }) => labels.leak !== undefined)?.labels.leak ?? 'none';
  const version = VERSIONS[leak];
  const image = version === undefined ? 'virt-handler@sha256:0' : `virt-handler:${version}`;
  const killed = read('kube_pod_container_status_last_terminated_reason');
  const killedSeconds =
    read('harvester_virt_handler_last_oom_kill_timestamp_seconds') ??
    (killed === 1 ? startOf(courses, minute) : undefined);
  const handler = aVirtHandler({
    name,
    node: courses.find(({ labels }) => labels.node !== undefined)?.labels.node ?? '',
    container: {
      image,
      oomKilledMs: killedSeconds === undefined ? undefined : NOW_MS + killedSeconds * 1_000,
      // Of a pod whose memory nobody tells, nobody tells a limit either.
      ...(limit === undefined && bytes === undefined ? {} : { memoryLimitBytes: limit }),
    },
  });
  return { handler, memory: bytes === undefined ? undefined : aPodMemory(bytes, { name }) };
}

type Reader = (name: string) => number | undefined;

const readerOf =
  (courses: readonly Course[], minute: number): Reader =>
  (name) => {
    const values = courses.filter((course) => course.name === name).map((course) => valueAt(course, minute));
    return values.find((value) => value !== undefined);
  };

/** Of the container that started last: cAdvisor remembers the one before for a while. */
function workingSetAt(courses: readonly Course[], read: Reader, minute: number): number | undefined {
  const start = startOf(courses, minute);
  const newest = courses.find(
    (course) => course.name === 'container_start_time_seconds' && valueAt(course, minute) === start,
  )?.labels.id;
  const ofNewest = courses.find(
    ({ name, labels }) => name === 'container_memory_working_set_bytes' && labels.id === newest,
  );
  return (
    (ofNewest === undefined ? undefined : valueAt(ofNewest, minute)) ??
    read('process_resident_memory_bytes') ??
    read('harvester_virt_handler_memory_working_set_bytes')
  );
}

function startOf(courses: readonly Course[], minute: number): number | undefined {
  const starts = courses
    .filter(({ name }) => name.endsWith('start_time_seconds'))
    .flatMap((course) => valueAt(course, minute) ?? []);
  return starts.length === 0 ? undefined : Math.max(...starts);
}
