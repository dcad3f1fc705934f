import assert from 'node:assert/strict';
import { findSettingMismatch } from '../../src/findings/target-setting.ts';
import { placeOfUrl } from '../../src/model/objects/target-place.ts';
import { NO_TARGET_HISTORY, type TargetHistory } from '../../src/model/targets/target-history.ts';
import {
  aBackupTarget,
  aTargetSetting,
  aView,
  MINUTE_MS,
  NOW_MS,
  unavailable,
  type ViewOverrides,
} from '../builders.ts';

describe('the finding that Harvester and Longhorn disagree on the target', () => {
  const findings = (url: string) =>
    findSettingMismatch(
      aView({
        targetSettings: [aTargetSetting()],
        backupTargets: [aBackupTarget({ place: placeOfUrl(url) })],
      }),
    );

  it('names both places', () => {
    const [finding] = findings('s3://another@us-east-1/');
    assert.deepEqual([finding?.id, finding?.severity], ['HarvesterBackupTargetMisconfigured', 'warning']);
    assert.ok(finding);
    assert.deepEqual(finding.evidence, [
      { label: 'Setting backup-target', value: 's3://s3.example.net:9000/hv-prod' },
      { label: 'Longhorn writes to', value: 's3://?/another' },
    ]);
  });

  const titleOf = (overrides: ViewOverrides): readonly string[] =>
    findSettingMismatch(aView({ targetSettings: [aTargetSetting()], ...overrides })).map(
      ({ title }) => title,
    );

  it('says that Longhorn has no target default, or one without a URL', () => {
    const setting = 'Harvester’s Setting names backup target s3://s3.example.net:9000/hv-prod, and ';
    assert.deepEqual(titleOf({}), [`${setting}Longhorn has no BackupTarget default`]);
    assert.deepEqual(titleOf({ backupTargets: [aBackupTarget({ name: 'second' })] }), [
      `${setting}Longhorn has no BackupTarget default`,
    ]);
    assert.deepEqual(titleOf({ backupTargets: [aBackupTarget({ place: undefined })] }), [
      `${setting}Longhorn’s BackupTarget default has no URL`,
    ]);
  });

  it('waits ten minutes after the Setting or the target changed', () => {
    const changedAt = (settingChangedMs: number): TargetHistory => ({
      ...NO_TARGET_HISTORY,
      settingChangedMs,
    });
    const past = { placeId: 'x', placeSinceMs: NOW_MS - MINUTE_MS, availableSinceMs: undefined, removed: 0 };
    const backupTargets = [aBackupTarget({ place: undefined })];
    assert.equal(titleOf({ targetHistory: changedAt(NOW_MS - 10 * MINUTE_MS) }).length, 0);
    assert.equal(titleOf({ targetHistory: changedAt(NOW_MS - 10 * MINUTE_MS - 1) }).length, 1);
    const targets = new Map([['default', past]]);
    assert.deepEqual(titleOf({ backupTargets, targetHistory: { ...NO_TARGET_HISTORY, targets } }), []);
  });

  it('is not found without a Setting, and while Longhorn is not read', () => {
    assert.deepEqual(titleOf({ targetSettings: [aTargetSetting({ place: undefined })] }), []);
    assert.deepEqual(titleOf({ targetSettings: [] }), []);
    assert.deepEqual(titleOf({ backupTargets: unavailable() }), []);
  });

  it('is not found while they agree, or while one is not known', () => {
    assert.deepEqual(findings('s3://hv-prod@eu-west-1/'), []);
    assert.deepEqual(
      findSettingMismatch(aView({ targetSettings: unavailable(), backupTargets: [aBackupTarget()] })),
      [],
    );
  });
});
