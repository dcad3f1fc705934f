import assert from 'node:assert/strict';
import { findSettingMismatch } from '../../src/findings/target-setting.ts';
import { placeOfUrl } from '../../src/model/objects/target-place.ts';
import { aBackupTarget, aTargetSetting, aView, unavailable } from '../builders.ts';

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
    assert.equal(finding?.severity, 'info');
    assert.deepEqual(finding.evidence, [
      { label: 'Setting backup-target', value: 's3://s3.example.net:9000/hv-prod' },
      { label: 'Longhorn writes to', value: 's3://?/another' },
    ]);
  });

  it('is none while they agree, or while one is not known', () => {
    assert.deepEqual(findings('s3://hv-prod@eu-west-1/'), []);
    assert.deepEqual(findings(''), []);
    assert.deepEqual(
      findSettingMismatch(aView({ targetSettings: unavailable(), backupTargets: [aBackupTarget()] })),
      [],
    );
  });
});
