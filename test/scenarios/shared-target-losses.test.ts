import assert from 'node:assert/strict';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './target-cluster.ts';
import { aWorkingCluster, ownBackup, peerWrites, vanish } from './target-events.ts';
import { aBackup, aBackupVolume } from './target-objects.ts';

describe('a backup target with losses', () => {
  it('whose NFS server answers an empty list for a poll is whole again, at level 0 throughout', () => {
    const cluster = aWorkingCluster();
    const madeMs = cluster.nowMs - HOUR_MS;
    const names = ['own-1', 'own-2', 'own-3', 'own-4'];
    for (const name of names.slice(1)) ownBackup(cluster, name);
    cluster.wait(HOUR_MS);
    cluster.delete('backupVolumes', 'own-8dd83638');
    for (const name of names) vanish(cluster, name);
    const levels = new Set<number | undefined>();
    for (let minutes = 0; minutes < 10; minutes += 1) {
      cluster.wait(MINUTE_MS);
      levels.add(cluster.level());
      assert.equal(cluster.signals().dangling, undefined, 'until two polls have passed');
    }
    cluster.set('backupVolumes', aBackupVolume('own', cluster.nowMs));
    for (const name of names)
      cluster.set('longhornBackups', aBackup({ name, volume: 'own', seenMs: cluster.nowMs, madeMs }));
    cluster.wait(HOUR_MS);
    levels.add(cluster.level());
    assert.deepEqual(levels, new Set([0]));
    assert.equal(cluster.removed(), 4, 'the counter tells that it happened');
  });

  it('whose bucket has a lifecycle rule loses data, which is no conflict', () => {
    const cluster = aWorkingCluster();
    for (const name of ['own-2', 'own-3', 'own-4', 'own-5']) ownBackup(cluster, name);
    cluster.wait(DAY_MS);
    for (const name of ['own-1', 'own-2', 'own-3', 'own-4']) vanish(cluster, name);
    cluster.wait(10 * MINUTE_MS);
    assert.equal(cluster.signals().dangling, undefined, 'for two polls it may be passing');
    cluster.wait(1);
    assert.deepEqual(cluster.signals(), { dangling: 4, local_writer: 1 });
    assert.equal(cluster.removed(), 4);
    assert.equal(cluster.level(), 0);
  });

  it('that another cluster works on as well is shared, and a conflict once data is missing', () => {
    const cluster = aWorkingCluster();
    peerWrites(cluster);
    assert.deepEqual(cluster.signals(), { foreign_volume: 1, live_foreign_write: 1, local_writer: 1 });
    assert.equal(cluster.level(), 2);
    vanish(cluster, 'own-1');
    cluster.nowMs += MINUTE_MS - 1;
    assert.equal(cluster.level(), 2);
    cluster.nowMs += 1;
    assert.equal(cluster.level(), 3, 'when the removal is settled');
    cluster.wait(7 * DAY_MS - HOUR_MS);
    assert.equal(cluster.level(), 3, 'as long as the foreign writes are of the week');
    cluster.wait(HOUR_MS);
    assert.equal(cluster.level(), 1);
  });

  it('is unknown in the first minutes after the start, until every input was listed', () => {
    const cluster = aWorkingCluster();
    peerWrites(cluster);
    const inputs = [
      'vmBackups',
      'longhornBackups',
      'backupVolumes',
      'longhornVolumes',
      'persistentVolumes',
    ] as const;
    for (const kind of [...inputs, 'backupTargets', 'targetSettings'] as const) {
      cluster.startExporter(kind);
      assert.equal(cluster.level(), undefined, kind);
      assert.equal(cluster.signals().foreign_volume, undefined, kind);
      cluster.list(kind);
      assert.equal(cluster.level(), 2, kind);
    }
  });

  it('misses nothing for long right after a start: what is gone since when, it cannot know', () => {
    const cluster = aWorkingCluster();
    cluster.delete('longhornBackups', 'own-1');
    cluster.startExporter();
    cluster.wait(10 * MINUTE_MS);
    assert.equal(cluster.signals().dangling, undefined);
    cluster.wait(1);
    assert.equal(cluster.signals().dangling, 1);
  });

  it('is unknown while Longhorn has not read the store for three polls', () => {
    const cluster = aWorkingCluster();
    peerWrites(cluster);
    cluster.target();
    cluster.stopPolling();
    cluster.wait(15 * MINUTE_MS);
    assert.equal(cluster.level(), 2);
    cluster.wait(1);
    assert.equal(cluster.level(), undefined);
    assert.deepEqual(cluster.signals(), { local_writer: 1 });
    cluster.resumePolling();
    assert.equal(cluster.level(), 2);
  });

  it('that is never polled is never said to be free of signs, but proof counts', () => {
    const cluster = aWorkingCluster();
    cluster.target({ pollMs: 0 });
    assert.equal(cluster.level(), undefined);
    peerWrites(cluster);
    assert.equal(cluster.level(), 2);
  });
});

describe('many losses beside artefacts', () => {
  it('are a conflict on Harvester 1.4.1, where they freeze VMs', () => {
    const cluster = aWorkingCluster({ harvester: 'v1.4.1' });
    cluster.set('backupVolumes', aBackupVolume('theirs', cluster.nowMs));
    for (const name of ['own-2', 'own-3']) ownBackup(cluster, name);
    cluster.wait(HOUR_MS);
    for (const name of ['own-1', 'own-2', 'own-3']) vanish(cluster, name);
    cluster.wait(MINUTE_MS);
    assert.equal(cluster.level(), 3);
  });

  it('are over when the backups return', () => {
    const cluster = aWorkingCluster({ harvester: 'v1.4.1' });
    cluster.set('backupVolumes', aBackupVolume('theirs', cluster.nowMs));
    const madeMs = cluster.nowMs - HOUR_MS;
    const names = ['own-1', 'own-2', 'own-3'];
    for (const name of names.slice(1)) ownBackup(cluster, name);
    cluster.wait(HOUR_MS);
    for (const name of names) vanish(cluster, name);
    for (const name of names)
      cluster.set('longhornBackups', aBackup({ name, volume: 'own', seenMs: cluster.nowMs, madeMs }));
    cluster.wait(5 * MINUTE_MS);
    assert.equal(cluster.level(), 1);
  });

  it('do not count after a restart, which makes every loss look recent', () => {
    const cluster = aWorkingCluster({ harvester: 'v1.4.1' });
    cluster.set('backupVolumes', aBackupVolume('theirs', cluster.nowMs));
    for (const name of ['own-2', 'own-3', 'own-4']) ownBackup(cluster, name);
    cluster.wait(HOUR_MS);
    for (const name of ['own-1', 'own-2', 'own-3']) vanish(cluster, name);
    cluster.wait(2 * HOUR_MS);
    cluster.startExporter();
    cluster.wait(HOUR_MS);
    assert.equal(cluster.signals().dangling, 3);
    assert.equal(cluster.level(), 1);
  });
});
