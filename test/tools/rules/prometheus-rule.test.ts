import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { prometheusRule } from '../../../tools/rules/prometheus-rule.ts';
import { ruleFile } from '../../../tools/rules/rule-files.ts';

const file = (name: string, alert: string) =>
  ruleFile(
    name,
    `groups: [{ name: g-${alert}, interval: 1m, rules: [{ record: a, expr: up }, { alert: ${alert}, expr: up, for: 5m, labels: {}, annotations: { runbook_url: old } }] }]`,
  );

describe('the PrometheusRule', () => {
  it('holds every group of the files for one cluster, with the runbooks of the site', () => {
    const text = prometheusRule([file('a.yaml', 'A'), file('multi-cluster.yaml', 'B')], 'http://wiki/%s');
    assert.match(text, /^# Generated .*\n/);
    assert.deepEqual(parse(text), {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: {
        name: 'freezewatch',
        namespace: 'cattle-monitoring-system',
        labels: { 'app.kubernetes.io/name': 'freezewatch', 'app.kubernetes.io/component': 'rules' },
      },
      spec: {
        groups: [
          {
            name: 'g-A',
            interval: '1m',
            rules: [
              { record: 'a', expr: 'up' },
              {
                alert: 'A',
                expr: 'up',
                for: '5m',
                labels: {},
                annotations: { runbook_url: 'http://wiki/A' },
              },
            ],
          },
        ],
      },
    });
  });

  it('is refused for a file that holds no groups', () => {
    assert.throws(() => ruleFile('a.yaml', 'groups: 1'), /a\.yaml: expected groups/);
  });
});
