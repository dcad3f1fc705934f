import type { ApiServer, ApiServerOptions } from './api-server/server.ts';
import { startApiServer } from './api-server/server.ts';
import type { SimulatedWorldCluster } from './cluster.ts';
import type { Clock } from './clock.ts';
import { WallClock } from './clock.ts';
import type { KubeObjectStore } from './kube-object-store.ts';
import { peerMetrics } from './peer-metrics.ts';
import type { PodLogs } from './pod-logs.ts';
import type { Scenario } from './scenario.ts';
import { playScenario } from './scenario.ts';
import type { Truth } from './truth.ts';
import { truth } from './truth.ts';
import type { World } from './world.ts';
import { createWorld } from './world.ts';

/** Where the API server of a simulated cluster serves what the other exporters of that cluster would say. */
export const PEER_METRICS_PATH = '/simulated/metrics';

/** One simulated cluster behind its own API server. */
export interface SimulatedCluster {
  readonly name: string;
  readonly url: string;
  /** YAML for kubectl and freezewatch. */
  readonly kubeconfig: string;
  readonly server: ApiServer;
  readonly store: KubeObjectStore;
  readonly logs: PodLogs;
  readonly cluster: SimulatedWorldCluster;
  /** What really happened since a moment. */
  readonly truth: (since?: Date) => Truth;
  /** What the other exporters of the cluster say now, as Prometheus text. */
  readonly peerMetrics: () => string;
}

export interface Simulation {
  readonly world: World;
  readonly clusters: readonly SimulatedCluster[];
  /** The cluster of that name; throws when there is none. */
  readonly cluster: (name: string) => SimulatedCluster;
  /** Stops the world and its API servers. */
  readonly close: () => Promise<void>;
}

interface SimulationOptions {
  readonly scenario: Scenario;
  /** Simulated seconds per real second; ignored where a clock is given. */
  readonly speed?: number;
  readonly clock?: Clock;
  readonly seed?: number;
  /** Hears each line of the story when it happens. */
  readonly narrate?: (text: string) => void;
  /** What each API server gets beside its store and logs. */
  readonly server?: Partial<ApiServerOptions>;
}

/** Starts the clusters of a scenario, each behind an API server on 127.0.0.1; resolves when all of them listen. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { scenario, speed = 60, seed = 1, narrate } = options;
  const clock = options.clock ?? new WallClock(speed);
  const world = createWorld({ clusters: scenario.clusters, clock, seed });
  const clusters = await Promise.all(world.clusters.map((cluster) => served(cluster, options.server)));
  playScenario(scenario, world, narrate);
  return {
    world,
    clusters,
    cluster: (name) => {
      const cluster = clusters.find((candidate) => candidate.name === name);
      if (cluster === undefined) throw new RangeError(`there is no cluster ${name} in this simulation`);
      return cluster;
    },
    close: async () => {
      clock.stop();
      await Promise.all(clusters.map(({ server }) => server.close()));
    },
  };
}

async function served(
  cluster: SimulatedWorldCluster,
  overrides: Partial<ApiServerOptions> = {},
): Promise<SimulatedCluster> {
  const { store, logs, spec, clock } = cluster.site;
  const server = await startApiServer({
    store,
    logs,
    name: cluster.name,
    ...(spec.podMetricsServed ? { podMetrics: () => cluster.podMetrics() } : {}),
    // Bookmarks come as often as the speed of this world needs them.
    bookmarkIntervalMs: Math.max(1_000, 60_000 / clock.speed),
    now: () => clock.now(),
    extraRoutes: new Map([
      [PEER_METRICS_PATH, () => ({ contentType: 'text/plain; version=0.0.4', body: peerMetrics(cluster) })],
    ]),
    ...overrides,
  });
  return {
    name: cluster.name,
    url: server.url,
    kubeconfig: server.kubeconfig(),
    server,
    store,
    logs,
    cluster,
    truth: (since) => truth(cluster, since),
    peerMetrics: () => peerMetrics(cluster),
  };
}
