import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '../../src/cluster/api.ts';
import { loadKubeConfig } from '../../src/cluster/kube-config.ts';
import { serve, whileServing } from '../../src/commands/serve.ts';
import { loadConfig } from '../../src/config/config.ts';
import type { ScrapeTarget } from '../../simulator/demo/monitoring.ts';
import { createExporter } from '../../src/inputs/exporter.ts';
import type { Logger } from '../../src/logger.ts';
import { compressedTiming } from '../../src/model/timing.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { PEER_METRICS_PATH, type SimulatedCluster, startSimulation } from '../../simulator/simulation.ts';

const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

interface WatchedScenario {
  /** Of our exporter's status page. */
  readonly url: string;
  /** What Prometheus shall scrape: our exporter, and what the other exporters of the cluster say. */
  readonly targets: readonly ScrapeTarget[];
  readonly close: () => Promise<void>;
}

/** Plays a scenario of one cluster with an exporter that watches it; all of its series have the label `cluster`. */
export async function watchedScenario(
  scenario: Scenario,
  { cluster, speed, seed }: { readonly cluster: string; readonly speed: number; readonly seed: number },
): Promise<WatchedScenario> {
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-preview-'));
  const simulation = await startSimulation({ scenario, speed, seed });
  const [simulated] = simulation.clusters;
  if (simulated === undefined) throw new Error(`scenario ${scenario.name} has no cluster`);
  const stop = new AbortController();
  const { url, working } = await exporterOf(simulated, { directory, speed, signal: stop.signal });
  return {
    url: `${url}/`,
    targets: [
      { job: 'freezewatch', url: `${url}/metrics`, labels: { cluster } },
      { job: 'peers', url: `${simulated.url}${PEER_METRICS_PATH}`, labels: { cluster } },
    ],
    close: async () => {
      stop.abort();
      await working;
      await simulation.close();
      rmSync(directory, { recursive: true });
    },
  };
}

async function exporterOf(
  { kubeconfig }: SimulatedCluster,
  {
    directory,
    speed,
    signal,
  }: { readonly directory: string; readonly speed: number; readonly signal: AbortSignal },
): Promise<{ readonly url: string; readonly working: Promise<void> }> {
  const file = join(directory, 'kubeconfig');
  writeFileSync(file, kubeconfig);
  const flags = new Map([['web.listen-address', ['127.0.0.1:0']]]);
  const config = await loadConfig({ command: 'serve', flags, environment: {} });
  const api = createApi(loadKubeConfig({ kubeconfig: file }), { userAgent: 'freezewatch/preview' });
  const exporter = createExporter({ api, config, logger: SILENT, timing: compressedTiming(speed) });
  const server = await serve(exporter, config, SILENT);
  return { url: server.url, working: whileServing(server, exporter.run(signal)) };
}
