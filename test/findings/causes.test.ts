import assert from 'node:assert/strict';
import { bounded, chainOf, linked, roots } from '../../src/findings/causes.ts';
import type { Finding, Severity } from '../../src/findings/finding.ts';
import { reportOf } from '../../src/findings/report.ts';
import { textReport } from '../../src/findings/text-report.ts';
import { anErrorBackup, aView } from '../builders.ts';
import { statusPage } from '../../src/http/status-page/page.ts';
import { incidentView } from '../http/status-page/incident.ts';

const aFinding = (id: string, severity: Severity, subject: Finding['subject']): Finding => ({
  id,
  severity,
  title: `${id} of ${subject.vm ?? subject.node ?? ''}`,
  subject,
  evidence: [],
  explanation: '',
  remedy: { text: '', commands: [] },
  runbook: 'https://example.org/',
});
const loop = aFinding('HarvesterVMFreezeLoop', 'critical', {
  namespace: 'prod',
  vm: 'db',
  node: 'node-1',
  vmbackups: ['weekly'],
});
const killed = aFinding('HarvesterVirtHandlerOOMKilled', 'critical', { node: 'node-1' });
const killedElsewhere = aFinding('HarvesterVirtHandlerOOMKilled', 'critical', { node: 'node-2' });
const shared = aFinding('HarvesterBackupTargetShared', 'warning', { target: 's3://a/b' });
const stale = aFinding('HarvesterVMBackupStale', 'warning', { namespace: 'prod', vm: 'web' });
const view = aView({ vmBackups: [anErrorBackup()] });

const chains = (findings: readonly Finding[]): readonly (readonly string[])[] => {
  const all = linked(findings, view);
  return roots(all).map((root) => chainOf(root, all).map(({ key }) => key));
};

describe('linked findings', () => {
  it('put the cause before its effects: target, loop, killed virt-handler of the same node', () => {
    assert.deepEqual(chains([stale, killedElsewhere, killed, loop, shared]), [
      [
        'HarvesterBackupTargetShared',
        'HarvesterVMFreezeLoop.prod.db.node-1',
        'HarvesterVirtHandlerOOMKilled.node-1',
      ],
      ['HarvesterVirtHandlerOOMKilled.node-2'],
      ['HarvesterVMBackupStale.prod.web'],
    ]);
  });

  it('do not blame a target for a backup that failed for another reason', () => {
    const all = linked([loop, shared], aView({ vmBackups: [anErrorBackup({ error: 'freeze_failed' })] }));
    assert.deepEqual(roots(all).length, 2);
  });

  it('name causes and effects by their keys', () => {
    const all = linked([killed, loop], view);
    assert.deepEqual(
      all.map(({ key, causes, effects }) => ({ key, causes, effects })),
      [
        {
          key: 'HarvesterVMFreezeLoop.prod.db.node-1',
          causes: [],
          effects: ['HarvesterVirtHandlerOOMKilled.node-1'],
        },
        {
          key: 'HarvesterVirtHandlerOOMKilled.node-1',
          causes: ['HarvesterVMFreezeLoop.prod.db.node-1'],
          effects: [],
        },
      ],
    );
  });

  it('have keys of their own', () => {
    const keys = linked(
      [stale, stale, killed, killed].map((each) => ({ ...each })),
      view,
    ).map(({ key }) => key);
    assert.equal(new Set(keys).size, 4);
  });

  it('lose none: each is shown once', () => {
    const { findings } = reportOf(incidentView());
    const shown = roots(findings).flatMap((root) => chainOf(root, findings));
    assert.deepEqual(shown, findings);
  });
});

describe('a thousand VMs with one trouble', () => {
  const failing = Array.from({ length: 1_000 }, (_, index) =>
    anErrorBackup({
      name: `nightly-${index}`,
      vm: `vm-${index}`,
      error: 'volumesnapshot_error',
      imported: false,
    }),
  );
  const report = reportOf(aView({ vmBackups: failing }));

  it('are some findings in full and the rest by name', () => {
    const { whole, titles } = bounded(roots(report.findings), 5);
    assert.equal(whole.length + titles.length, roots(report.findings).length);
    assert.ok(whole.length <= 10);
  });

  it('fit on a page of less than 300 KB, and in less than 200 lines', () => {
    const context = { clusterName: '', version: '', telemetryPath: '/metrics', waitingFor: [] };
    assert.ok(statusPage(report, context).length < 300_000);
    assert.ok(textReport('Cluster prod', report, { colour: false }).split('\n').length < 200);
  });

  it('are all there when asked for', () => {
    const text = textReport('Cluster prod', report, { colour: false, verbose: true });
    assert.ok(text.includes('vm-999'));
  });
});
