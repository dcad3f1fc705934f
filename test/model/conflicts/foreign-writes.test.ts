import assert from 'node:assert/strict';
import { currentTargets } from '../../../src/model/targets/current-target.ts';
import {
  foreignVolumes,
  isLocalWriter,
  liveForeignWrites,
} from '../../../src/model/conflicts/foreign-writes.ts';
import type { LonghornBackup } from '../../../src/model/objects/longhorn.ts';
import type { ClusterView } from '../../../src/model/view.ts';
import {
  aBackupTarget,
  aBackupVolume,
  aLonghornBackup,
  aSchedule,
  aTargetSetting,
  aView,
  aVmBackup,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  type ViewOverrides,
} from '../../builders.ts';

const SEEN_MS = NOW_MS - 30 * DAY_MS;
const identity = (name: string) => ({
  namespace: 'longhorn-system',
  name,
  uid: name,
  createdMs: SEEN_MS,
  deletingSinceMs: undefined,
});

const viewOf = (overrides: ViewOverrides): ClusterView =>
  aView({
    backupTargets: [aBackupTarget()],
    targetSettings: [aTargetSetting()],
    backupVolumes: [aBackupVolume({ name: 'theirs', volume: 'theirs', createdMs: SEEN_MS })],
    ...overrides,
  });
const currentOf = (view: ClusterView) => {
  const [current] = currentTargets(view);
  assert.ok(current);
  return current;
};

/** Made by another cluster two hours ago, seen here two minutes later. */
const foreign = (overrides: Partial<LonghornBackup> = {}): LonghornBackup =>
  aLonghornBackup({
    name: 'backup-f',
    native: false,
    volume: 'theirs',
    backupCreatedMs: NOW_MS - 2 * HOUR_MS,
    createdMs: NOW_MS - 2 * HOUR_MS + 2 * MINUTE_MS,
    ...overrides,
  });

describe('a foreign volume', () => {
  const KNOWN: Readonly<Record<string, ViewOverrides>> = {
    'a volume of Longhorn': { longhornVolumes: [{ ...identity('theirs'), restoredFrom: undefined }] },
    'the origin of a restored volume': { longhornVolumes: [{ ...identity('new'), restoredFrom: 'theirs' }] },
    'a PersistentVolume': {
      persistentVolumes: [{ ...identity('pv'), longhornVolume: 'theirs', claim: undefined }],
    },
    'the volume of a native backup': { longhornBackups: [aLonghornBackup({ volume: 'theirs' })] },
    'the volume of a VMBackup made here': {
      vmBackups: [aVmBackup({ volumes: [{ name: 'v', longhornBackup: 'backup-f', volume: 'theirs' }] })],
    },
  };
  for (const [what, overrides] of Object.entries(KNOWN)) {
    it(`is not ${what}`, () => {
      const view = viewOf(overrides);
      assert.deepEqual(foreignVolumes(view, currentOf(view)), []);
    });
  }

  it('is any other, also one that was imported or pulled', () => {
    const volumes = [{ name: 'v', longhornBackup: 'backup-f', volume: 'theirs' }];
    const view = viewOf({
      longhornBackups: [foreign()],
      vmBackups: [aVmBackup({ imported: true, volumes })],
    });
    assert.deepEqual(
      foreignVolumes(view, currentOf(view)).map(({ volume }) => volume),
      ['theirs'],
    );
  });

  it('counts for its own target only', () => {
    const view = viewOf({ backupVolumes: [aBackupVolume({ volume: 'theirs', target: 'second' })] });
    assert.deepEqual(foreignVolumes(view, currentOf(view)), []);
  });
});

describe('a live foreign write', () => {
  const isOne = (overrides: Partial<LonghornBackup>, view: ViewOverrides = {}): boolean => {
    const picture = viewOf({ longhornBackups: [foreign(overrides)], ...view });
    return liveForeignWrites(picture, currentOf(picture)).length === 1;
  };
  const madeAt = (ms: number): Partial<LonghornBackup> => ({
    backupCreatedMs: ms,
    createdMs: ms + 2 * MINUTE_MS,
  });

  it('is a pulled backup of a foreign volume, made while this cluster watched', () => assert.ok(isOne({})));

  const NOT: Readonly<Record<string, Partial<LonghornBackup>>> = {
    'made here': { native: true },
    'not complete': { state: 'InProgress' },
    'of another target': { target: 'second' },
    'of a volume that is not in the store': { volume: 'unheard-of' },
    'of unknown time': { backupCreatedMs: undefined },
    'of unknown age here': { createdMs: undefined },
  };
  for (const [what, overrides] of Object.entries(NOT)) {
    it(`is none if it is ${what}`, () => assert.ok(!isOne(overrides)));
  }

  it('was made more than the clock skew after its volume was first seen', () => {
    const seen = (ms: number): ViewOverrides => ({
      backupVolumes: [aBackupVolume({ volume: 'theirs', createdMs: ms })],
    });
    const madeMs = NOW_MS - 2 * HOUR_MS;
    assert.ok(!isOne({}, seen(madeMs - 2 * MINUTE_MS)));
    assert.ok(isOne({}, seen(madeMs - 2 * MINUTE_MS - 1)));
  });

  it('was seen within three polls and ten minutes', () => {
    const backupCreatedMs = NOW_MS - 2 * HOUR_MS;
    assert.ok(isOne({ backupCreatedMs, createdMs: backupCreatedMs + 25 * MINUTE_MS }));
    assert.ok(!isOne({ backupCreatedMs, createdMs: backupCreatedMs + 25 * MINUTE_MS + 1 }));
    assert.ok(
      isOne({ backupCreatedMs, createdMs: backupCreatedMs - 2 * MINUTE_MS }),
      'by clocks that differ',
    );
  });

  it('is evidence for a week', () => {
    assert.ok(isOne(madeAt(NOW_MS - 7 * DAY_MS)));
    assert.ok(!isOne(madeAt(NOW_MS - 7 * DAY_MS - 1)));
  });

  it('may be to an adopted volume: this cluster never writes under its old name', () => {
    assert.ok(isOne({}, { longhornVolumes: [{ ...identity('new'), restoredFrom: 'theirs' }] }));
    assert.ok(!isOne({}, { longhornVolumes: [{ ...identity('theirs'), restoredFrom: undefined }] }));
  });
});

describe('a local writer', () => {
  const writes = (overrides: ViewOverrides, harvesters = true): boolean => {
    const view = viewOf(overrides);
    return isLocalWriter(view, currentOf(view), harvesters);
  };

  it('made a backup within a week', () => {
    const madeAt = (ms: number): ViewOverrides => ({
      longhornBackups: [aLonghornBackup({ backupCreatedMs: ms })],
    });
    assert.ok(writes(madeAt(NOW_MS - 7 * DAY_MS)));
    assert.ok(!writes(madeAt(NOW_MS - 7 * DAY_MS - 1)));
    assert.ok(!writes({ longhornBackups: [foreign()] }));
    assert.ok(!writes({ longhornBackups: [aLonghornBackup({ state: 'Error' })] }));
    assert.ok(!writes({ longhornBackups: [aLonghornBackup({ target: 'second' })] }));
  });

  it('or has an active schedule of backups, to the target of Harvester', () => {
    assert.ok(writes({ schedules: [aSchedule()] }));
    assert.ok(!writes({ schedules: [aSchedule()] }, false));
    assert.ok(!writes({ schedules: [aSchedule({ suspendedBy: 'failures' })] }));
    assert.ok(!writes({ schedules: [aSchedule({ type: 'snapshot' })] }));
    assert.ok(!writes({}));
  });
});
