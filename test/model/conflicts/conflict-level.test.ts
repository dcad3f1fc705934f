import assert from 'node:assert/strict';
import { conflictLevel } from '../../../src/model/conflicts/conflict-level.ts';
import { type TargetEvidence, targetEvidence } from '../../../src/model/conflicts/target-evidence.ts';
import { NO_TARGET_HISTORY } from '../../../src/model/targets/target-history.ts';
import {
  aBackupTarget,
  aBackupVolume,
  aLonghornBackup,
  anErrorBackup,
  aServerVersion,
  aTargetSetting,
  aView,
  aVmBackup,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  type ViewOverrides,
} from '../../builders.ts';

const levelWith = (evidence: Partial<TargetEvidence>, overrides: ViewOverrides = {}): number | undefined => {
  const view = aView({ backupTargets: [aBackupTarget()], targetSettings: [aTargetSetting()], ...overrides });
  const [own] = targetEvidence(view);
  assert.ok(own);
  return conflictLevel(view, { ...own, ...evidence });
};
const write = (ageMs: number) => aLonghornBackup({ native: false, backupCreatedMs: NOW_MS - ageMs });
const RECENT = { liveForeignWrites: [write(HOUR_MS)] };
const OLD = { liveForeignWrites: [write(3 * DAY_MS)] };
const NATIVE_FAILURE = anErrorBackup({ imported: false });

describe('the level of a conflict', () => {
  it('is not known without conclusive evidence, or where polling is off and nothing is found', () => {
    assert.equal(levelWith({ conclusive: false, ...RECENT }), undefined);
    assert.equal(levelWith({}, { backupTargets: [aBackupTarget({ pollIntervalMs: 0 })] }), undefined);
    assert.equal(levelWith({}), 0);
  });

  it('is 1 for artefacts, and for a writer that was silent for a day', () => {
    assert.equal(levelWith({ foreignVolumes: [aBackupVolume()] }), 1);
    assert.equal(levelWith({ importedForeign: [aVmBackup({ imported: true })] }), 1);
    assert.equal(levelWith(OLD), 1);
  });

  it('is 2 for a writer within a day, unless its sharing is allowed', () => {
    assert.equal(levelWith(RECENT), 2);
    const target = aTargetSetting().place?.targetId ?? '';
    assert.equal(levelWith(RECENT, { allowedSharing: [{ target, untilMs: NOW_MS + 1 }] }), 1);
    assert.equal(levelWith(RECENT, { allowedSharing: [{ target, untilMs: NOW_MS }] }), 2);
  });

  it('is 3 for a proven writer beside a local one, with any kind of harm', () => {
    const both = { ...OLD, localWriter: true };
    assert.equal(levelWith({ ...both, notFound: [NATIVE_FAILURE] }), 3);
    assert.equal(levelWith({ ...both, dangling: [aVmBackup()] }), 3);
    assert.equal(levelWith({ ...both, degraded: [aVmBackup()] }), 3);
    assert.equal(levelWith(both), 1, 'without harm');
    assert.equal(levelWith({ ...OLD, dangling: [aVmBackup()] }), 1, 'this cluster only reads');
    assert.equal(levelWith({ localWriter: true, dangling: [aVmBackup()] }), 0, 'no other writer');
  });

  it('is 3 for a confirmed import without data up to Harvester 1.4.1, and 2 later', () => {
    const notFound = [anErrorBackup()];
    const on = (version: string): ViewOverrides => ({ serverVersions: [aServerVersion(version)] });
    assert.equal(levelWith({ notFound }, on('v1.4.1')), 3);
    assert.equal(levelWith({ notFound }, on('v1.8.2')), 2);
    const young = [anErrorBackup({ failedSinceMs: NOW_MS - 15 * MINUTE_MS })];
    assert.equal(levelWith({ notFound: young }, on('v1.4.1')), 0);
  });

  it('is 2 after failed imports were deleted, for a week, at this place only', () => {
    const location = { endpoint: 'https://s3.example.net:9000', bucket: 'hv-prod' };
    const after = (ageMs: number, place = location): number | undefined =>
      levelWith(
        {},
        {
          targetHistory: {
            ...NO_TARGET_HISTORY,
            failedImports: new Map([['x', { location: place, count: 3, atMs: NOW_MS - ageMs }]]),
          },
        },
      );
    assert.deepEqual([after(0), after(7 * DAY_MS), after(7 * DAY_MS + 1)], [2, 2, 0]);
    assert.equal(after(0, { ...location, bucket: 'new-one' }), 0, 'the target changed');
  });
});
