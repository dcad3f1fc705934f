import assert from 'node:assert/strict';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';
import { ALERT_BOUNDS, boundValue, falling, rising } from '../../tools/dashboards/alert-bounds.ts';
import { dashboardPath } from '../../tools/dashboards/alert-panels.ts';
import { boards } from '../../tools/dashboards/generated-dashboards.ts';
import { isAlert, readRuleFiles, rulesOf } from '../../tools/rules/rule-files.ts';
import { dashboards } from './dashboards.ts';

const rules = rulesOf(readRuleFiles(join(projectRoot(), 'rules')));
const alerts = rules.filter(isAlert);
const expressionOf = (name: string): string =>
  rules.find((rule) => (isAlert(rule) ? rule.alert : rule.record) === name)?.expr ?? `no rule ${name}`;

describe('the thresholds of the dashboards', () => {
  for (const bound of Object.values(ALERT_BOUNDS)) {
    it(`are those of the alerts: ${bound.alert} ${bound.comparison}`, () => {
      const numbers = bound.comparison.replaceAll(/[*]/g, '\\*');
      assert.match(expressionOf(bound.rule), new RegExp(`${numbers}(?![\\d.]| \\*)`));
      const alert = alerts.find((each) => each.alert === bound.alert);
      assert.equal(alert?.labels.severity, bound.severity);
      if (bound.rule !== bound.alert)
        assert.ok(alert.expr.includes(bound.rule), `${bound.alert} reads ${bound.rule}`);
    });
  }

  it('are in the unit of the metric', () => {
    assert.equal(boundValue(ALERT_BOUNDS.exhaustionSoon), 14_400);
    assert.equal(boundValue(ALERT_BOUNDS.memoryHigh), 0.9);
  });

  it('are worst at the top where a value should stay small, and at the bottom where it should stay large', () => {
    assert.deepEqual(rising(ALERT_BOUNDS.targetShared, ALERT_BOUNDS.targetConflict), [
      { value: 0, colour: 'green' },
      { value: 2, colour: 'orange' },
      { value: 3, colour: 'red' },
    ]);
    assert.deepEqual(falling(ALERT_BOUNDS.exhaustionImminent, ALERT_BOUNDS.exhaustionSoon), [
      { value: 0, colour: 'red' },
      { value: 900, colour: 'orange' },
      { value: 14_400, colour: 'green' },
    ]);
  });
});

describe('the panel of an alert', () => {
  for (const { alert, annotations } of alerts) {
    it(`exists, with the variables it sets: ${alert}`, () => {
      const path = annotations.dashboard ?? '';
      const [, uid, panel] = /^\/d\/([\w-]+)\?viewPanel=(\d+)\{\{ with \$labels\.cluster/.exec(path) ?? [];
      const found = [...dashboards.values()].find((each) => each.uid === uid);
      assert.ok(found, path);
      assert.ok(found.panels.some(({ id, type }) => id === Number(panel) && type !== 'row'));
      for (const [, variable] of path.matchAll(/&var-(\w+)=/g))
        assert.ok(
          found.templating.list.some(({ name }) => name === variable),
          variable,
        );
    });
  }

  it('is a path below Grafana, with the labels the alert has', () => {
    assert.equal(
      dashboardPath('freeze/Goroutines by (node)', boards()),
      '/d/freezewatch-freeze?viewPanel=21{{ with $labels.cluster }}&var-cluster={{ . | urlquery }}{{ end }}{{ with $labels.node }}&var-node={{ . | urlquery }}{{ end }}',
    );
  });

  const UNKNOWN = [
    ['Goroutines', /^Error: expected "board\/title of a panel by \(labels\)": Goroutines$/],
    ['frost/Goroutines', /^Error: there is no dashboard frost: frost\/Goroutines$/],
    ['freeze/Gophers by (node)', /^Error: dashboard freeze has no panel "Gophers"$/],
    [
      'freeze/Goroutines by (rack)',
      /^Error: dashboard freeze has no variable rack: freeze\/Goroutines by \(rack\)$/,
    ],
  ] as const;
  for (const [name, problem] of UNKNOWN) {
    it(`is refused by name where there is none: ${name}`, () => {
      assert.throws(() => dashboardPath(name, boards()), problem);
    });
  }
});
