import type { CommandIo } from '../command.ts';
import type { Config } from '../config/config.ts';
import { connect } from '../inputs/connection.ts';
import { createExporter, type Exporter } from '../inputs/exporter.ts';
import { createApp } from '../http/app.ts';
import { createExposition } from '../http/exposition.ts';
import { statusPages } from '../http/status-page/routes.ts';
import { listen, type WebServer } from '../http/web-server.ts';
import { createLogWriter } from '../log-writer.ts';
import type { Logger } from '../logger.ts';
import { catalogue } from '../metrics/catalogue.ts';
import { familiesOfShard } from '../metrics/shard-families.ts';
import { VERSION } from '../version.ts';

/** SIGTERM ends the program within 5 seconds, even if a client keeps its connection open. */
const CLOSE_WITHIN_MS = 3_000;

/** Watches one cluster and serves what it learns until the signal aborts. */
export async function run(config: Config, io: CommandIo): Promise<number> {
  const logger = createLogWriter({ level: config.logLevel, format: config.logFormat, stream: io.stderr });
  const { api } = connect(config);
  const exporter = createExporter({ api, config, logger });
  const server = await serve(exporter, config, logger);
  logger.info('serving', { url: server.url, version: VERSION, cluster: api.server });
  await whileServing(server, exporter.run(io.stop));
  logger.info('stopped');
  return 0;
}

/** The web server of an exporter, listening. Throws ConfigError when it cannot. */
export function serve(exporter: Exporter, config: Config, logger: Logger): Promise<WebServer> {
  const { telemetryPath, clusterName, listenAddress: address, webConfigFile } = config;
  const { view, waitingFor } = exporter;
  const exposition = createExposition({
    families: familiesOfShard(catalogue, config.shard),
    view,
    clusterName,
    onError: (family, error) =>
      logger.error('metric left out of the scrape', { family, error: String(error) }),
  });
  const pages = statusPages({ view, telemetryPath, clusterName, waitingFor });
  const app = createApp({ exposition, telemetryPath, waitingFor, pages });
  return listen(app, { address, webConfigFile, logger });
}

/** Closes the server when the work ends, be it by a signal or by a bug; a bug is rethrown. */
export async function whileServing(server: WebServer, work: Promise<void>): Promise<void> {
  try {
    await work;
  } finally {
    await server.close(CLOSE_WITHIN_MS);
  }
}
