import { valuesAt } from '../json-path.ts';
import type { KubeObject } from '../kube-object.ts';
import { logStamp } from '../pod-logs.ts';
import type { LogLine, PodLogs, PodName } from '../pod-logs.ts';
import type { Answer } from './answer.ts';
import type { PodLogOptions } from './pod-log-options.ts';
import type { ResponseStream } from './response-stream.ts';
import { badRequest } from './status.ts';

interface ContainerState {
  readonly waiting?: { readonly reason?: string };
  readonly terminated?: object;
}

interface ContainerStatus {
  readonly name?: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

/** Answers a GET of `pods/log` as the kubelet of the pod does; throws a StatusError 400 where it has no such log. */
export function podLogAnswer(logs: PodLogs, pod: KubeObject, options: PodLogOptions): Answer {
  const container = containerOf(pod, options.container);
  const state = stateOf(pod, container);
  const name = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name };
  if (!options.previous && state === 'waiting') throw waiting(pod, container);
  const lines = logs.read(name, container, options.previous ? 'previous' : 'current');
  if (options.previous && lines === undefined) {
    throw badRequest(`previous terminated container "${container}" in pod "${name.name}" not found`);
  }
  const follow = options.follow && !options.previous && state === 'running';
  return {
    type: 'stream',
    contentType: 'text/plain',
    run: (stream) => {
      const writer = new LogWriter(stream, options);
      writer.write(wanted(lines ?? [], options));
      if (follow && !writer.full) follower(logs, name, container, stream, writer);
      else stream.end();
    },
  };
}

/** As kubernetes v1.32 pkg/registry/core/pod/strategy.go, LogLocation. */
function containerOf(pod: KubeObject, wantedName: string | undefined): string {
  const names = (field: string): readonly string[] => valuesAt(pod, `.spec.${field}[*].name`).map(String);
  const containers = names('containers');
  if (wantedName !== undefined && wantedName !== '') {
    if ([...containers, ...names('initContainers')].includes(wantedName)) return wantedName;
    throw badRequest(`container ${wantedName} is not valid for pod ${pod.metadata.name}`);
  }
  const [only, ...others] = containers;
  if (only !== undefined && others.length === 0) return only;
  const choice = `choose one of: [${containers.join(' ')}]`;
  throw badRequest(`a container name must be specified for pod ${pod.metadata.name}, ${choice}`);
}

const statusOf = (pod: KubeObject, container: string): ContainerStatus | undefined =>
  (valuesAt(pod, '.status.containerStatuses[*]') as readonly ContainerStatus[]).find(
    ({ name }) => name === container,
  );

/** A container that waits for its next start still has the finished log of its last run. */
function stateOf(pod: KubeObject, container: string): 'waiting' | 'running' | 'ended' {
  const status = statusOf(pod, container);
  if (status === undefined) return valuesAt(pod, '.status.phase')[0] === 'Pending' ? 'waiting' : 'running';
  if (status.state?.waiting !== undefined)
    return status.lastState?.terminated === undefined ? 'waiting' : 'ended';
  return status.state?.terminated === undefined ? 'running' : 'ended';
}

function waiting(pod: KubeObject, container: string): Error {
  const reason = statusOf(pod, container)?.state?.waiting?.reason ?? 'ContainerCreating';
  const pulling = ['ErrImagePull', 'ImagePullBackOff'].includes(reason);
  const cause = pulling ? 'trying and failing to pull image' : reason;
  return badRequest(`container "${container}" in pod "${pod.metadata.name}" is waiting to start: ${cause}`);
}

/** The kubelet looks for the tail first and for the time after, so both together may give fewer lines than the tail. */
function wanted(lines: readonly LogLine[], { tailLines, sinceMs }: PodLogOptions): readonly LogLine[] {
  const tail = tailLines === undefined ? lines : lines.slice(Math.max(0, lines.length - tailLines));
  return sinceMs === undefined ? tail : tail.filter(({ epochMs }) => epochMs >= sinceMs);
}

function follower(
  logs: PodLogs,
  pod: PodName,
  container: string,
  stream: ResponseStream,
  writer: LogWriter,
): void {
  const unsubscribe = logs.subscribe(pod, container, (event) => {
    if (event.type === 'line') writer.write([event.line]);
    if (event.type === 'end' || writer.full) {
      unsubscribe();
      stream.end();
    }
  });
  stream.onClosed(unsubscribe);
}

class LogWriter {
  readonly #stream: ResponseStream;
  readonly #timestamps: boolean;
  #bytesLeft: number;

  constructor(stream: ResponseStream, { timestamps, limitBytes }: PodLogOptions) {
    this.#stream = stream;
    this.#timestamps = timestamps;
    this.#bytesLeft = limitBytes ?? Infinity;
  }

  /** True once `limitBytes` were written: the kubelet stops there, in the middle of a line. */
  get full(): boolean {
    return this.#bytesLeft <= 0;
  }

  write(lines: readonly LogLine[]): void {
    if (lines.length === 0 || this.full) return;
    const text = lines
      .map((line) => `${this.#timestamps ? `${logStamp(line)} ` : ''}${line.text}\n`)
      .join('');
    const size = Buffer.byteLength(text);
    this.#stream.write(size <= this.#bytesLeft ? text : Buffer.from(text).subarray(0, this.#bytesLeft));
    this.#bytesLeft -= size;
  }
}
