import assert from 'node:assert/strict';
import { findNotRestorable } from '../../src/findings/not-restorable.ts';
import {
  type ViewOverrides,
  aBackupTarget,
  aLonghornBackup,
  aRestore,
  aTargetSetting,
  aView,
  aVmBackup,
  anErrorBackup,
} from '../builders.ts';

const ELSEWHERE = {
  location: { endpoint: 'https://old.example.net', bucket: 'old' },
  spelling: 'of-the-old-one',
};

const cluster = (overrides: ViewOverrides = {}) =>
  aView({
    vmBackups: [aVmBackup()],
    longhornBackups: [aLonghornBackup()],
    backupTargets: [aBackupTarget()],
    targetSettings: [aTargetSetting()],
    ...overrides,
  });

const titles = (overrides: ViewOverrides) =>
  findNotRestorable(cluster(overrides)).map(({ title }) => title.replace(/^.* now: /, ''));

describe('VMBackups that cannot be restored now', () => {
  const cases: readonly [string, ViewOverrides, readonly string[]][] = [
    ['none that are in the present target, spelled alike', {}, []],
    [
      'those in another target',
      { vmBackups: [aVmBackup(ELSEWHERE)] },
      ['they lie in another target than the present one'],
    ],
    [
      'those in another target that Harvester misses in the present one',
      { vmBackups: [aVmBackup({ ...ELSEWHERE, degraded: 'missing_in_target', readyToUse: false })] },
      ['they lie in another target than the present one'],
    ],
    [
      'those that note other NFS options, or any other spelling',
      { vmBackups: [aVmBackup({ spelling: 'with-other-options' })] },
      ['the backup target is spelled in another way than when they were made'],
    ],
    [
      'all while the store is away',
      { backupTargets: [aBackupTarget({ available: false })] },
      ['the backup target cannot be read'],
    ],
    [
      'those that the last check could not read',
      { vmBackups: [aVmBackup({ degraded: 'target_unreachable', readyToUse: false })] },
      ['the backup target cannot be read'],
    ],
    [
      'those whose storage class is missing',
      { vmBackups: [aVmBackup({ degraded: 'storageclass_missing', readyToUse: false })] },
      ['the storage class of a volume does not exist'],
    ],
    [
      'those changed back for an unknown reason',
      { vmBackups: [aVmBackup({ degraded: 'other', readyToUse: false })] },
      ['Harvester calls them not ready'],
    ],
    [
      'all while no target is set',
      { targetSettings: [aTargetSetting({ place: undefined, spelling: undefined })], backupTargets: [] },
      ['no backup target is set'],
    ],
    [
      'none of those that are lost, which is another finding',
      { vmBackups: [aVmBackup({ degraded: 'missing_in_target' })] },
      [],
    ],
    [
      'none that only carry a mark Harvester 1.7 never takes back',
      { vmBackups: [aVmBackup({ degraded: 'other' })] },
      [],
    ],
    [
      'no snapshot, which needs no target',
      { vmBackups: [aVmBackup({ ...ELSEWHERE, type: 'snapshot' })] },
      [],
    ],
    ['none in error', { vmBackups: [anErrorBackup(ELSEWHERE)] }, []],
  ];
  for (const [name, overrides, expected] of cases) {
    it(`are ${name}`, () => {
      assert.deepEqual(titles(overrides), expected);
    });
  }

  it('are named, with what Harvester would refuse to change the target for', () => {
    const view = cluster({
      vmBackups: [
        aVmBackup(ELSEWHERE),
        anErrorBackup(),
        aVmBackup({ namespace: 'test', name: 'snap', type: 'snapshot', readyToUse: false }),
      ],
      restores: [aRestore({ name: 'failed-one', complete: false, failed: true }), aRestore()],
    });
    const [finding] = findNotRestorable(view);
    assert.deepEqual(finding?.subject, { namespace: 'prod', vm: 'db', vmbackups: ['nightly'] });
    assert.deepEqual(finding.evidence, [
      { label: 'VMs', value: 'prod/db' },
      { label: 'VMBackups', value: 'prod/nightly' },
      {
        label: 'Against a change of the target',
        value: '2 VMBackups (not ready, or being deleted): prod/weekly, test/snap',
      },
      {
        label: 'Against a change of the target',
        value: '1 VirtualMachineRestore (not complete, or being deleted): prod/failed-one',
      },
    ]);
    assert.match(finding.remedy.text, /refuses to change the target while one of the objects named above/);
  });
});
