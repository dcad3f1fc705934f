import assert from 'node:assert/strict';
import { conflictLevel } from '../../../src/model/conflicts/conflict-level.ts';
import { type TargetEvidence, targetEvidence } from '../../../src/model/conflicts/target-evidence.ts';
import { NO_TARGET_HISTORY, type TargetHistory } from '../../../src/model/targets/target-history.ts';
import { placeOfUrl } from '../../../src/model/objects/target-place.ts';
import type { VmBackup } from '../../../src/model/objects/vm-backup.ts';
import {
  aBackupTarget,
  aBackupVolume,
  anErrorBackup,
  aSchedule,
  aServerVersion,
  aTargetSetting,
  aView,
  aVmBackup,
  DAY_MS,
  MINUTE_MS,
  NOW_MS,
  type ViewOverrides,
} from '../../builders.ts';

const current = { backupTargets: [aBackupTarget()], targetSettings: [aTargetSetting()] };
const historyOf = (losses: TargetHistory['losses'] = new Map()): TargetHistory => ({
  ...NO_TARGET_HISTORY,
  targets: new Map([
    ['default', { placeId: 'x', placeSinceMs: NOW_MS - DAY_MS, availableSinceMs: undefined, removed: 0 }],
  ]),
  losses,
});

const evidenceOf = (overrides: ViewOverrides): TargetEvidence => {
  const [evidence] = targetEvidence(aView({ ...current, targetHistory: historyOf(), ...overrides }));
  assert.ok(evidence);
  return evidence;
};
const levelOf = (overrides: ViewOverrides): number | undefined => {
  const view = aView({ ...current, targetHistory: historyOf(), ...overrides });
  const [evidence] = targetEvidence(view);
  return evidence && conflictLevel(view, evidence);
};
type Finding = 'imported' | 'importedForeign' | 'foreignSchedules' | 'notFound' | 'dangling' | 'degraded';
const found = (finding: Finding, backup: VmBackup, overrides: ViewOverrides = {}): boolean =>
  evidenceOf({ vmBackups: [backup], ...overrides })[finding].length === 1;

describe('the evidence of VMBackups', () => {
  it('takes one that no controller touched yet for no import', () => {
    assert.ok(found('imported', aVmBackup({ imported: true })));
    assert.ok(!found('imported', aVmBackup({ imported: true, volumes: [] })));
    assert.ok(!found('imported', aVmBackup()));
  });

  it('takes an import of several volumes for foreign only if all are, and all are named', () => {
    const volume = (name: string | undefined) => ({ name: 'v', longhornBackup: undefined, volume: name });
    const known = {
      longhornVolumes: [
        {
          namespace: 'l',
          name: 'own',
          uid: 'u',
          createdMs: 0,
          deletingSinceMs: undefined,
          restoredFrom: 'adopted',
        },
      ],
    };
    const foreign = (...names: readonly (string | undefined)[]): boolean =>
      found('importedForeign', aVmBackup({ imported: true, volumes: names.map(volume) }), known);
    assert.ok(foreign('theirs', 'also-theirs'));
    assert.ok(!foreign('theirs', 'own'));
    assert.ok(!foreign('adopted'));
    assert.ok(!foreign('theirs', undefined));
  });

  it('takes the name of a schedule for foreign without its label and without the schedule', () => {
    const uid = '6d1f0a52-2f0e-4a39-9d5e-0f4a0c1b2d3e';
    const name = `svmb-${uid}-20250301.0200`;
    assert.ok(found('foreignSchedules', aVmBackup({ name })));
    assert.ok(
      !found('foreignSchedules', aVmBackup({ name, scheduleUid: uid })),
      'its schedule was deleted here',
    );
    assert.ok(!found('foreignSchedules', aVmBackup({ name }), { schedules: [aSchedule({ uid })] }));
    assert.ok(!found('foreignSchedules', aVmBackup({ name: 'svmb-by-hand' })));
  });

  it('counts the error of a missing backup, no other', () => {
    assert.ok(found('notFound', anErrorBackup()));
    assert.ok(!found('notFound', anErrorBackup({ error: 'freeze_failed' })));
  });

  it('counts as dangling only what was made here', () => {
    assert.ok(found('dangling', aVmBackup()));
    assert.ok(!found('dangling', aVmBackup({ imported: true })));
  });

  it('counts what Harvester misses in the target, not what it failed to look up', () => {
    assert.ok(found('degraded', aVmBackup({ degraded: 'missing_in_target' })));
    assert.ok(!found('degraded', aVmBackup({ degraded: 'other' })));
  });

  it("is of Harvester's target only", () => {
    const second = aBackupTarget({ name: 'second', place: placeOfUrl('nfs://srv:/x') });
    const backupTargets = [...current.backupTargets, second];
    const [first, other] = targetEvidence(aView({ ...current, backupTargets, vmBackups: [anErrorBackup()] }));
    assert.deepEqual([first?.notFound.length, other?.notFound.length], [1, 0]);
    assert.deepEqual([first?.imported.length, other?.imported.length], [1, 0]);
  });
});

describe('the conflict level', () => {
  it('rises for an import that fails, not for a native backup that does: that one has another cause', () => {
    assert.equal(levelOf({ vmBackups: [anErrorBackup()] }), 3);
    assert.equal(levelOf({ vmBackups: [anErrorBackup({ imported: false })] }), 0);
  });

  it('takes an unknown Harvester for one that freezes on import', () => {
    const vmBackups = [anErrorBackup()];
    const at = (version: string | undefined): number | undefined =>
      levelOf({ vmBackups, serverVersions: [aServerVersion(version)] });
    assert.deepEqual([at(undefined), at('master-head'), at('v1.3.2'), at('v1.4.1')], [3, 3, 3, 3]);
    assert.deepEqual([at('v1.4.2'), at('v1.8.0')], [2, 2]);
  });

  it('counts losses that Longhorn did not mark if a VMBackup misses them, and of this target', () => {
    const names = ['backup-1', 'backup-2', 'backup-3'];
    const vmBackups = names.map((name) =>
      aVmBackup({ name, volumes: [{ name: 'v', longhornBackup: name, volume: 'pvc-1' }] }),
    );
    const backupVolumes = [aBackupVolume({ name: 'theirs', volume: 'theirs' })];
    const losses = (loss: { target?: string; vanished?: boolean } = {}): ViewOverrides => ({
      backupVolumes,
      targetHistory: historyOf(
        new Map(
          names.map((name) => [
            name,
            { target: 'default', atMs: NOW_MS - 30 * MINUTE_MS, vanished: false, ...loss },
          ]),
        ),
      ),
    });
    assert.equal(levelOf({ ...losses(), vmBackups }), 3);
    assert.equal(levelOf(losses()), 1, 'deleted here, with their VMBackups');
    assert.equal(levelOf(losses({ vanished: true })), 3);
    assert.equal(levelOf(losses({ vanished: true, target: 'second' })), 1);
  });
});
