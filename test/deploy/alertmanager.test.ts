import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../simulator/demo/programs.ts';
import { isAlert, readRuleFiles, rulesOf } from '../../tools/rules/rule-files.ts';
import { at, objectsOfFile, ROOT } from './manifests.ts';

const CONFIG = join(ROOT, 'deploy/alertmanager/alertmanager.yaml');
const OURS = 'kubernetes_operator_component=freezewatch';
const alerts = rulesOf(readRuleFiles(join(ROOT, 'rules'))).filter(isAlert);

describe('the examples of deploy/alertmanager', () => {
  const amtool = findProgram('amtool');

  before(function () {
    if (amtool !== undefined) return;
    process.stderr.write('SKIPPED: the examples for Alertmanager: there is no amtool\n');
    this.skip();
  });
  const run = (...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(amtool ?? '', args, { encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
    return stdout;
  };

  it('is a configuration that Alertmanager takes', () => {
    assert.match(run('check-config', CONFIG), /SUCCESS/);
  });

  for (const [labels, receiver] of [
    [[OURS, 'severity=critical', 'alertname=HarvesterVMFreezeLoop'], 'on-call'],
    [[OURS, 'severity=warning', 'alertname=HarvesterVMBackupError'], 'tickets'],
    [[OURS, 'severity=info', 'alertname=HarvesterVMBackupUnverified'], 'nobody'],
    [['severity=critical', 'alertname=KubeNodeNotReady'], 'nobody'],
  ] as const) {
    it(`sends ${labels.join(' ')} to ${receiver}`, () => {
      run('config', 'routes', 'test', `--config.file=${CONFIG}`, `--verify.receivers=${receiver}`, ...labels);
    });
  }

  it('routes by a label that every alert has', () => {
    assert.ok(alerts.length > 20);
    for (const { alert, labels } of alerts)
      assert.equal(labels.kubernetes_operator_component, 'freezewatch', alert);
  });

  it('inhibits only alerts that exist', () => {
    const names = new Set(alerts.map(({ alert }) => alert));
    const named = readFileSync(CONFIG, 'utf8').match(/(?:Harvester|Freezewatch)\w+/g) ?? [];
    assert.ok(named.length > 5);
    assert.deepEqual(
      named.filter((name) => !names.has(name)),
      [],
    );
  });

  it('has for Harvester the same matchers, in a namespace that gets alerts', () => {
    const [config] = objectsOfFile('deploy/alertmanager/alertmanagerconfig.yaml');
    assert.equal(config?.metadata.namespace, 'harvester-system');
    assert.deepEqual(at(config, 'spec.route.matchers.0'), {
      name: 'kubernetes_operator_component',
      matchType: '=',
      value: 'freezewatch',
    });
  });
});
