import assert from 'node:assert/strict';
import { findFailingFreezes } from '../../src/findings/freeze-failing.ts';
import { HOUR_MS, MINUTE_MS, NOW_MS, aView, aVmi } from '../builders.ts';

describe('freezes that fail', () => {
  it('are found after three within an hour, none of which worked', () => {
    const view = aView({
      vmis: [aVmi({ agentConnected: false })],
      freezeHistories: { 'prod/db': [{ refused: 1 }, {}, { refused: 1, reached: 1 }, { refused: 1 }] },
    });
    assert.deepEqual(findFailingFreezes(view), [
      {
        id: 'HarvesterVMFreezeFailing',
        severity: 'warning',
        title: 'Freezing or thawing VM prod/db fails',
        subject: { namespace: 'prod', vm: 'db', node: 'node-1' },
        evidence: [
          { label: 'Freeze calls of the last hour', value: '3, all failed' },
          { label: 'Guest agent', value: 'not connected' },
          { label: 'Phase', value: 'Running' },
        ],
        explanation:
          'Backups made meanwhile are not consistent for applications. A guest agent that hangs, a paused VM, or a file system the agent cannot freeze are the usual causes.',
        remedy: {
          text: 'See whether the VM is paused and whether its agent is connected; restart the agent in the guest.',
          commands: [
            `kubectl get virtualmachineinstances.kubevirt.io -n prod db -o 'jsonpath={range .status.conditions[*]}{.type}={.status}{"\\n"}{end}'`,
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMFreezeFailing.md',
      },
    ]);
  });

  it('are found by the launcher that could not thaw the VM within the hour', () => {
    const failedAgo = (ms: number) =>
      findFailingFreezes(
        aView({ vmis: [aVmi()], launcherEvents: { 'prod/db': { lastUnfreezeFailureMs: NOW_MS - ms } } }),
      ).map(({ id, evidence }) => [id, evidence[0]?.value]);
    assert.deepEqual(failedAgo(5 * MINUTE_MS), [['HarvesterVMFreezeFailing', '5 min ago']]);
    assert.deepEqual(failedAgo(HOUR_MS), []);
  });

  it('leaves alone: two failures, one of many, and those of a log that is not read', () => {
    const found = (history: readonly object[], countsFreezes = true) =>
      findFailingFreezes(aView({ vmis: [aVmi()], countsFreezes, freezeHistories: { 'prod/db': history } }));
    assert.deepEqual(found([{ refused: 2 }]), []);
    assert.deepEqual(found([{ refused: 9 }, { succeeded: 1, reached: 1 }]), []);
    assert.deepEqual(found([{ refused: 9 }], false), []);
  });
});
