import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startMonitoring } from '../../simulator/demo/monitoring.ts';
import { projectRoot } from '../../src/project-root.ts';
import { readDashboards } from './dashboard-file.ts';
import { previewPage } from './preview-page.ts';
import { PrometheusClient } from './prometheus.ts';
import { screenshots, statusPageScreenshots } from './screenshot.ts';
import { targetSpec } from '../../simulator/cluster-spec.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import type { Choice } from './variables.ts';
import { scenarioNamed } from '../../simulator/scenarios.ts';
import { watchedScenario } from './watched-scenario.ts';

/**
 * Redraws docs/images: the dashboards, and the status page; `npm run previews`. Plays the incident beside a cluster whose schedules fail, and
 * takes the pictures four of their hours later, when virt-handler was killed once. Takes about five minutes.
 */
const SPEED = 60;
const PLAYED_SECONDS = 235;
/** Until every exporter and Prometheus have their first values. */
const START_SECONDS = 8;

/** Dashboards that are about several clusters, or show more with two. */
const OF_ALL_CLUSTERS: readonly string[] = ['backups', 'fleet'];
const choiceOf = (dashboard: string): Choice =>
  new Map(OF_ALL_CLUSTERS.includes(dashboard) ? [] : [['cluster', ['prod']]]);

/** The scenario with a bucket of its own. */
const elsewhere = (scenario: Scenario): Scenario => ({
  ...scenario,
  clusters: scenario.clusters.map((cluster) => ({
    ...cluster,
    target: targetSpec({ bucket: 'backups-branch' }),
  })),
});

const root = projectRoot();
const keep = (name: string, picture: Buffer): void => {
  const path = `docs/images/${name}.png`;
  writeFileSync(join(root, path), picture);
  console.log(path);
};
const scenarios = await Promise.all([
  watchedScenario(scenarioNamed('incident'), { cluster: 'prod', speed: SPEED, seed: 1 }),
  watchedScenario(elsewhere(scenarioNamed('schedule-trouble')), { cluster: 'branch', speed: SPEED, seed: 2 }),
]);
const [incident] = scenarios;
const monitoring = await startMonitoring({
  speed: SPEED,
  targets: scenarios.flatMap(({ targets }) => targets),
});
try {
  const start = Date.now() / 1_000 + START_SECONDS;
  console.log(`playing for ${PLAYED_SECONDS} s`);
  await sleep(PLAYED_SECONDS * 1_000);
  const prometheus = new PrometheusClient(monitoring.prometheusUrl);
  const range = { start, end: Date.now() / 1_000 };
  const pages = new Map<string, string>();
  for (const [file, dashboard] of readDashboards(join(root, 'grafana'))) {
    const name = file.replace(/\.json$/, '');
    pages.set(
      name,
      await previewPage(dashboard, { prometheus, range, speed: SPEED, choice: choiceOf(name) }),
    );
  }
  mkdirSync(join(root, 'docs/images'), { recursive: true });
  for (const [name, picture] of await screenshots(pages)) keep(`dashboard-${name}`, picture);
  for (const [name, picture] of await statusPageScreenshots(incident.url)) keep(name, picture);
} finally {
  await monitoring.close();
  await Promise.all(scenarios.map(({ close }) => close()));
}
