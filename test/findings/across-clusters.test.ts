import assert from 'node:assert/strict';
import { findSharedTargets } from '../../src/findings/across-clusters.ts';
import { placeOfSetting, placeOfUrl, type TargetPlace } from '../../src/model/objects/target-place.ts';
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

  it('is not found where two contexts lead to one cluster, or a uid is not known', () => {
    assert.deepEqual(found(cluster('a', PUBLIC), cluster('a', PUBLIC)), []);
    assert.deepEqual(
      found(cluster('a', PUBLIC), aView({ ...cluster('b', PUBLIC), clusterUid: undefined })),
      [],
    );
  });
});

describe('one store under two names', () => {
  const writer = (uid: string, endpoint: string, prefix: string, count: number, more: ViewOverrides = {}) =>
    cluster(uid, endpoint, {
      schedules: [aSchedule()],
      backupVolumes: volumes(prefix, count),
      ...more,
    });
  const titles = (...views: readonly ClusterView[]) => found(...views).map(({ title }) => title);

  it('is found by its content, and may be a copy', () => {
    const [finding, ...others] = found(
      writer('a', 'http://s3.lab.internal:9000', 'same', 9),
      writer('b', 'http://10.20.30.40:9000', 'same', 9),
    );
    assert.deepEqual(others, []);
    assert.equal(finding?.id, 'HarvesterBackupTargetSharedAcrossClusters');
    assert.equal(
      finding.title,
      'Clusters c1, c2 use one store, or a copy of it: s3://s3.lab.internal:9000/hv-prod, s3://10.20.30.40:9000/hv-prod',
    );
    assert.match(finding.explanation, /^The names differ, and the stores hold the same volumes/);
  });

  it('is found for NFS, for a public and a private name, and among three clusters as one', () => {
    const nfs = (uid: string, url: string) =>
      writer(uid, PUBLIC, 'same', 9, {
        targetSettings: [],
        backupTargets: [aBackupTarget({ place: placeOfUrl(url) })],
      });
    assert.equal(titles(nfs('a', 'nfs://nas.lab.internal:/b'), nfs('b', 'nfs://10.1.2.3:/b')).length, 1);
    assert.equal(titles(writer('a', PUBLIC, 'same', 9), writer('b', PRIVATE, 'same', 9)).length, 1);
    const [three, ...others] = found(
      writer('a', 'http://one.lab.internal', 'same', 9),
      writer('b', 'http://two.lab.internal', 'same', 9),
      writer('c', 'http://two.lab.internal', 'same', 9),
    );
    assert.deepEqual([three?.subject.clusters, others], [['c1', 'c2', 'c3'], []]);
  });

  it('is a conflict when backups of one of the writers are missing', () => {
    const endpoint = 'http://10.20.30.40:9000';
    const vmBackups = [anErrorBackup({ location: { endpoint, bucket: 'hv-prod' } })];
    const [finding] = found(writer('a', endpoint, 'same', 9, { vmBackups }), writer('b', PRIVATE, 'same', 9));
    assert.equal(finding?.id, 'HarvesterBackupTargetConflictAcrossClusters');
  });

  it('is not found for a reader of a copy, other content, few volumes, or two targets of one cluster', () => {
    assert.deepEqual(
      titles(writer('a', PUBLIC, 'same', 9), writer('b', PRIVATE, 'same', 9, { schedules: [] })),
      [],
    );
    assert.deepEqual(titles(writer('a', PUBLIC, 'one', 9), writer('b', PRIVATE, 'other', 9)), []);
    assert.deepEqual(titles(writer('a', PUBLIC, 'same', 5), writer('b', PRIVATE, 'same', 5)), []);
    const second = aBackupTarget({ name: 'second', place: placeOfUrl('nfs://srv:/x') });
    const inSecond = volumes('same', 9).map((each) => ({
      ...each,
      name: `second-${each.name}`,
      target: 'second',
    }));
    const both = writer('a', PUBLIC, 'same', 9, {
      backupTargets: [aBackupTarget(), second],
      backupVolumes: [...volumes('same', 9), ...inSecond],
    });
    assert.deepEqual(titles(both), []);
  });
});
