import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApi } from '../../src/cluster/api.ts';
import { loadKubeConfig } from '../../src/cluster/kube-config.ts';
import { loadConfig } from '../../src/config/config.ts';
import { createExporter, type Exporter } from '../../src/inputs/exporter.ts';
import { parseFlags } from '../../src/config/flags.ts';
import type { Logger } from '../../src/logger.ts';
import { at, type Manifest, objectsOfFile, theOne } from '../deploy/manifests.ts';
import { accessLine } from '../inputs/embedded-cluster.ts';
import { type InClusterSite, VIRT_API } from './in-cluster-site.ts';

const DEADLINE_MS = 8_000;
export const manifest = objectsOfFile('deploy/freezewatch.yaml');
const RBAC = /^(?:ServiceAccount|(?:Cluster)?Role(?:Binding)?)$/;
const SILENT: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export type Mode = 'off' | 'suspects' | 'all';

/** What the chart installs with `launcherLogs` of that mode (test/deploy/chart.test.ts proves that it is this). */
export const permissions = (mode: Mode): readonly Manifest[] =>
  manifest.filter(
    ({ kind, metadata }) =>
      RBAC.test(kind) && (mode !== 'off' || metadata.name !== 'freezewatch-launcher-logs'),
  );

/** The flags of the installed pod. */
export const argsOf = (mode: Mode): readonly string[] =>
  (at(theOne(manifest, 'Deployment'), 'spec.template.spec.containers.0.args') as readonly string[])
    .slice(1)
    .map((arg) => (arg.startsWith('--launcher-logs=') ? `--launcher-logs=${mode}` : arg));

export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!holds()) {
    if (performance.now() > deadline) assert.fail(`waited in vain: ${what}`);
    await sleep(5);
  }
}

/** The exporter of the installed pod, with the identity that its files give it. */
export async function runExporter(
  site: InClusterSite,
  mode: Mode,
  look: (exporter: Exporter) => Promise<void>,
): Promise<void> {
  const { flags, problems } = parseFlags('serve', argsOf(mode));
  const config = await loadConfig({ command: 'serve', flags, environment: {}, problems });
  const api = createApi(loadKubeConfig({ inClusterPrefix: site.prefix }), { userAgent: 'freezewatch/test' });
  const waits = { firstWaitMs: 10, longestWaitMs: 50, absentWaitMs: 50, forbiddenWaitMs: 50 };
  const exporter = createExporter({ api, config, logger: SILENT, pumpTiming: waits });
  const stop = new AbortController();
  const running = exporter.run(stop.signal);
  try {
    await look(exporter);
  } finally {
    stop.abort();
    await running;
  }
}

export const isUp = (exporter: Exporter, source: string): boolean =>
  exporter.view().sources.find((state) => state.source === source)?.up === true;
/** The sources that were refused since the start, be it only their watch after a list that was granted. */
export const forbidden = (exporter: Exporter): readonly string[] =>
  exporter
    .view()
    .sources.filter(({ errors }) => errors.has('forbidden'))
    .map(({ source }) => source);

/** Waits until everything was read that the mode reads, the launcher's log included. */
export async function allRead(site: InClusterSite, mode: Mode, exporter: Exporter): Promise<void> {
  await until('every kind is listed', () => exporter.waitingFor().length === 0);
  await until('the log of virt-api is read', () => isUp(exporter, 'virt_api_logs'));
  site.logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
  const streams = mode === 'off' ? 1 : 2;
  await until(`${streams} logs are followed`, () => exporter.view().exporter.logStreams === streams);
}
