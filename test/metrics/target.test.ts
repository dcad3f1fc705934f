import assert from 'node:assert/strict';
import { decodeTargetSetting } from '../../src/model/objects/setting.ts';
import { decodeBackupTarget } from '../../src/model/objects/longhorn.ts';
import { decodeVmBackup } from '../../src/model/objects/vm-backup.ts';
import { NO_TARGET_HISTORY } from '../../src/model/targets/target-history.ts';
import { placeOfUrl } from '../../src/model/objects/target-place.ts';
import * as target from '../../src/metrics/target.ts';
import {
  aBackupTarget,
  aBackupVolume,
  aLonghornBackup,
  anErrorBackup,
  aSchedule,
  aTargetSetting,
  aView,
  aVmBackup,
  HOUR_MS,
  MINUTE_MS,
  NOW_MS,
  unavailable,
} from '../builders.ts';
import { seriesOf } from './series.ts';

const place = aTargetSetting().place;
const ID = place?.targetId ?? '';
const LOOSE_ID = place?.looseId ?? '';
const UID = 'c0ffee00-0000-4000-8000-000000000001';
const families = Object.values(target);

const current = { backupTargets: [aBackupTarget()], targetSettings: [aTargetSetting()] };

describe('the metrics of the backup target', () => {
  it('are absent without a target', () => {
    const unset = { backupTargets: [aBackupTarget({ place: undefined })] };
    for (const overrides of [{}, unset, { backupTargets: unavailable<never>() }]) {
      for (const family of families) assert.deepEqual(seriesOf(family, aView(overrides)), []);
    }
  });

  it('let no credential out, wherever it was written', () => {
    const CANARY = 'CANARY7f3a';
    const endpoint = `https://${CANARY}:${CANARY}/${CANARY}@s3.example.net:9000/?key=${CANARY}`;
    const value = {
      type: 's3',
      endpoint,
      accessKeyId: CANARY,
      secretAccessKey: CANARY,
      cert: CANARY,
      bucketName: 'hv-prod',
      bucketRegion: CANARY,
    };
    const view = aView({
      targetSettings: [
        decodeTargetSetting({ metadata: { name: 'backup-target' }, value: JSON.stringify(value) }),
      ],
      backupTargets: [
        ['default', `s3://hv-prod@${CANARY}/`],
        ['second', `nfs://${CANARY}:${CANARY}@srv.example.net/export?nfsOptions=${CANARY}`],
        ['third', `s3://${CANARY}:${CANARY}@bucket@region/`],
      ].map(([name, backupTargetURL]) =>
        decodeBackupTarget({
          metadata: { namespace: 'longhorn-system', name },
          spec: { backupTargetURL, credentialSecret: CANARY },
          status: { available: true, lastSyncedAt: new Date(NOW_MS).toISOString() },
        }),
      ),
      vmBackups: [
        decodeVmBackup({
          metadata: { namespace: 'prod', name: 'nightly' },
          spec: { source: { name: 'db' } },
          status: {
            backupTarget: { endpoint, bucketName: 'hv-prod' },
            secretBackups: [{ data: { key: CANARY } }],
          },
        }),
      ],
    });
    const text = families.flatMap((family) => seriesOf(family, view)).join('\n');
    assert.match(text, /s3:\/\/s3\.example\.net:9000\/hv-prod/);
    assert.match(text, /nfs:\/\/srv\.example\.net\/export/);
    assert.doesNotMatch(text, /canary/i);
  });
});

describe('harvester_backup_target_info', () => {
  it('names the place, what kind of name that is, and the cluster', () => {
    assert.deepEqual(seriesOf(target.backupTargetInfo, aView(current)), [
      `harvester_backup_target_info{target="s3://s3.example.net:9000/hv-prod",target_id="${ID}",loose_id="${LOOSE_ID}",type="s3",scope="public",cluster_uid="${UID}"} 1`,
    ]);
  });

  it('is absent until the cluster is known: none and one would look like two', () => {
    const view = aView({ ...current, clusterUid: undefined, backupVolumes: [aBackupVolume()] });
    assert.deepEqual(seriesOf(target.backupTargetInfo, view), []);
    assert.deepEqual(seriesOf(target.backupTargetFingerprint, view), []);
  });
});

describe('harvester_backup_target_available and the time of the last sync', () => {
  it('say what Longhorn says of each target', () => {
    const second = {
      name: 'second',
      place: placeOfUrl('nfs://srv:/x'),
      available: false,
      lastSyncedMs: undefined,
    };
    const view = aView({ ...current, backupTargets: [aBackupTarget(), aBackupTarget(second)] });
    assert.deepEqual(
      seriesOf(target.backupTargetAvailable, view),
      [
        `harvester_backup_target_available{target_id="${second.place?.targetId ?? ''}"} 0`,
        `harvester_backup_target_available{target_id="${ID}"} 1`,
      ].sort(),
    );
    assert.deepEqual(seriesOf(target.backupTargetLastSync, view), [
      `harvester_backup_target_last_sync_timestamp_seconds{target_id="${ID}"} ${(NOW_MS - MINUTE_MS) / 1_000}`,
    ]);
  });
});

describe('harvester_backup_target_fingerprint', () => {
  it("has a slot for each of up to eight hashes, of the target's own volumes", () => {
    const volumes = Array.from({ length: 9 }, (_, index) =>
      aBackupVolume({ name: `v${index}`, volume: `pvc-${index}` }),
    );
    const other = aBackupVolume({ name: 'other', volume: 'other', target: 'second' });
    const fingerprintOf = (backupVolumes: typeof volumes): readonly string[] =>
      seriesOf(target.backupTargetFingerprint, aView({ ...current, backupVolumes }));
    assert.equal(fingerprintOf([...volumes, other]).length, 8);
    assert.deepEqual(fingerprintOf([...volumes, other]), fingerprintOf(volumes));
    assert.deepEqual(fingerprintOf([aBackupVolume()]), [
      `harvester_backup_target_fingerprint{target_id="${ID}",slot="0",volume_hash="f2868e1aa7cab669",cluster_uid="${UID}"} 1`,
    ]);
  });
});

/** Another cluster wrote an hour ago, and an import fails since two hours. */
const conflict = {
  ...current,
  schedules: [aSchedule()],
  backupVolumes: [aBackupVolume({ name: 'theirs', volume: 'theirs', createdMs: NOW_MS - 3 * HOUR_MS })],
  longhornBackups: [
    aLonghornBackup({
      name: 'backup-f',
      native: false,
      volume: 'theirs',
      backupCreatedMs: NOW_MS - HOUR_MS,
      createdMs: NOW_MS - HOUR_MS + MINUTE_MS,
    }),
  ],
  vmBackups: [
    anErrorBackup(),
    aVmBackup({
      imported: true,
      name: 'svmb-ffffffff-2f0e-4a39-9d5e-0f4a0c1b2d3e-20250301.0200',
      volumes: [{ name: 'v', longhornBackup: 'backup-f', volume: 'theirs' }],
    }),
  ],
};

describe('harvester_backup_target_evidence', () => {
  const of = (overrides: Parameters<typeof aView>[0]): Readonly<Record<string, string>> =>
    Object.fromEntries(
      seriesOf(target.backupTargetEvidence, aView(overrides)).map((line) => {
        const [, id, signal = '', value = ''] = /target_id="(.*)",signal="(.*)"} (.*)$/.exec(line) ?? [];
        assert.equal(id, ID);
        return [signal, value];
      }),
    );

  it('has a count of each signal, zeros included', () => {
    assert.deepEqual(of(conflict), {
      foreign_volume: '1',
      live_foreign_write: '1',
      imported_backup: '2',
      live_import: '1',
      foreign_schedule: '1',
      not_found: '1',
      dangling: '0',
      degraded: '0',
      deleted_import: '0',
      local_writer: '1',
    });
  });

  it('counts live foreign writes of the last 24 hours', () => {
    const day = 24 * HOUR_MS;
    const at = (ms: number): string | undefined =>
      of({
        ...conflict,
        backupVolumes: [aBackupVolume({ name: 'theirs', volume: 'theirs', createdMs: NOW_MS - 3 * day })],
        longhornBackups: conflict.longhornBackups.map((each) => ({
          ...each,
          backupCreatedMs: ms,
          createdMs: ms,
        })),
      }).live_foreign_write;
    assert.deepEqual([at(NOW_MS - day), at(NOW_MS - day - 1)], ['1', '0']);
  });

  it('leaves out signs whose inputs are not complete yet', () => {
    const without = (key: keyof typeof conflict | 'longhornVolumes'): readonly string[] =>
      Object.keys(of({ ...conflict, [key]: unavailable<never>() })).sort();
    const all = [...Object.keys(of(conflict))].sort();
    const conclusive = ['dangling', 'foreign_volume', 'live_foreign_write', 'live_import'];
    const but = (names: readonly string[]): readonly string[] => all.filter((name) => !names.includes(name));
    assert.deepEqual(without('longhornVolumes'), but(conclusive));
    assert.deepEqual(without('backupVolumes'), but(conclusive));
    assert.deepEqual(without('longhornBackups'), but([...conclusive, 'local_writer']));
    assert.deepEqual(without('schedules'), but(['foreign_schedule']));
  });

  it('says nothing of what dangles while the target is away', () => {
    const away = { ...conflict, backupTargets: [aBackupTarget({ available: false })] };
    assert.equal(of(away).dangling, undefined);
    assert.equal(of(away).foreign_volume, '1');
  });
});

describe('harvester_backup_target_removed_backups_total', () => {
  it('starts at 0 when the target is first seen, and counts what vanished from it', () => {
    const past = { placeId: 'x', placeSinceMs: NOW_MS - HOUR_MS, availableSinceMs: undefined, removed: 2 };
    const of = (targets: ReadonlyMap<string, typeof past>): readonly string[] =>
      seriesOf(
        target.backupTargetRemovedBackups,
        aView({ ...current, targetHistory: { ...NO_TARGET_HISTORY, targets } }),
      );
    assert.deepEqual(of(new Map()), []);
    assert.deepEqual(of(new Map([['default', { ...past, removed: 0 }]])), [
      `harvester_backup_target_removed_backups_total{target_id="${ID}"} 0`,
    ]);
    assert.deepEqual(of(new Map([['default', past]])), [
      `harvester_backup_target_removed_backups_total{target_id="${ID}"} 2`,
    ]);
  });
});

describe('harvester_backup_target_conflict_level', () => {
  const of = (overrides: Parameters<typeof aView>[0]): readonly string[] =>
    seriesOf(target.backupTargetConflictLevel, aView(overrides));

  it('is told per target', () => {
    assert.deepEqual(of(current), [`harvester_backup_target_conflict_level{target_id="${ID}"} 0`]);
    assert.deepEqual(of(conflict), [`harvester_backup_target_conflict_level{target_id="${ID}"} 3`]);
  });

  it('is absent, not 0, while the evidence is not conclusive', () => {
    assert.deepEqual(of({ ...conflict, persistentVolumes: unavailable<never>() }), []);
    assert.deepEqual(
      of({ ...conflict, backupTargets: [aBackupTarget({ lastSyncedMs: NOW_MS - HOUR_MS })] }),
      [],
    );
  });
});
