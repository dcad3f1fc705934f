import { KubeConfig } from '@kubernetes/client-node';
import { createApi } from '../../src/cluster/api.ts';
import { serve, whileServing } from '../../src/commands/serve.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createExporter, type Exporter } from '../../src/inputs/exporter.ts';
import type { Logger } from '../../src/logger.ts';
import { compressedTiming } from '../../src/model/timing.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { type SimulatedCluster, type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { eventually, when } from './deadline.ts';
import { HeldClock } from './held-clock.ts';
import { seriesAt } from './live-metrics.ts';

/** Launchers are looked for once a second: a VM has to stay a suspect for longer than that, however fast its world is. */
const QUIET_AFTER_MS = 2_500;
const READY_WITHIN_MS = 10_000;

/** One cluster of a simulation and what its exporter serves. */
export interface WatchedCluster {
  readonly simulated: SimulatedCluster;
  readonly exporter: Exporter;
  /** Of the exporter's web server. */
  readonly url: string;
  /** The series of `/metrics`, sorted. */
  series(): Promise<readonly string[]>;
}

/** A world whose time has not begun, with an exporter on each of its clusters that is ready and follows virt-api. */
export interface WatchedSimulation {
  readonly clock: HeldClock;
  readonly simulation: Simulation;
  readonly clusters: readonly WatchedCluster[];
  /** What the exporters complained of. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

/** Starts all; time begins to pass with `clock.start()`. */
export async function watchedSimulation(scenario: Scenario, speed: number): Promise<WatchedSimulation> {
  const clock = new HeldClock(speed);
  const simulation = await startSimulation({ scenario, clock });
  const stop = new AbortController();
  const complaints: string[] = [];
  const logger = complaintsOnly(complaints);
  const working: Promise<void>[] = [];
  const clusters: WatchedCluster[] = [];
  for (const simulated of simulation.clusters) {
    const { exporter, url, run } = await watch(simulated, speed, logger);
    working.push(run(stop.signal));
    clusters.push({ simulated, exporter, url, series: () => seriesAt(`${url}/metrics`) });
  }
  await Promise.all(clusters.map(ready));
  return {
    clock,
    simulation,
    clusters,
    complaints,
    close: async () => {
      stop.abort();
      await Promise.all(working);
      await simulation.close();
    },
  };
}

async function watch(
  { kubeconfig, cluster }: SimulatedCluster,
  speed: number,
  logger: Logger,
): Promise<{
  readonly exporter: Exporter;
  readonly url: string;
  readonly run: (signal: AbortSignal) => Promise<void>;
}> {
  const { kubevirtNamespace, longhornNamespace } = cluster.site.spec;
  const flags = new Map([
    ['web.listen-address', ['127.0.0.1:0']],
    ['kubevirt-namespace', [kubevirtNamespace]],
    ['longhorn-namespace', [longhornNamespace]],
  ]);
  const config = await loadConfig({ command: 'serve', flags, environment: {} });
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(kubeconfig);
  const api = createApi(kubeConfig, { userAgent: 'freezewatch/test' });
  const compressed = compressedTiming(speed);
  const timing = { ...compressed, quietAfterMs: Math.max(compressed.quietAfterMs, QUIET_AFTER_MS) };
  const exporter = createExporter({ api, config, logger, timing });
  const server = await serve(exporter, config, logger);
  return { exporter, url: server.url, run: (signal) => whileServing(server, exporter.run(signal)) };
}

async function ready({ simulated, exporter, url }: WatchedCluster): Promise<void> {
  const pods = simulated.cluster.api.pods.length;
  await eventually(
    async () => when((await fetch(`${url}/readyz`)).ok && exporter.view().exporter.logStreams >= pods),
    { within: READY_WITHIN_MS, describe: () => `still waiting for ${exporter.waitingFor().join(', ')}` },
  );
}

function complaintsOnly(lines: string[]): Logger {
  const complain = (message: string, fields: object = {}): void =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: () => undefined, info: () => undefined, warn: complain, error: complain };
}
