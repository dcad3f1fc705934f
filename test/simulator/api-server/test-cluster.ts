import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { startApiServer } from '../../../simulator/api-server/server.ts';
import type { ApiServer, ApiServerOptions } from '../../../simulator/api-server/server.ts';
import { KubeObjectStore } from '../../../simulator/kube-object-store.ts';
import type { KubeObject } from '../../../simulator/kube-object.ts';
import { kindsServed } from '../../../simulator/kinds.ts';
import { PodLogs } from '../../../simulator/pod-logs.ts';

/** The fields of answers that tests look at. */
export interface Body {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata?: KubeObject['metadata'] & {
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items?: readonly KubeObject[];
  readonly rows?: readonly { readonly cells: readonly unknown[]; readonly object?: KubeObject }[];
  readonly columnDefinitions?: readonly { readonly name: string; readonly type: string }[];
  readonly resources?: readonly { readonly name: string }[];
  readonly groups?: readonly { readonly name: string }[];
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface WatchLine {
  readonly type: string;
  readonly object: Body;
}

export const ALL_KINDS = kindsServed({
  kubevirt: true,
  harvester: { errorColumn: 'date', schedules: true },
  longhorn: { backupTargets: false },
  monitoring: true,
});

/** One served cluster with the namespaces `default`, `team-a` and `harvester-system`; close it after the test. */
export class TestCluster {
  readonly store: KubeObjectStore;
  readonly logs: PodLogs;
  readonly server: ApiServer;

  private constructor(store: KubeObjectStore, logs: PodLogs, server: ApiServer) {
    this.store = store;
    this.logs = logs;
    this.server = server;
  }

  static async start(options: Partial<ApiServerOptions> = {}): Promise<TestCluster> {
    const now = options.now ?? (() => new Date());
    const store = options.store ?? new KubeObjectStore({ kinds: ALL_KINDS, now });
    const logs = new PodLogs({ now });
    for (const name of ['default', 'harvester-system', 'team-a']) {
      store.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name }, status: { phase: 'Active' } });
    }
    return new TestCluster(store, logs, await startApiServer({ ...options, store, logs }));
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Reply> {
    const response = await fetch(`${this.server.url}${path}`, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? (JSON.parse(text) as Body) : { message: text },
    };
  }

  async text(path: string): Promise<string> {
    return (await fetch(`${this.server.url}${path}`)).text();
  }

  /** Opens a stream of lines; it ends with the answer, or when `return` is called. */
  async open(
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly response: IncomingMessage; readonly lines: AsyncIterableIterator<string> }> {
    const call = request(`${this.server.url}${path}`, { headers }).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return {
      response,
      lines: createInterface({ input: response })[Symbol.asyncIterator]() as AsyncIterableIterator<string>,
    };
  }

  /** The first `count` events of a watch, or all when it ends before. */
  async watch(
    path: string,
    count: number,
    whenOpen: () => void = () => undefined,
  ): Promise<readonly WatchLine[]> {
    const { response, lines } = await this.open(path);
    whenOpen();
    const events: WatchLine[] = [];
    for await (const line of lines) {
      events.push(JSON.parse(line) as WatchLine);
      if (events.length === count) break;
    }
    response.destroy();
    return events;
  }
}

export const BACKUPS = '/apis/harvesterhci.io/v1beta1/virtualmachinebackups';
export const TEAM_A_BACKUPS = '/apis/harvesterhci.io/v1beta1/namespaces/team-a/virtualmachinebackups';

/** A VirtualMachineBackup of VM web in namespace team-a. */
export const aBackup = (
  name: string,
  {
    labels,
    finalizers,
    ...fields
  }: Readonly<Record<string, unknown>> & {
    readonly labels?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  } = {},
): KubeObject => ({
  apiVersion: 'harvesterhci.io/v1beta1',
  kind: 'VirtualMachineBackup',
  metadata: {
    namespace: 'team-a',
    name,
    ...(labels === undefined ? {} : { labels }),
    ...(finalizers === undefined ? {} : { finalizers }),
  },
  spec: { type: 'backup', source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web' } },
  ...fields,
});

/** A Running pod in harvester-system; each container is running unless `states` says otherwise. */
export const aPod = (
  name: string,
  containers: readonly string[],
  states: Readonly<Record<string, object>> = {},
): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'harvester-system', name },
  spec: {
    nodeName: 'node-1',
    containers: containers.map((container) => ({ name: container, image: 'image' })),
  },
  status: {
    phase: 'Running',
    containerStatuses: containers.map((container) => ({
      name: container,
      ready: true,
      restartCount: 0,
      state: { running: { startedAt: '2025-02-20T08:00:00Z' } },
      ...states[container],
    })),
  },
});
