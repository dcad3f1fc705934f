import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '../../src/cluster/api.ts';
import { loadKubeConfig } from '../../src/cluster/kube-config.ts';
import { serve, whileServing } from '../../src/commands/serve.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createExporter } from '../../src/inputs/exporter.ts';
import type { Logger } from '../../src/logger.ts';
import { compressedTiming } from '../../src/model/timing.ts';
import { scenarioNamed } from '../../simulator/scenarios.ts';
import { startSimulation } from '../../simulator/simulation.ts';

const SPEED = 60;
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The incident on a simulated cluster, watched by an exporter of this process that serves its pages. */
export interface WatchedIncident {
  readonly url: string;
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
}

export async function watchedIncident(): Promise<WatchedIncident> {
  const simulation = await startSimulation({ scenario: scenarioNamed('incident'), speed: SPEED });
  const { kubeconfig } = simulation.cluster('prod');
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-page-'));
  const file = join(directory, 'kubeconfig');
  writeFileSync(file, kubeconfig);
  const flags = new Map([['web.listen-address', ['127.0.0.1:0']]]);
  const config = await loadConfig({ command: 'serve', flags, environment: {} });
  const api = createApi(loadKubeConfig({ kubeconfig: file }), { userAgent: 'freezewatch/test' });
  const exporter = createExporter({ api, config, logger: SILENT, timing: compressedTiming(SPEED) });
  const server = await serve(exporter, config, SILENT);
  const stop = new AbortController();
  const working = whileServing(server, exporter.run(stop.signal));
  return {
    url: `${server.url.replace(/\/$/, '')}/`,
    kubeconfig,
    close: async () => {
      stop.abort();
      await working;
      await simulation.close();
      rmSync(directory, { recursive: true });
    },
  };
}
