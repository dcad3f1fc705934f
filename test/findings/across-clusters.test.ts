import assert from 'node:assert/strict';
import { findSharedTargets } from '../../src/findings/across-clusters.ts';
import { placeOfSetting, type TargetPlace } from '../../src/model/objects/target-place.ts';
import type { ClusterView } from '../../src/model/view.ts';
import {
  aBackupTarget,
  aBackupVolume,
  anErrorBackup,
  aSchedule,
  aTargetSetting,
  aView,
  type ViewOverrides,
} from '../builders.ts';

const placeAt = (endpoint: string): TargetPlace | undefined =>
  placeOfSetting({
    type: 's3',
    endpoint,
    bucketName: 'hv-prod',
    bucketRegion: '',
    virtualHostedStyle: false,
  });

const cluster = (uid: string, endpoint: string, overrides: ViewOverrides = {}): ClusterView =>
  aView({
    clusterUid: uid,
    targetSettings: [aTargetSetting({ place: placeAt(endpoint) })],
    backupTargets: [aBackupTarget()],
    ...overrides,
  });
const volumes = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) =>
    aBackupVolume({ name: `${prefix}${index}`, volume: `pvc-${prefix}-${index}` }),
  );

const PUBLIC = 'https://s3.example.net';
const PRIVATE = 'https://minio.default.svc:9000';

const found = (...views: readonly ClusterView[]) =>
  findSharedTargets(views.map((view, index) => ({ name: `c${index + 1}`, view })));

describe('a target that several clusters use', () => {
  it('is found when its place is public', () => {
    const [finding, ...others] = found(
      cluster('a', PUBLIC),
      cluster('b', PUBLIC),
      cluster('c', 'https://other.example.net'),
    );
    assert.deepEqual(others, []);
    assert.equal(finding?.id, 'HarvesterBackupTargetSharedAcrossClusters');
    assert.equal(finding.severity, 'warning');
    assert.deepEqual(finding.subject, { target: 's3://s3.example.net/hv-prod', clusters: ['c1', 'c2'] });
    assert.deepEqual(finding.remedy.commands, [
      'freezewatch break-loop --context c1',
      'freezewatch break-loop --context c2',
    ]);
  });

  it('is a conflict when two of them write and backups of one are missing', () => {
    const writes = { schedules: [aSchedule()] };
    const harmed = anErrorBackup({ location: { endpoint: PUBLIC, bucket: 'hv-prod' } });
    const [finding] = found(
      cluster('a', PUBLIC, { ...writes, vmBackups: [harmed] }),
      cluster('b', PUBLIC, writes),
    );
    assert.equal(finding?.id, 'HarvesterBackupTargetConflictAcrossClusters');
    assert.equal(finding.severity, 'critical');
  });

  it('is told from an equal name in two private networks by its content', () => {
    const own = (uid: string) => cluster(uid, PRIVATE, { backupVolumes: volumes(uid, 8) });
    assert.deepEqual(found(own('a'), own('b')), []);
    const same = (uid: string) => cluster(uid, PRIVATE, { backupVolumes: volumes('same', 8) });
    assert.equal(found(same('a'), same('b')).length, 1);
    const few = (uid: string) => cluster(uid, PRIVATE, { backupVolumes: volumes('same', 3) });
    assert.deepEqual(found(few('a'), few('b')), []);
  });

  it('is none where two contexts lead to one cluster, or a uid is not known', () => {
    assert.deepEqual(found(cluster('a', PUBLIC), cluster('a', PUBLIC)), []);
    assert.deepEqual(
      found(cluster('a', PUBLIC), aView({ ...cluster('b', PUBLIC), clusterUid: undefined })),
      [],
    );
  });
});
