import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { KubeObject } from '../kube-object.ts';
import type { KubeObjectStore } from '../kube-object-store.ts';
import type { PodLogs } from '../pod-logs.ts';
import type { AccessControl } from './access-control.ts';
import type { ExtraRoute } from './answer.ts';
import { Faults } from './faults.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { ListPages } from './list-pages.ts';
import { RequestHandler } from './request-handler.ts';
import type { RequestRecord } from './request-handler.ts';

export interface ApiServerOptions {
  readonly store: KubeObjectStore;
  readonly logs: PodLogs;
  /** The name of context, cluster and user in the kubeconfig; `simulated` by default. */
  readonly name?: string;
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Without it every client may do everything. */
  readonly access?: AccessControl;
  /** PEM; the certificate is its own authority. Without it the server speaks plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly faults?: Faults;
  /** The objects of metrics.k8s.io/v1beta1; without it that group is not served. */
  readonly podMetrics?: () => readonly KubeObject[];
  /** By path. They need no token. */
  readonly extraRoutes?: ReadonlyMap<string, ExtraRoute>;
  /** What `/version` says; an RKE2 version as Harvester runs it by default. */
  readonly gitVersion?: string;
  /** How often a watch that allows bookmarks gets one; a minute by default. */
  readonly bookmarkIntervalMs?: number;
  /** The time that ages and `sinceSeconds` are counted from; the wall clock by default. */
  readonly now?: () => Date;
  /** Called for each request once its answer is known. */
  readonly onRequest?: (request: RequestRecord) => void;
}

/** A running API server. */
export interface ApiServer {
  readonly url: string;
  readonly faults: Faults;
  /** The last 10,000 requests, oldest first; one is recorded when its answer begins. */
  readonly requests: readonly RequestRecord[];
  /** YAML for kubectl and @kubernetes/client-node; `token` signs the user in where access control is on. */
  kubeconfig(token?: string): string;
  /** Resets every connection, as a restart of the API server does. */
  killConnections(): void;
  /** Resets every connection and resolves when all are closed. */
  close(): Promise<void>;
}

/** Serves the Kubernetes API on a store and logs; resolves when it listens, rejects when the port is taken. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const {
    store,
    logs,
    name = 'simulated',
    host = '127.0.0.1',
    port = 0,
    tls,
    faults = new Faults(),
  } = options;
  const handler = new RequestHandler({
    store,
    logs,
    pages: new ListPages(store),
    faults,
    access: options.access,
    podMetrics: options.podMetrics,
    extraRoutes: options.extraRoutes ?? new Map<string, ExtraRoute>(),
    gitVersion: options.gitVersion ?? 'v1.32.4+rke2r1',
    bookmarkIntervalMs: options.bookmarkIntervalMs ?? 60_000,
    now: options.now ?? (() => new Date()),
    onRequest: options.onRequest,
  });
  const server = createServer(tls, (request, response) => void handler.handle(request, response));
  const sockets = trackedSockets(server);
  // The logs of a pod go with the pod, also when a client deletes it.
  const stopRemovingLogs = store.subscribe(({ type, kind, object }) => {
    const { namespace = '', name: pod } = object.metadata;
    if (type === 'DELETED' && kind.group === '' && kind.plural === 'pods')
      logs.remove({ namespace, name: pod });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const url = `${tls === undefined ? 'http' : 'https'}://${host}:${(server.address() as AddressInfo).port}`;
  const entry = { name, url, ...(tls === undefined ? {} : { certificateAuthority: tls.cert }) };
  const killConnections = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url,
    faults,
    requests: handler.requests,
    kubeconfig: (token) => kubeconfigText([token === undefined ? entry : { ...entry, token }]),
    killConnections,
    close: async () => {
      stopRemovingLogs();
      server.close();
      killConnections();
      await once(server, 'close');
    },
  };
}

function createServer(tls: ApiServerOptions['tls'], listener: RequestListener): Server {
  return tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
}

function trackedSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  for (const event of ['connection', 'secureConnection'] as const) {
    server.on(event, (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
  }
  return sockets;
}
