import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandIo } from '../command.ts';
import type { Config } from '../config/config.ts';
import { missingPrograms, type Monitoring, startMonitoring } from '../../simulator/demo/monitoring.ts';
import { Narrator } from '../../simulator/demo/narrator.ts';
import { chosenScenario } from '../../simulator/demo/chosen-scenario.ts';
import { connect } from '../inputs/connection.ts';
import { createExporter, type Exporter } from '../inputs/exporter.ts';
import type { WebServer } from '../http/web-server.ts';
import { createLogWriter } from '../log-writer.ts';
import type { Logger } from '../logger.ts';
import { compressedTiming } from '../model/timing.ts';
import { PEER_METRICS_PATH, type SimulatedCluster, startSimulation } from '../../simulator/simulation.ts';
import { serve, whileServing } from './serve.ts';

/** One simulated cluster with an exporter that watches it. */
interface WatchedCluster {
  readonly cluster: SimulatedCluster;
  readonly kubeconfigFile: string;
  readonly exporter: Exporter;
  readonly server: WebServer;
}

/** Plays a scenario on simulated clusters and serves what exporters make of them, until the signal aborts. */
export async function run(config: Config, io: CommandIo): Promise<number> {
  const scenario = chosenScenario(config);
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-clusters-'));
  const logger = createLogWriter({ level: quieter(config), format: config.logFormat, stream: io.stderr });
  const narrator = new Narrator(io.stdout, config.speed);
  const simulation = await startSimulation({ scenario, speed: config.speed, narrate: narrator.tell });
  let monitoring: Monitoring | undefined;
  try {
    const count = config.clusters ?? simulation.clusters.length;
    const watched = await Promise.all(
      simulation.clusters
        .slice(0, count)
        .map((cluster, index) => watch(cluster, { config, directory, index, count, logger })),
    );
    narrator.introduce({
      scenario,
      clusters: watched.map(({ cluster, kubeconfigFile, server }) => ({
        name: cluster.name,
        kubeconfigFile,
        url: server.url,
      })),
      telemetryPath: config.telemetryPath,
    });
    const working = Promise.all(
      watched.map(({ server, exporter }) => whileServing(server, exporter.run(io.stop))),
    );
    narrator.watch(
      watched.map(({ cluster, exporter }) => ({ name: cluster.name, view: exporter.view })),
      io.stop,
    );
    const monitored = monitor(watched, config, narrator, io.stop).then((started) => (monitoring = started));
    await working;
    await monitored;
  } finally {
    await monitoring?.close();
    await simulation.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return 0;
}

/** The story is what people read; of the log they see what goes wrong, unless they ask for more. */
const quieter = ({ logLevel }: Config): Config['logLevel'] => (logLevel === 'info' ? 'warn' : logLevel);

interface WatchOptions {
  readonly config: Config;
  readonly directory: string;
  readonly index: number;
  readonly count: number;
  readonly logger: Logger;
}

async function watch(
  cluster: SimulatedCluster,
  { config, directory, index, count, logger }: WatchOptions,
): Promise<WatchedCluster> {
  const kubeconfigFile = join(directory, `${cluster.name}.yaml`);
  writeFileSync(kubeconfigFile, cluster.kubeconfig);
  const { host, port } = config.listenAddress;
  const own: Config = {
    ...config,
    kubeconfig: kubeconfigFile,
    contexts: [],
    kubevirtNamespace: cluster.cluster.site.spec.kubevirtNamespace,
    longhornNamespace: cluster.cluster.site.spec.longhornNamespace,
    clusterName: count > 1 && config.clusterName === '' ? cluster.name : config.clusterName,
    listenAddress: { host, port: port === 0 ? 0 : port + index },
  };
  const { api } = connect(own);
  const exporter = createExporter({ api, config: own, logger, timing: compressedTiming(config.speed) });
  return { cluster, kubeconfigFile, exporter, server: await serve(exporter, own, logger) };
}

/** Prometheus and Alertmanager, where they are installed, wanted and come up; otherwise undefined. */
async function monitor(
  watched: readonly WatchedCluster[],
  { speed, noPrometheus, telemetryPath }: Config,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<Monitoring | undefined> {
  if (noPrometheus) return undefined;
  const missing = missingPrograms();
  if (missing.length > 0) {
    narrator.say(
      `Alerts: install ${missing.join(' and ')} (Debian: apt install prometheus prometheus-alertmanager) and start again to see the shipped rules at work.`,
    );
    return undefined;
  }
  const targets = watched.flatMap(({ cluster, server }) => {
    const labels = watched.length > 1 ? { cluster: cluster.name } : {};
    return [
      { job: 'freezewatch', url: `${server.url}${telemetryPath}`, labels },
      { job: 'peers', url: `${cluster.url}${PEER_METRICS_PATH}`, labels },
    ];
  });
  try {
    const monitoring = await startMonitoring({ targets, speed, signal });
    narrator.say(
      `Prometheus: ${monitoring.prometheusUrl}/alerts   Alertmanager: ${monitoring.alertmanagerUrl}`,
    );
    return monitoring;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!signal.aborted) narrator.say(`Alerts: the shipped rules are not shown at work: ${reason}`);
    return undefined;
  }
}
