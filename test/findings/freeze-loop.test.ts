import assert from 'node:assert/strict';
import { findFreezeLoops } from '../../src/findings/freeze-loop.ts';
import type { ClusterView } from '../../src/model/view.ts';
import {
  DAY_MS,
  MINUTE_MS,
  NOW_MS,
  aPodMemory,
  aServerVersion,
  aView,
  aVirtHandler,
  aVmi,
  anErrorBackup,
} from '../builders.ts';

describe('a freeze loop', () => {
  it('is found in the log of virt-api, with the VMBackups that cause it and the memory it costs', () => {
    const view = aView({
      nowMs: NOW_MS + MINUTE_MS - 1,
      vmis: [aVmi()],
      serverVersions: [aServerVersion('v1.4.1')],
      vmBackups: [
        anErrorBackup(),
        anErrorBackup({ name: 'monthly', imported: false, failedSinceMs: NOW_MS - DAY_MS }),
      ],
      virtHandlers: [aVirtHandler()],
      virtHandlerMemory: [aPodMemory(838_860_800)],
      freezeTrends: { 'prod/db': Array.from({ length: 20 }, () => 60) },
    });
    assert.deepEqual(findFreezeLoops(view), [
      {
        id: 'HarvesterVMFreezeLoop',
        severity: 'critical',
        title: 'VM prod/db is frozen again and again',
        subject: { namespace: 'prod', vm: 'db', node: 'node-1', vmbackups: ['monthly', 'weekly'] },
        evidence: [
          { label: 'Freeze calls', value: '3600 an hour' },
          { label: 'VMBackups that cause them', value: '2: monthly, weekly' },
          { label: 'Their error', value: 'the Longhorn backup it points at does not exist' },
          { label: 'Failing for', value: '1 d' },
          {
            label: 'virt-handler on node-1',
            value:
              'uses 800 MiB of 1.6 GiB; KubeVirt 1.2.2 leaks with each freeze, about 2 h 4 min to the limit at this rate',
          },
        ],
        trend: {
          label: 'Freeze calls',
          stepMs: 60000,
          points: [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60, 60,
            60,
          ],
        },
        explanation:
          'Harvester retries 2 failed VMBackups without end, and freezes the VM before each attempt: the writes of the guest stall, and virt-handler may leak memory until it is killed. 1 of them came from the backup target, not from this cluster: another cluster may use the same target.',
        remedy: {
          text: 'Deleting the failed VMBackups stops the loop at once. Look first, which of them are safe to delete and why others are not; then apply it.',
          commands: [
            'kubectl get virtualmachinebackups.harvesterhci.io -n prod -o \'jsonpath={range .items[?(@.status.error.message)]}{.metadata.name}{"\\t"}{.spec.source.name}{"\\t"}{.status.error.message}{"\\n"}{end}\'',
            'freezewatch break-loop --namespace prod --vm db',
            'freezewatch break-loop --namespace prod --vm db --apply',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMFreezeLoop.md',
      },
    ]);
  });

  it('is found by its VMBackups alone where no log is read', () => {
    const view = aView({ vmis: [aVmi()], countsFreezes: false, vmBackups: [anErrorBackup()] });
    assert.deepEqual(findFreezeLoops(view), [
      {
        id: 'HarvesterVMBackupFreezeLoop',
        severity: 'critical',
        title: 'VM prod/db is frozen again and again',
        subject: { namespace: 'prod', vm: 'db', node: 'node-1', vmbackups: ['weekly'] },
        evidence: [
          { label: 'Freeze calls', value: 'not counted: the log of virt-api is not read' },
          { label: 'VMBackups that cause them', value: '1: weekly' },
          { label: 'Their error', value: 'the Longhorn backup it points at does not exist' },
          { label: 'Failing for', value: '2 h' },
        ],
        explanation:
          'Harvester retries 1 failed VMBackup without end, and freezes the VM before each attempt: the writes of the guest stall, and virt-handler may leak memory until it is killed. It came from the backup target, not from this cluster: another cluster may use the same target.',
        remedy: {
          text: 'Deleting the failed VMBackups stops the loop at once. Look first, which of them are safe to delete and why others are not; then apply it.',
          commands: [
            'kubectl get virtualmachinebackups.harvesterhci.io -n prod -o \'jsonpath={range .items[?(@.status.error.message)]}{.metadata.name}{"\\t"}{.spec.source.name}{"\\t"}{.status.error.message}{"\\n"}{end}\'',
            'freezewatch break-loop --namespace prod --vm db',
            'freezewatch break-loop --namespace prod --vm db --apply',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMBackupFreezeLoop.md',
      },
    ]);
  });

  it('without a VMBackup in error leads to the caller', () => {
    const view = aView({
      vmis: [aVmi()],
      freezeTrends: { 'prod/db': Array.from({ length: 59 }, (_, index) => index % 2) },
    });
    assert.deepEqual(findFreezeLoops(view), [
      {
        id: 'HarvesterVMFreezeLoop',
        severity: 'critical',
        title: 'VM prod/db is frozen again and again',
        subject: { namespace: 'prod', vm: 'db', node: 'node-1', vmbackups: [] },
        evidence: [
          { label: 'Freeze calls', value: '30 an hour' },
          { label: 'VMBackups that cause them', value: 'none seen' },
        ],
        trend: {
          label: 'Freeze calls',
          stepMs: 60000,
          points: [
            0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
            0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0,
          ],
        },
        explanation:
          'Something calls freeze on this VM without end, and no VMBackup in error explains it: another backup program, or a script. Each call stalls the writes of the guest.',
        remedy: {
          text: 'Find the caller by its address in the access log of virt-api, and stop it.',
          commands: [
            'kubectl logs -n harvester-system -l kubevirt.io=virt-api --since=10m --tail=-1 | grep -F /namespaces/prod/virtualmachineinstances/db/freeze',
          ],
        },
        runbook:
          'https://github.com/freezewatch/freezewatch/blob/main/docs/runbooks/HarvesterVMFreezeLoop.md',
      },
    ]);
  });

  it('leaves alone: an hourly backup of a VM with many volumes', () => {
    const view = aView({
      vmis: [aVmi()],
      freezeTrends: { 'prod/db': [60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
    });
    assert.deepEqual(findFreezeLoops(view), []);
  });

  it('leaves alone: a loop that is over', () => {
    const view = aView({
      vmis: [aVmi()],
      freezeTrends: { 'prod/db': [...Array.from({ length: 50 }, () => 60), 0, 0, 0, 0, 0] },
    });
    assert.deepEqual(findFreezeLoops(view), []);
  });

  it('leaves alone: an import that was faster than Longhorn', () => {
    const view = aView({
      vmis: [aVmi()],
      vmBackups: [anErrorBackup({ failedSinceMs: NOW_MS - 9 * MINUTE_MS })],
    });
    assert.deepEqual(findFreezeLoops(view), []);
  });

  it('leaves alone: a VMBackup in error that is not retried any more', () => {
    const view = aView({ vmis: [aVmi()], vmBackups: [anErrorBackup({ errorMs: NOW_MS - 6 * MINUTE_MS })] });
    assert.deepEqual(findFreezeLoops(view), []);
  });

  it('leaves alone: a VMBackup in error whose VM does not run', () => {
    const view = aView({ vmBackups: [anErrorBackup()] });
    assert.deepEqual(findFreezeLoops(view), []);
  });

  it('leaves alone: Harvester 1.5, which skips the freeze when the Longhorn backup is known', () => {
    const view = aView({
      vmis: [aVmi()],
      serverVersions: [aServerVersion('v1.5.0')],
      vmBackups: [anErrorBackup()],
    });
    assert.deepEqual(findFreezeLoops(view), []);
  });

  describe('seen from writes', () => {
    const persistent = { vmis: [aVmi()], vmBackups: [anErrorBackup()] };
    const readFor = (minutes: number) => ({ freezesCountedSinceMs: NOW_MS - minutes * MINUTE_MS });
    const idsOf = (view: ClusterView): readonly string[] => findFreezeLoops(view).map(({ id }) => id);

    it('is refuted by a log that was read for ten minutes and shows no call of the VM', () => {
      assert.deepEqual(idsOf(aView({ ...persistent, ...readFor(10) })), []);
    });

    it('is not found for any error once the log is silent', () => {
      for (const error of ['csi_config', 'other', 'lh_backup_unpopulated'] as const) {
        const view = aView({ ...persistent, ...readFor(60), vmBackups: [anErrorBackup({ error })] });
        assert.deepEqual(idsOf(view), []);
      }
    });

    it('stays one while the log was read too shortly, or not at all', () => {
      assert.deepEqual(idsOf(aView({ ...persistent, ...readFor(9) })), ['HarvesterVMBackupFreezeLoop']);
      assert.deepEqual(idsOf(aView({ ...persistent, ...readFor(60), countsFreezes: false })), [
        'HarvesterVMBackupFreezeLoop',
      ]);
    });

    it('stays one while the log shows calls of this VM, but not while those are of another', () => {
      const calls = [1, 0, 1, 0, 1, 0];
      const own = aView({ ...persistent, ...readFor(60), freezeTrends: { 'prod/db': calls } });
      const other = aView({ ...persistent, ...readFor(60), freezeTrends: { 'prod/web': calls } });
      assert.deepEqual(idsOf(own), ['HarvesterVMBackupFreezeLoop']);
      assert.deepEqual(idsOf(other), []);
    });
  });
});
