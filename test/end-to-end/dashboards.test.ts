import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type Monitoring, missingPrograms, startMonitoring } from '../../simulator/demo/monitoring.ts';
import { projectRoot } from '../../src/project-root.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { scenarioNamed } from '../../simulator/scenarios.ts';
import { PEER_METRICS_PATH } from '../../simulator/simulation.ts';
import { type DashboardFile, readDashboards } from '../../tools/preview/dashboard-file.ts';
import { panelData } from '../../tools/preview/panel-data.ts';
import { PrometheusClient } from '../../tools/preview/prometheus.ts';
import { type Choice, offeredVariables, type Variable } from '../../tools/preview/variables.ts';
import { eventually, when } from './deadline.ts';
import { type WatchedSimulation, watchedSimulation } from './watched-simulation.ts';

const SPEED = 60;
/** Enough that virt-handler is killed within the test, and not before a forecast was seen. */
const ALREADY_LEAKED_CALLS = 11_500;
const FILLED_WITHIN_MS = 170_000;

const incident: Scenario = {
  ...scenarioNamed('incident'),
  begin: (world) => {
    const scenes = scenarioNamed('incident').begin(world);
    world.cluster('prod').handlers.get('node-2')?.preload(ALREADY_LEAKED_CALLS);
    return scenes;
  },
};

/** The dashboards on a real Prometheus that scrapes exporters of two clusters: one without a label `cluster`, one with. */
describe('the dashboards', function () {
  this.timeout(FILLED_WITHIN_MS + 30_000);
  const dashboards = readDashboards(join(projectRoot(), 'grafana'));
  let simulations: readonly WatchedSimulation[] = [];
  let monitoring: Monitoring | undefined;
  let prometheus: PrometheusClient;
  /** Which queries have not had an answer yet. */
  let unanswered: readonly string[] = [];

  before('a Prometheus that has scraped the incident', async () => {
    assert.deepEqual(missingPrograms(), []);
    simulations = await Promise.all(
      [incident, scenarioNamed('schedule-trouble')].map((scenario) => watchedSimulation(scenario, SPEED)),
    );
    const labels = [{}, { cluster: 'branch' }];
    monitoring = await startMonitoring({
      speed: SPEED,
      targets: simulations.flatMap(({ clusters }, index) =>
        clusters.flatMap(({ url, simulated }) => [
          { job: 'freezewatch', url: `${url}/metrics`, labels: labels[index] ?? {} },
          { job: 'peers', url: `${simulated.url}${PEER_METRICS_PATH}`, labels: labels[index] ?? {} },
        ]),
      ),
    });
    prometheus = new PrometheusClient(monitoring.prometheusUrl);
    for (const { clock } of simulations) clock.start();
    const answered = new Set<string>();
    await eventually(
      async () => {
        const all = await answers(dashboards, prometheus, new Map());
        for (const { query, series } of all) if (series > 0) answered.add(query);
        unanswered = all.map(({ query }) => query).filter((query) => !answered.has(query));
        return when(unanswered.length === 0);
      },
      { within: FILLED_WITHIN_MS, every: 3_000, describe: () => `no data in ${unanswered.join('; ')}` },
    );
  });

  after(async () => {
    await monitoring?.close();
    await Promise.all(simulations.map((simulation) => simulation.close()));
  });

  it('have data in every query of every panel, once the incident was played', () => {
    assert.deepEqual(unanswered, []);
  });

  it('offer something in every variable', async () => {
    for (const [name, dashboard] of dashboards) {
      for (const { name: variable, offered } of await offeredVariables(dashboard, prometheus)) {
        assert.ok(offered.length > 0, `${name}: $${variable} offers nothing`);
      }
    }
  });

  it('have a valid query in every panel when one value is chosen, or two', async () => {
    for (const count of [1, 2]) {
      for (const dashboard of dashboards.values()) {
        const variables = await offeredVariables(dashboard, prometheus);
        await answers(new Map([['', dashboard]]), prometheus, chosen(variables, count));
      }
    }
  });
});

const chosen = (variables: readonly Variable[], count: number): Choice =>
  new Map(variables.map(({ name, offered }) => [name, offered.slice(0, count)]));

interface AnswerCount {
  readonly query: string;
  readonly series: number;
}

/** How many series each query of each panel has now, with its marks; throws for an invalid one. */
async function answers(
  dashboards: ReadonlyMap<string, DashboardFile>,
  prometheus: PrometheusClient,
  choice: Choice,
): Promise<readonly AnswerCount[]> {
  const counts: AnswerCount[] = [];
  const end = Date.now() / 1_000;
  for (const [file, dashboard] of dashboards) {
    const variables = await offeredVariables(dashboard, prometheus);
    const question = {
      ...{ prometheus, variables, choice },
      range: { start: end - 120, end },
      pace: { speed: SPEED, stepSeconds: 1 },
    };
    const marks = dashboard.annotations.list.map(({ name, expr }) => ({
      ...{ id: 0, type: 'annotation', title: name, gridPos: { x: 0, y: 0, w: 0, h: 0 } },
      targets: [{ refId: 'A', expr }],
    }));
    for (const panel of [...dashboard.panels, ...marks]) {
      for (const { refId, series } of await panelData(panel, question)) {
        counts.push({ query: `${file} / ${panel.title} / ${refId}`, series: series.length });
      }
    }
  }
  return counts;
}
