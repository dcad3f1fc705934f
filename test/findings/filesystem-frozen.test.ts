import assert from 'node:assert/strict';
import { findStuckFrozen } from '../../src/findings/filesystem-frozen.ts';
import type { ClusterView } from '../../src/model/view.ts';
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
          { label: 'Seen frozen since', value: '1 h ago' },
          { label: 'Last freeze call', value: '6 min ago' },
          { label: 'Guest agent', value: 'connected' },
        ],
        explanation:
          'Every write of the guest hangs until it is thawed. Its backup program died, or the thaw failed.',
        remedy: {
          text: 'Thaw it through its launcher, unless a backup program holds the freeze on purpose. The command can end well and thaw nothing, so look at the status afterwards: it is empty once the VM is thawed. If it stays frozen, virsh is the second way; if the guest agent does not answer, only a reset of the VM helps.',
          commands: [
            'kubectl exec -n prod -c compute "$(kubectl get pod -n prod -l kubevirt.io/created-by=uid-of-prod-db --field-selector status.phase=Running -o name)" -- /usr/bin/virt-freezer --unfreeze --name db --namespace prod',
            `kubectl get virtualmachineinstances.kubevirt.io -n prod db -o 'jsonpath={.status.fsFreezeStatus}{"\\n"}'`,
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

  it('leaves alone: a VM that a hook inside the launcher froze seconds ago, without any call', () => {
    const view = aView({ vmis: [aVmi({ frozen: true })], frozenSinceMsOf: () => NOW_MS - 20_000 });
    assert.deepEqual(findStuckFrozen(view), []);
  });

  it('is found after five minutes, where no call froze it', () => {
    const view = aView({ vmis: [aVmi({ frozen: true })], frozenSinceMsOf: () => NOW_MS - 5 * MINUTE_MS });
    assert.deepEqual(idsOf(view), ['critical HarvesterVMFilesystemStuckFrozen']);
  });

  it('is only told, without a command that thaws, by one look, which cannot know since when', () => {
    const view = aView({ vmis: [aVmi({ frozen: true })], frozenSinceMsOf: () => undefined });
    const [finding] = findStuckFrozen(view);
    assert.deepEqual(idsOf(view), ['info vm-frozen-now']);
    assert.deepEqual(finding?.remedy.commands, [
      `kubectl get virtualmachineinstances.kubevirt.io -n prod db -o 'jsonpath={.status.fsFreezeStatus}{"\\n"}'`,
    ]);
    assert.deepEqual(finding.evidence[0], {
      label: 'Frozen since',
      value: 'unknown: one look cannot tell',
    });
  });

  it('is found by the launcher that could not thaw it, with any status', () => {
    const view = aView({
      vmis: [aVmi({ frozen: true })],
      frozenSinceMsOf: () => NOW_MS - 20_000,
      launcherEvents: { 'prod/db': { lastUnfreezeFailureMs: NOW_MS - 7 * MINUTE_MS } },
    });
    assert.deepEqual(idsOf(view), ['critical HarvesterVMFilesystemStuckFrozen']);
  });
});

const idsOf = (view: ClusterView): readonly string[] =>
  findStuckFrozen(view).map(({ id, severity }) => `${severity} ${id}`);
