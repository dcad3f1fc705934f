import { humanDuration } from '../human-duration.ts';
import { valuesAt } from '../json-path.ts';
import type { KubeObject } from '../kube-object.ts';

interface ContainerState {
  readonly waiting?: { readonly reason?: string };
  readonly running?: object;
  readonly terminated?: {
    readonly reason?: string;
    readonly exitCode?: number;
    readonly finishedAt?: string;
  };
}

interface ContainerStatus {
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

const containerStatuses = (pod: KubeObject): readonly ContainerStatus[] =>
  valuesAt(pod, '.status.containerStatuses[*]') as readonly ContainerStatus[];

const textAt = (object: KubeObject, path: string): string => {
  const [value] = valuesAt(object, path);
  return typeof value === 'string' ? value : '';
};

/** `1/2`: containers that are ready, of those the pod has. */
export function podReady(pod: KubeObject): string {
  const ready = containerStatuses(pod).filter((status) => status.ready === true).length;
  return `${ready}/${valuesAt(pod, '.spec.containers[*]').length}`;
}

/** `Running`, `CrashLoopBackOff`, `OOMKilled`, `Terminating`: what a person wants to know of a pod. */
export function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'Terminating';
  const reasons = containerStatuses(pod).flatMap(
    ({ state }) => state?.waiting?.reason ?? state?.terminated?.reason ?? [],
  );
  return reasons.find((reason) => reason !== 'Completed') ?? reasons[0] ?? textAt(pod, '.status.phase');
}

/** `3 (5m ago)`: restarts of all containers, and since when the last one. */
export function podRestarts(pod: KubeObject, now: Date): string {
  const statuses = containerStatuses(pod);
  const restarts = statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  const ends = statuses
    .flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? [])
    .map((at) => Date.parse(at));
  if (restarts === 0 || ends.length === 0) return String(restarts);
  return `${restarts} (${humanDuration(now.getTime() - Math.max(...ends))} ago)`;
}

/** `Ready`, `NotReady`, with `SchedulingDisabled` when cordoned. */
export function nodeStatus(node: KubeObject): string {
  const [ready] = valuesAt(node, ".status.conditions[?(@.type=='Ready')].status");
  const status = ready === 'True' ? 'Ready' : 'NotReady';
  return valuesAt(node, '.spec.unschedulable')[0] === true ? `${status},SchedulingDisabled` : status;
}

/** The roles a node has by its labels, `<none>` when it has none. */
export function nodeRoles({ metadata }: KubeObject): string {
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith(prefix));
  return roles.length === 0
    ? '<none>'
    : roles
        .map((label) => label.slice(prefix.length))
        .sort()
        .join(',');
}

/** Time since the event last happened. */
export function lastSeen(event: KubeObject, now: Date): string {
  const at =
    textAt(event, '.lastTimestamp') ||
    textAt(event, '.eventTime') ||
    (event.metadata.creationTimestamp ?? '');
  return at === '' ? '<unknown>' : humanDuration(now.getTime() - Date.parse(at));
}

const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

/** `RWX,ROX`. */
export const accessModes = (volume: KubeObject): string =>
  valuesAt(volume, '.spec.accessModes[*]')
    .map((mode) => ACCESS_MODES[String(mode)] ?? String(mode))
    .join(',');

/** `443/TCP,80:30080/TCP`. */
export function servicePorts(service: KubeObject): string {
  const ports = valuesAt(service, '.spec.ports[*]') as readonly {
    port?: number;
    nodePort?: number;
    protocol?: string;
  }[];
  const texts = ports.map(
    ({ port = 0, nodePort, protocol = 'TCP' }) =>
      `${port}${nodePort === undefined ? '' : `:${nodePort}`}/${protocol}`,
  );
  return texts.length === 0 ? '<none>' : texts.join(',');
}

/** How many entries the map or list in a field has. */
export const countOf =
  (field: string) =>
  (object: KubeObject): number => {
    const value = object[field];
    return typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
  };

const numberAt = (object: KubeObject, path: string, otherwise: number): number => {
  const [value] = valuesAt(object, path);
  return typeof value === 'number' ? value : otherwise;
};

/** `1/1`: one number of the status, of another in the spec. */
export const completionOf =
  (done: string, wanted: string) =>
  (object: KubeObject): string =>
    `${numberAt(object, `.status.${done}`, 0)}/${numberAt(object, `.spec.${wanted}`, 1)}`;
