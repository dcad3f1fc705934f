import assert from 'node:assert/strict';
import { join } from 'node:path';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { projectRoot } from '../../src/project-root.ts';
import { knownMetrics } from '../../tools/rules/known-metrics.ts';
import { expressionFacts } from '../../tools/rules/expression.ts';
import { isAlert, readRuleFiles, rulesOf } from '../../tools/rules/rule-files.ts';
import { interpolated, paced } from '../../tools/preview/variables.ts';
import { dashboards, panelsOf } from './dashboards.ts';

const rules = rulesOf(readRuleFiles(join(projectRoot(), 'rules')));
/** What Prometheus itself adds to alerts, beside what the rules read. */
const KNOWN: ReadonlySet<string> = new Set([...knownMetrics(rules), 'ALERTS_FOR_STATE']);
const COUNTERS: readonly string[] = catalogue
  .filter(({ type }) => type === 'counter')
  .map(({ name }) => name);

interface Expression {
  readonly where: string;
  /** As in the file. */
  readonly written: string;
  /** With values for the variables. */
  readonly expr: string;
}

const expressions: readonly Expression[] = [...dashboards].flatMap(([path, dashboard]) => {
  const variables = dashboard.templating.list.map(({ name, label, allValue = '.*' }) => ({
    name,
    label,
    allValue,
    offered: [],
  }));
  const panels = panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({ title, expr })),
  );
  return [...panels, ...dashboard.annotations.list.map(({ name, expr }) => ({ title: name, expr }))].map(
    ({ title, expr }) => ({
      where: `${path}: ${title}`,
      written: expr,
      expr: paced(interpolated(expr, variables, new Map()), { speed: 1, stepSeconds: 60 }),
    }),
  );
});

describe('an expression of a dashboard', () => {
  for (const { where, written, expr } of expressions) {
    it(`is PromQL of metrics that exist, and of the chosen clusters: ${where}`, () => {
      const { valid, metrics } = expressionFacts(expr);
      assert.ok(valid, expr);
      assert.deepEqual(
        [...metrics].filter((metric) => !KNOWN.has(metric)),
        [],
      );
      assert.ok(!expr.includes('$'), expr);
      assert.ok(written.includes('cluster=~"$cluster|"') || where.startsWith('grafana/fleet.json'), written);
    });
  }

  it('reads counters only by their increase, and with a range that follows the zoom or the alert', () => {
    for (const { where, expr } of expressions) {
      for (const name of COUNTERS) {
        for (const [, before = ''] of expr.matchAll(new RegExp(`(.{0,12})\\b${name}\\b`, 'g'))) {
          assert.match(before, /(?:rate|increase)\($/, `${where}: ${name}`);
        }
      }
    }
  });

  it('reads the records that the alerts read, where there are any', () => {
    const records = rules.filter((rule) => !isAlert(rule)).map((rule) => (isAlert(rule) ? '' : rule.record));
    const read = new Set(expressions.flatMap(({ expr }) => [...expressionFacts(expr).metrics]));
    for (const record of [
      'vm:vmi_freeze_loop:rate10m',
      'virt_handler:memory_limit_ratio',
      'virt_handler:freeze_exhaustion_seconds',
      'target:cluster_uids:count',
    ]) {
      assert.ok(records.includes(record) && read.has(record), record);
    }
  });
});
