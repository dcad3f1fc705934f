import assert from 'node:assert/strict';
import { findStuckFrozen } from '../../src/findings/filesystem-frozen.ts';
import { MINUTE_MS, NOW_MS, aView, aVmi, anErrorBackup } from '../builders.ts';

describe('a VM that stays frozen', () => {
  it('is found long after the last freeze call', () => {
    const view = aView({
      vmis: [aVmi({ frozen: true })],
      freezes: { 'prod/db': { lastFreezeMs: NOW_MS - 6 * MINUTE_MS } },
    });
    assert.deepEqual(findStuckFrozen(view), [
      {
        id: 'HarvesterVMFilesystemStuckFrozen',
        severity: 'critical',
        title: 'The file systems of VM prod/db stay frozen',
        subject: { namespace: 'prod', vm: 'db', node: 'node-1' },
        evidence: [
          { label: 'Last freeze call', value: '6 min ago' },
          { label: 'Guest agent', value: 'connected' },
        ],
        explanation:
          'Every write of the guest hangs until it is thawed. Its backup program died, or the thaw failed.',
        remedy: {
          text: 'Thaw it through its launcher; if the guest agent does not answer, only a reset of the VM helps.',
          commands: [
            'kubectl exec -n prod -c compute "$(kubectl get pod -n prod -l kubevirt.io/created-by=uid-of-prod-db --field-selector status.phase=Running -o name)" -- virsh domfsthaw prod_db',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMFilesystemStuckFrozen.md',
      },
    ]);
  });

  it('leaves alone: a VM that is being backed up', () => {
    const view = aView({
      vmis: [aVmi({ frozen: true })],
      freezes: { 'prod/db': { lastFreezeMs: NOW_MS - MINUTE_MS } },
    });
    assert.deepEqual(findStuckFrozen(view), []);
  });

  it('leaves alone: a VM in a loop, which is found as such', () => {
    const view = aView({ vmis: [aVmi({ frozen: true })], vmBackups: [anErrorBackup()] });
    assert.deepEqual(findStuckFrozen(view), []);
  });
});
