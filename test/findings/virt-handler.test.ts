import assert from 'node:assert/strict';
import { findVirtHandlerTrouble } from '../../src/findings/virt-handler.ts';
import { HOUR_MS, MINUTE_MS, NOW_MS, aPodMemory, aView, aVirtHandler } from '../builders.ts';

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
});
