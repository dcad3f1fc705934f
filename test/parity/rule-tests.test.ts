import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../../src/project-root.ts';
import { dueAt, hasFinding, isSame, minutesOf, saidByAlert, textOf, TIMINGS } from './agreement.ts';
import { EXPLAINED, isComparable, NOT_IN_SERIES, ONE_SIDED } from './explained.ts';
import { findingsOfSeries } from './findings-of-series.ts';
import { seriesOf } from './promtool-series.ts';

/** What promtool asserts of our rules; every scalar is text, since `0x80` is no number of YAML's here. */
const ruleTests = z.object({
  tests: z.array(
    z.object({
      name: z.string(),
      input_series: z.array(z.object({ series: z.string(), values: z.string() })),
      alert_rule_test: z
        .array(
          z.object({
            alertname: z.string(),
            eval_time: z.string(),
            exp_alerts: z.array(z.object({ exp_labels: z.record(z.string(), z.string()) })).default([]),
          }),
        )
        .default([]),
    }),
  ),
});

const folder = join(projectRoot(), 'test', 'rules');

describe('what promtool asserts of an alert', () => {
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.test.yaml'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    const { tests } = ruleTests.parse(parse(text, { schema: 'failsafe' }));
    for (const { name, input_series, alert_rule_test } of tests) {
      const asserted = alert_rule_test.filter(({ alertname }) => isComparable(alertname));
      if (asserted.length === 0) continue;
      it(`is what the page shows: ${file.replace('.test.yaml', '')}, ${name}`, () => {
        const findingsAt = findingsOfSeries(
          input_series.map(({ series, values }) => seriesOf(series, values)),
        );
        const differences = asserted.flatMap(({ alertname, eval_time, exp_alerts }) => {
          const minute = minutesOf(eval_time);
          const alerts = exp_alerts.map(({ exp_labels }) => saidByAlert(alertname, exp_labels));
          const missing = alerts.filter((alert) => !hasFinding(alert, findingsAt, minute));
          const tooMuch = dueAt(findingsAt, minute, (id) => id === alertname).filter(
            (finding) => !alerts.some((alert) => isSame(alert, finding)),
          );
          return [
            ...missing.map((said) => `only the alert at ${eval_time}: ${textOf(said)}`),
            ...tooMuch.map((said) => `only the finding at ${eval_time}: ${textOf(said)}`),
          ];
        });
        assert.deepEqual(differences, []);
      });
    }
  }
});

describe('the tables of what is not compared', () => {
  it('name alerts that exist', () => {
    const named = [
      ...Object.keys(EXPLAINED),
      ...Object.keys(NOT_IN_SERIES),
      ...ONE_SIDED.map(({ id }) => id),
    ];
    assert.deepEqual(
      named.filter((id) => !TIMINGS.has(id)),
      [],
    );
  });
});
