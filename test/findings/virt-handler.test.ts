import assert from 'node:assert/strict';
import { findVirtHandlerTrouble } from '../../src/findings/virt-handler.ts';
import {
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  aPodMemory,
  aView,
  aVirtHandler,
  aVmi,
  type ViewOverrides,
} from '../builders.ts';

describe('trouble of virt-handler', () => {
  it('is found after an OOM kill, and near the limit', () => {
    const view = aView({
      virtHandlers: [aVirtHandler({ container: { oomKilledMs: NOW_MS - 10 * MINUTE_MS, restarts: 2 } })],
      virtHandlerMemory: [aPodMemory(1_600_000_000)],
    });
    assert.deepEqual(findVirtHandlerTrouble(view), [
      {
        id: 'HarvesterVirtHandlerOOMKilled',
        severity: 'critical',
        title: 'virt-handler on node node-1 was killed because it reached its memory limit',
        subject: { namespace: 'harvester-system', node: 'node-1' },
        evidence: [
          { label: 'Killed', value: '2025-03-05 11:50:00 UTC, 10 min ago' },
          { label: 'Restarts', value: '2' },
          { label: 'Memory', value: '1.5 GiB of 1.6 GiB' },
          { label: 'KubeVirt', value: '1.2.2' },
          { label: 'VMs in a freeze loop there', value: 'none seen' },
        ],
        explanation:
          'While it restarts, VMs of the node cannot be started, migrated or stopped. Raising the limit only makes it later: something leaks.',
        remedy: {
          text: 'Stop the freeze loops of the node; without them the memory does not grow again.',
          commands: ['freezewatch break-loop', 'kubectl describe pod -n harvester-system virt-handler-7xk2p'],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVirtHandlerOOMKilled.md',
      },
      {
        id: 'HarvesterVirtHandlerMemoryHigh',
        severity: 'critical',
        title: 'virt-handler on node node-1 is about to reach its memory limit',
        subject: { namespace: 'harvester-system', node: 'node-1' },
        evidence: [
          { label: 'Memory', value: '1.5 GiB of 1.6 GiB' },
          { label: 'KubeVirt', value: '1.2.2' },
          { label: 'VMs in a freeze loop there', value: 'none seen' },
        ],
        explanation:
          'At the limit the kernel kills it, in the middle of whatever it does for the VMs of the node.',
        remedy: {
          text: 'Stop the freeze loops of the node, then restart virt-handler at a moment you choose: running VMs stay up.',
          commands: ['freezewatch break-loop', 'kubectl delete pod -n harvester-system virt-handler-7xk2p'],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVirtHandlerMemoryHigh.md',
      },
    ]);
  });

  it('leaves alone: one killed hours ago that uses little', () => {
    const view = aView({
      virtHandlers: [aVirtHandler({ container: { oomKilledMs: NOW_MS - 2 * HOUR_MS } })],
      virtHandlerMemory: [aPodMemory(1_400_000_000)],
    });
    assert.deepEqual(findVirtHandlerTrouble(view), []);
  });

  describe('without a freeze that leaks', () => {
    const killed = (version: string) =>
      aVirtHandler({
        container: { image: `virt-handler:${version}`, oomKilledMs: NOW_MS - 10 * MINUTE_MS, restarts: 1 },
      });
    const found = (version: string, overrides: ViewOverrides = {}) =>
      findVirtHandlerTrouble(
        aView({
          virtHandlers: [killed(version)],
          virtHandlerMemory: [aPodMemory(1_550_000_000)],
          freezesCountedSinceMs: NOW_MS - 2 * HOUR_MS,
          ...overrides,
        }),
      );

    it('blames no freeze, names the other known causes, and what to collect', () => {
      const [finding] = found('1.9.0');
      assert.deepEqual(finding?.evidence.slice(-3), [
        { label: 'VMs in a freeze loop there', value: 'none seen' },
        { label: 'Freezes of VMs there', value: 'none in an hour and more of the log of virt-api' },
        { label: 'This version', value: 'has no known leak by freezes' },
      ]);
      assert.equal(
        finding.explanation,
        "While it restarts, VMs of the node cannot be started, migrated or stopped. Freezes do not explain it, by what was seen and by its version. Other known causes: connections of the migration proxy that stay open (kubevirt#17098, every version); clients of KubeVirt's own VirtualMachineBackup (1.8.0 to 1.9.0); a hung virt-launcher that no longer answers (every version).",
      );
      assert.deepEqual(finding.remedy.commands, [
        'kubectl describe pod -n harvester-system virt-handler-7xk2p',
        'kubectl get virtualmachineinstancemigrations.kubevirt.io -A',
        "kubectl get pods -A -l kubevirt.io=virt-launcher --field-selector 'spec.nodeName=node-1,status.phase=Running'",
      ]);
    });

    for (const version of ['1.5.3', '1.7.4', '1.8.4', '1.9.0']) {
      it(`never leads to break-loop on ${version}, killed or near the limit`, () => {
        const findings = found(version);
        assert.deepEqual(
          findings.map(({ id }) => id),
          ['HarvesterVirtHandlerOOMKilled', 'HarvesterVirtHandlerMemoryHigh'],
        );
        assert.doesNotMatch(JSON.stringify(findings), /break-loop|Stop the freeze loops/);
      });
    }

    it('names the lost clients only of a version that loses them', () => {
      const isNamed = (version: string) => (found(version)[0]?.explanation ?? '').includes('clients lost');
      assert.deepEqual(['1.7.4', '1.8.3', '1.8.4', '1.5.3'].map(isNamed), [true, true, false, false]);
    });

    it('blames no freeze of a leaking version, whose log shows none in an hour', () => {
      assert.doesNotMatch(JSON.stringify(found('1.2.2')), /break-loop/);
      const short = found('1.2.2', { freezesCountedSinceMs: NOW_MS - 30 * MINUTE_MS });
      assert.match(JSON.stringify(short), /break-loop/);
    });
  });

  it('is foreseen from the calls of a loop, and only by a version that leaks', () => {
    const found = (version: string) =>
      findVirtHandlerTrouble(
        aView({
          vmis: [aVmi()],
          virtHandlers: [aVirtHandler({ container: { image: `virt-handler:${version}` } })],
          virtHandlerMemory: [aPodMemory(838_860_800)],
          freezeTrends: { 'prod/db': [...Array.from({ length: 20 }, () => 60), 0] },
        }),
      ).map(({ id, title }) => `${id}: ${title}`);
    assert.deepEqual(found('1.3.1'), [
      'HarvesterFreezeLoopWillExhaustVirtHandler: Freeze loops will fill the memory of virt-handler on node node-1 in 2 h 4 min',
    ]);
    assert.deepEqual(found('1.4.0'), [
      'HarvesterFreezeLoopWillExhaustVirtHandler: Freeze loops will fill the memory of virt-handler on node node-1 in 8 h 45 min',
    ]);
    assert.deepEqual(found('1.7.4'), []);
  });
});
