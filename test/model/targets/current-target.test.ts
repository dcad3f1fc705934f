import assert from 'node:assert/strict';
import {
  currentTargets,
  isAtCurrentTarget,
  settingDiffers,
} from '../../../src/model/targets/current-target.ts';
import { placeOfSetting, placeOfUrl } from '../../../src/model/objects/target-place.ts';
import type { BackupLocation } from '../../../src/model/objects/vm-backup.ts';
import {
  aBackupTarget,
  aTargetSetting,
  aView,
  aVmBackup,
  MINUTE_MS,
  NOW_MS,
  unavailable,
} from '../../builders.ts';

const targetsOf = (view: ReturnType<typeof aView>): readonly string[] =>
  currentTargets(view).map(({ place }) => place.target);

const backupTargets = [aBackupTarget()];
const targetSettings = [aTargetSetting()];
const nfs = placeOfUrl('nfs://srv.example.net:/export');

describe('the current targets', () => {
  it('take the S3 endpoint from the Setting: the URL of Longhorn has none', () => {
    assert.deepEqual(targetsOf(aView({ backupTargets, targetSettings })), [
      's3://s3.example.net:9000/hv-prod',
    ]);
  });

  it('are where Longhorn writes when the Setting names another place', () => {
    const view = aView({ backupTargets: [aBackupTarget({ place: nfs })], targetSettings });
    assert.deepEqual(targetsOf(view), ['nfs://srv.example.net/export']);
    assert.equal(settingDiffers(view), true);
    assert.equal(settingDiffers(aView({ backupTargets, targetSettings })), false);
    assert.equal(settingDiffers(aView({ backupTargets })), undefined);
    assert.equal(settingDiffers(aView({ targetSettings })), undefined);
  });

  it('have no S3 target of Harvester while its Setting is unread: soon it would be another', () => {
    const unread = { targetSettings: unavailable<never>() };
    assert.deepEqual(targetsOf(aView({ backupTargets, ...unread })), []);
    assert.deepEqual(targetsOf(aView({ backupTargets: [aBackupTarget({ place: nfs })], ...unread })), [
      'nfs://srv.example.net/export',
    ]);
    // No Harvester here.
    const noHarvester = { ...unread, vmBackups: unavailable<never>() };
    assert.deepEqual(targetsOf(aView({ backupTargets, ...noHarvester })), ['s3://?/hv-prod']);
  });

  it("are all of Longhorn's, Harvester's first, one per place, none without a URL", () => {
    const other = placeOfUrl('s3://other@us-east-1/');
    const view = aView({
      backupTargets: [
        aBackupTarget({ name: 'b', place: other }),
        aBackupTarget({ name: 'a', place: nfs }),
        aBackupTarget({ name: 'c', place: placeOfUrl('s3://other@eu-west-1/') }),
        aBackupTarget({ name: 'd', place: undefined }),
        aBackupTarget(),
      ],
      targetSettings,
    });
    assert.deepEqual(
      currentTargets(view).map(({ target, place }) => [target.name, place.target]),
      [
        ['default', 's3://s3.example.net:9000/hv-prod'],
        ['a', 'nfs://srv.example.net/export'],
        ['b', 's3://?/other'],
      ],
    );
  });

  const FRESH: readonly (readonly [string, Parameters<typeof aBackupTarget>[0], boolean])[] = [
    ['three polls after it was read', { lastSyncedMs: NOW_MS - 15 * MINUTE_MS }, true],
    ['later', { lastSyncedMs: NOW_MS - 15 * MINUTE_MS - 1 }, false],
    ['never read', { lastSyncedMs: undefined }, false],
    ['not polled but read once', { lastSyncedMs: NOW_MS - 1e9, pollIntervalMs: 0 }, true],
    ['not polled and never read', { lastSyncedMs: undefined, pollIntervalMs: 0 }, false],
  ];
  for (const [when, overrides, fresh] of FRESH) {
    it(`are ${fresh ? '' : 'not '}fresh ${when}`, () => {
      const [current] = currentTargets(aView({ backupTargets: [aBackupTarget(overrides)], targetSettings }));
      assert.equal(current?.fresh, fresh);
    });
  }
});

describe('a VMBackup', () => {
  const isAt = (
    location: BackupLocation | undefined,
    view = aView({ backupTargets, targetSettings }),
  ): boolean => isAtCurrentTarget(view, aVmBackup({ location }));

  it('is at the current target however its endpoint is spelled', () => {
    for (const endpoint of [
      'https://s3.example.net:9000',
      'http://S3.example.net:9000/',
      's3.example.net:9000',
    ]) {
      assert.ok(isAt({ endpoint, bucket: 'hv-prod' }), endpoint);
    }
    const virtual = aTargetSetting({
      virtualHostedStyle: true,
      place: placeOfSetting({
        type: 's3',
        endpoint: 'https://hv-prod.s3.example.net',
        bucketName: 'hv-prod',
        bucketRegion: '',
        virtualHostedStyle: true,
      }),
    });
    const view = aView({ backupTargets, targetSettings: [virtual] });
    assert.ok(isAt({ endpoint: 'https://hv-prod.s3.example.net', bucket: 'hv-prod' }, view));
  });

  it('is not at another bucket or host, nor anywhere without a location or a target', () => {
    assert.ok(!isAt({ endpoint: 'https://s3.example.net:9000', bucket: 'other' }));
    assert.ok(!isAt({ endpoint: 'https://s3.example.org:9000', bucket: 'hv-prod' }));
    assert.ok(!isAt({ endpoint: '', bucket: 'hv-prod' }));
    assert.ok(!isAt(undefined));
    assert.ok(!isAt({ endpoint: 'https://s3.example.net:9000', bucket: 'hv-prod' }, aView()));
    assert.ok(!isAtCurrentTarget(aView({ backupTargets, targetSettings }), aVmBackup({ type: 'snapshot' })));
  });

  it('on NFS notes no bucket', () => {
    const view = aView({ backupTargets: [aBackupTarget({ place: nfs })] });
    assert.ok(isAt({ endpoint: 'nfs://srv.example.net:/export', bucket: '' }, view));
    assert.ok(!isAt({ endpoint: 'nfs://srv.example.net:/other', bucket: '' }, view));
  });
});
