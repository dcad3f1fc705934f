import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ChildProgram } from './child-program.ts';
import { findProgram } from './programs.ts';
import { projectRoot } from '../../src/project-root.ts';
import { compressedDuration, compressedRules } from './compressed-rules.ts';

/** What Prometheus shall scrape. */
export interface ScrapeTarget {
  readonly job: string;
  readonly url: string;
  /** Put on every series that does not have them. */
  readonly labels: Readonly<Record<string, string>>;
}

interface MonitoringOptions {
  readonly targets: readonly ScrapeTarget[];
  /** How much faster than real time the scraped world runs: rules and intervals follow. */
  readonly speed: number;
  /** Where Alertmanager sends its pages; undefined: nowhere, they are only shown. */
  readonly webhookUrl?: string;
  /** Ends the wait until both answer. */
  readonly signal?: AbortSignal;
}

/** Prometheus and Alertmanager with the shipped rules. */
export interface Monitoring {
  readonly prometheusUrl: string;
  readonly alertmanagerUrl: string;
  /** Ends both and removes what they stored. */
  readonly close: () => Promise<void>;
}

/** The names of the programs that are not installed. */
export const missingPrograms = (): readonly string[] =>
  (['prometheus', 'alertmanager'] as const).filter((program) => findProgram(program) === undefined);

/**
 * Starts both on loopback, on their usual ports where those are free. Rejects when one does not come up, and with the
 * signal's reason once that is aborted.
 */
export async function startMonitoring({
  targets,
  speed,
  webhookUrl,
  signal = new AbortController().signal,
}: MonitoringOptions): Promise<Monitoring> {
  signal.throwIfAborted();
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-demo-'));
  const [prometheusPort, alertmanagerPort] = [await freePort(9090), await freePort(9093)];
  writeRules(directory, speed);
  writeFileSync(
    join(directory, 'prometheus.yaml'),
    stringify(prometheusConfig(targets, speed, alertmanagerPort)),
  );
  writeFileSync(join(directory, 'alertmanager.yaml'), stringify(alertmanagerConfig(webhookUrl)));
  const prometheusUrl = `http://127.0.0.1:${prometheusPort}`;
  const alertmanagerUrl = `http://127.0.0.1:${alertmanagerPort}`;
  const alertmanager = start('alertmanager', [
    `--config.file=${join(directory, 'alertmanager.yaml')}`,
    `--storage.path=${join(directory, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${alertmanagerPort}`,
    '--cluster.listen-address=',
  ]);
  const prometheus = start('prometheus', [
    `--config.file=${join(directory, 'prometheus.yaml')}`,
    `--storage.tsdb.path=${join(directory, 'prometheus')}`,
    `--web.listen-address=127.0.0.1:${prometheusPort}`,
    // A series that ends is gone after five of its own minutes, in the compressed world too.
    `--query.lookback-delta=${compressedDuration('5m', speed)}`,
    '--log.level=error',
  ]);
  const close = async (): Promise<void> => {
    await Promise.all([alertmanager.end(), prometheus.end()]);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await Promise.all([
      prometheus.answers(`${prometheusUrl}/-/ready`, signal),
      alertmanager.answers(`${alertmanagerUrl}/-/ready`, signal),
    ]);
  } catch (error) {
    await close();
    throw error;
  }
  return { prometheusUrl, alertmanagerUrl, close };
}

function writeRules(directory: string, speed: number): void {
  const rules = join(projectRoot(), 'rules');
  mkdirSync(join(directory, 'rules'));
  for (const file of readdirSync(rules).filter((name) => name.endsWith('.yaml'))) {
    writeFileSync(
      join(directory, 'rules', file),
      compressedRules(readFileSync(join(rules, file), 'utf8'), speed),
    );
  }
}

const prometheusConfig = (
  targets: readonly ScrapeTarget[],
  speed: number,
  alertmanagerPort: number,
): object => ({
  global: {
    // Prometheus takes whole seconds here at the least.
    scrape_interval: compressedDuration('1m', Math.min(speed, 60)),
    scrape_timeout: compressedDuration('1m', Math.min(speed, 60)),
    evaluation_interval: compressedDuration('1m', Math.min(speed, 60)),
  },
  rule_files: ['rules/*.yaml'],
  alerting: { alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }] },
  scrape_configs: targets.map(({ job, url, labels }, index) => ({
    job_name: `${job}-${index}`,
    honor_labels: true,
    metrics_path: new URL(url).pathname,
    static_configs: [{ targets: [new URL(url).host], labels }],
  })),
});

const alertmanagerConfig = (webhookUrl: string | undefined): object => ({
  route: {
    receiver: 'demo',
    group_by: ['alertname'],
    group_wait: '1s',
    group_interval: '1s',
    repeat_interval: '1h',
  },
  receivers: [
    {
      name: 'demo',
      ...(webhookUrl === undefined ? {} : { webhook_configs: [{ url: webhookUrl, send_resolved: true }] }),
    },
  ],
});

function start(program: 'prometheus' | 'alertmanager', args: readonly string[]): ChildProgram {
  const path = findProgram(program);
  if (path === undefined) throw new Error(`${program} is not installed`);
  return new ChildProgram(program, path, args);
}

/** The port if it is free, else any free one. */
async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      if (address !== null && typeof address === 'object') return address.port;
    } catch {
      // Taken: the next attempt asks for any.
    } finally {
      server.close();
    }
  }
  throw new Error('no free port');
}
