import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { findProgram } from '../../simulator/demo/programs.ts';
import { describeChart } from './chart.ts';
import { at, objectsOfFile, theOne, type Manifest } from './manifests.ts';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly keep_firing_for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const groupsOf = (objects: readonly Manifest[]): readonly { readonly rules: readonly Partial<Alert>[] }[] =>
  at(theOne(objects, 'PrometheusRule'), 'spec.groups') as readonly {
    readonly rules: readonly Partial<Alert>[];
  }[];
const alertsOf = (objects: readonly Manifest[]): readonly Alert[] =>
  groupsOf(objects)
    .flatMap(({ rules }) => rules)
    .filter((rule): rule is Alert => rule.alert !== undefined);
const alertNamed = (objects: readonly Manifest[], name: string): Alert | undefined =>
  alertsOf(objects).find(({ alert }) => alert === name);

const SWITCHED = 'HarvesterVMBackupUnverified';
const CHANGED = 'HarvesterVMBackupError';
const defaults = objectsOfFile('deploy/freezewatch.yaml');

describeChart('the PrometheusRule of the chart', (chart) => {
  it('leaves out an alert that is switched off, and only that one', () => {
    const names = alertsOf(chart.render(`prometheusRule.alerts.${SWITCHED}.enabled=false`)).map(
      ({ alert }) => alert,
    );
    const all = alertsOf(defaults).map(({ alert }) => alert);
    assert.ok(all.includes(SWITCHED));
    assert.deepEqual(
      names,
      all.filter((name) => name !== SWITCHED),
    );
  });

  it('replaces the times and severity of one alert, adds labels and annotations, and touches no other', () => {
    const override = `prometheusRule.alerts.${CHANGED}`;
    const objects = chart.render(
      `${override}.for=42m`,
      `${override}.keepFiringFor=7m`,
      `${override}.severity=critical`,
      `${override}.labels.team=storage`,
      `${override}.annotations.dashboard=https://example.org/d/1`,
    );
    const before = alertNamed(defaults, CHANGED);
    assert.ok(before);
    assert.deepEqual(alertNamed(objects, CHANGED), {
      ...before,
      for: '42m',
      keep_firing_for: '7m',
      labels: { ...before.labels, severity: 'critical', team: 'storage' },
      annotations: { ...before.annotations, dashboard: 'https://example.org/d/1' },
    });
    const others = (all: readonly Alert[]): readonly Alert[] => all.filter(({ alert }) => alert !== CHANGED);
    assert.deepEqual(others(alertsOf(objects)), others(alertsOf(defaults)));
  });

  it('with namespaceOverride puts every alert into that namespace, and keeps its own as vm_namespace', () => {
    const alerts = alertsOf(chart.render('prometheusRule.namespaceOverride=alerts'));
    assert.equal(alerts.length, alertsOf(defaults).length);
    for (const { alert, labels } of alerts) {
      assert.equal(labels.namespace, 'alerts', alert);
      assert.equal(labels.vm_namespace, '{{ $labels.namespace }}', alert);
    }
  });

  it('points to the runbooks of a site without the internet', () => {
    for (const { alert, annotations } of alertsOf(
      chart.render('prometheusRule.runbookUrl=https://wiki.example.org/%s.html'),
    ))
      assert.equal(annotations.runbook_url, `https://wiki.example.org/${alert}.html`);
  });

  it('adds labels to every alert, and keeps out the files that are not wanted', () => {
    const alerts = alertsOf(
      chart.render(
        'prometheusRule.additionalAlertLabels.site=a',
        'prometheusRule.disabledFiles={backup,target}',
      ),
    );
    assert.ok(alerts.every(({ labels }) => labels.site === 'a'));
    assert.deepEqual(
      alerts.filter(({ alert }) => /^Harvester(?:VMBackup(?!Freeze)|BackupTarget)/.test(alert)),
      [],
    );
    assert.ok(alerts.some(({ alert }) => alert === 'HarvesterVMFreezeLoop'));
  });

  it('is what promtool calls valid, by default and changed', function () {
    const promtool = findProgram('promtool');
    if (promtool === undefined) {
      process.stderr.write('SKIPPED: there is no promtool to check the PrometheusRule with\n');
      this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), 'freezewatch-rules-'));
    try {
      const override = ['prometheusRule.namespaceOverride=alerts', `prometheusRule.alerts.${CHANGED}.for=1h`];
      for (const objects of [chart.render(), chart.render(...override)]) {
        const file = join(folder, 'rules.yaml');
        writeFileSync(file, stringify({ groups: groupsOf(objects) }, { lineWidth: 0 }));
        assertPasses(promtool, ['check', 'rules', file]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('with namespaceOverride still names the VM namespace, in labels and text', function () {
    const promtool = findProgram('promtool');
    if (promtool === undefined) {
      process.stderr.write('SKIPPED: there is no promtool to evaluate the PrometheusRule with\n');
      this.skip();
    }
    const folder = mkdtempSync(join(tmpdir(), 'freezewatch-rules-'));
    try {
      const groups = groupsOf(chart.render('prometheusRule.namespaceOverride=alerts'));
      writeFileSync(join(folder, 'rules.yaml'), stringify({ groups }, { lineWidth: 0 }));
      writeFileSync(join(folder, 'test.yaml'), stringify(overrideTest(alertNamed(defaults, CHANGED))));
      assertPasses(promtool, ['test', 'rules', join(folder, 'test.yaml')]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function assertPasses(promtool: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(promtool, args, { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
}

/** A promtool test: a VMBackup of team-a/web-01 in error, and its alert in namespace `alerts`. */
function overrideTest(alert: Alert | undefined): object {
  assert.ok(alert);
  const labels =
    'namespace="team-a",vm="web-01",vmbackup="nightly",state="error",reason="not_found",origin="native"';
  const series = `harvester_vmbackup_problem{${labels}}`;
  const test = `alert:${CHANGED}`;
  const expectation = {
    expr: `count by (alertname, namespace, vm_namespace, vm) (ALERTS{alertname="${CHANGED}",alertstate="firing"})`,
    eval_time: '30m',
    exp_samples: [
      { labels: `{alertname="${CHANGED}",namespace="alerts",vm_namespace="team-a",vm="web-01"}`, value: 1 },
    ],
  };
  return {
    rule_files: ['rules.yaml'],
    evaluation_interval: '1m',
    tests: [
      {
        name: test,
        interval: '1m',
        input_series: [{ series, values: '1x60' }],
        promql_expr_test: [expectation],
      },
    ],
  };
}
