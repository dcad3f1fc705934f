import assert from 'node:assert/strict';
import { DAY_MS, HOUR_MS, MINUTE_MS, TargetCluster } from './target-cluster.ts';
import { aWorkingCluster, ownBackup, peerWrites, vanish } from './target-events.ts';
import { aBackup, aBackupVolume, aVmBackup, aVolume } from './target-objects.ts';

describe('a backup target', () => {
  it('of one cluster alone shows no sign of another', () => {
    const cluster = aWorkingCluster();
    assert.deepEqual(cluster.signals(), { local_writer: 1 });
    assert.equal(cluster.level(), 0);
    cluster.wait(30 * DAY_MS);
    assert.equal(cluster.level(), 0);
  });

  it('that a migration reads once holds artefacts, and is shared only while the old cluster writes', () => {
    const cluster = new TargetCluster();
    cluster.setting();
    cluster.target();
    cluster.startExporter();
    cluster.wait(HOUR_MS);
    peerWrites(cluster);
    cluster.set(
      'vmBackups',
      aVmBackup({
        name: 'imported',
        volume: 'theirs',
        backup: 'peer-0',
        createdMs: cluster.nowMs,
        imported: true,
      }),
    );
    assert.deepEqual(cluster.signals(), { foreign_volume: 1, live_foreign_write: 1, imported_backup: 1 });
    assert.equal(cluster.level(), 2);
    // The VM is restored here, and the old cluster retires.
    cluster.set('longhornVolumes', aVolume('restored', 'theirs'));
    cluster.wait(DAY_MS - 2 * MINUTE_MS);
    assert.equal(cluster.level(), 2, 'a day after the last foreign backup');
    cluster.wait(MINUTE_MS);
    assert.equal(cluster.level(), 1);
    cluster.wait(6 * DAY_MS);
    assert.deepEqual(cluster.signals(), { imported_backup: 1 }, 'the restored volume is taken over');
    assert.equal(cluster.level(), 0);
  });

  it('that a disaster-recovery site reads is shared, but never a conflict there: the reader writes nothing', () => {
    const cluster = new TargetCluster();
    cluster.setting();
    cluster.target();
    cluster.set('longhornVolumes', aVolume('standby', 'theirs'));
    cluster.startExporter();
    cluster.wait(HOUR_MS);
    for (let day = 0; day < 10; day += 1) {
      peerWrites(cluster, `day-${day}`);
      assert.equal(cluster.level(), 2);
      assert.equal(cluster.signals().local_writer, undefined);
      cluster.wait(DAY_MS - HOUR_MS);
    }
    // The peer's retention deletes what this cluster had imported.
    cluster.set(
      'vmBackups',
      aVmBackup({
        name: 'old',
        volume: 'theirs',
        backup: 'gone',
        createdMs: cluster.nowMs,
        imported: true,
        degraded: true,
      }),
    );
    cluster.wait(HOUR_MS / 2);
    assert.equal(cluster.level(), 2);
  });

  it('that a re-installed cluster adopts again holds artefacts of its former self', () => {
    const cluster = new TargetCluster();
    cluster.setting();
    cluster.target();
    cluster.startExporter();
    cluster.wait(HOUR_MS);
    const { nowMs } = cluster;
    for (const volume of ['former-1', 'former-2']) {
      cluster.set('backupVolumes', aBackupVolume(volume, nowMs));
      for (const day of [1, 2, 3]) {
        const name = `${volume}-${day}`;
        cluster.set(
          'longhornBackups',
          aBackup({ name, volume, seenMs: nowMs + MINUTE_MS, madeMs: nowMs - day * DAY_MS }),
        );
        cluster.set(
          'vmBackups',
          aVmBackup({ name: `vm-${name}`, volume, backup: name, createdMs: nowMs, imported: true }),
        );
      }
    }
    cluster.set('longhornVolumes', aVolume('own'));
    ownBackup(cluster, 'own-1');
    cluster.wait(HOUR_MS);
    assert.deepEqual(cluster.signals(), { foreign_volume: 2, imported_backup: 6, local_writer: 1 });
    assert.equal(cluster.level(), 1);
    cluster.set('longhornVolumes', aVolume('restored-1', 'former-1'));
    cluster.set('longhornVolumes', aVolume('restored-2', 'former-2'));
    assert.equal(cluster.level(), 0, 'restored, they are its own');
  });

  it('knows the volume of a VM that was restored under a new UID', () => {
    const cluster = aWorkingCluster();
    cluster.delete('longhornVolumes', 'own');
    cluster.set('longhornVolumes', aVolume('own-restored', 'own'));
    cluster.wait(DAY_MS);
    assert.deepEqual(cluster.signals(), { local_writer: 1 });
    assert.equal(cluster.level(), 0);
  });

  it('knows the volume of a deleted VM while its backups remain, also after a restart', () => {
    const cluster = aWorkingCluster();
    cluster.delete('longhornVolumes', 'own');
    cluster.wait(DAY_MS);
    assert.equal(cluster.level(), 0);
    cluster.startExporter();
    cluster.wait(DAY_MS);
    assert.equal(cluster.level(), 0);
  });

  it('that was disconnected and connected again is no loss, although its backups return as foreign ones', () => {
    const cluster = aWorkingCluster();
    const madeMs = cluster.nowMs - HOUR_MS;
    cluster.target({ url: '' });
    vanish(cluster, 'own-1');
    cluster.delete('backupVolumes', 'own-8dd83638');
    assert.equal(cluster.level(), undefined, 'there is no target');
    cluster.wait(3 * MINUTE_MS);
    cluster.target({ url: 's3://hv-prod@us-east-1/' });
    assert.equal(cluster.level(), 0);
    cluster.wait(5 * MINUTE_MS);
    cluster.set('backupVolumes', aBackupVolume('own', cluster.nowMs));
    cluster.set('longhornBackups', aBackup({ name: 'own-1', volume: 'own', seenMs: cluster.nowMs, madeMs }));
    for (let minutes = 0; minutes < 60; minutes += 1) {
      cluster.wait(MINUTE_MS);
      assert.deepEqual(cluster.signals(), { local_writer: 1 });
      assert.equal(cluster.level(), 0);
      assert.equal(cluster.removed(), 0);
    }
  });

  it('counts no removal that the news of its change overtook', () => {
    const cluster = aWorkingCluster();
    vanish(cluster, 'own-1');
    assert.equal(cluster.removed(), 0, 'not settled');
    cluster.nowMs += MINUTE_MS - 1;
    assert.equal(cluster.removed(), 0);
    cluster.target({ url: '' });
    cluster.target({ url: 's3://hv-prod@us-east-1/' });
    cluster.wait(HOUR_MS / 6);
    assert.equal(cluster.removed(), 0);
    cluster.set(
      'longhornBackups',
      aBackup({ name: 'own-2', volume: 'own', seenMs: cluster.nowMs, madeMs: cluster.nowMs, native: true }),
    );
    cluster.wait(1);
    vanish(cluster, 'own-2');
    cluster.wait(MINUTE_MS);
    assert.equal(cluster.removed(), 1, 'ten minutes after the change');
  });

  for (const skewMs of [-2 * MINUTE_MS, 2 * MINUTE_MS]) {
    it(`takes no old backup for a live one when the clocks differ by ${skewMs / MINUTE_MS} minutes`, () => {
      const cluster = aWorkingCluster();
      const { nowMs } = cluster;
      cluster.set('backupVolumes', aBackupVolume('theirs', nowMs));
      cluster.set(
        'longhornBackups',
        aBackup({ name: 'peer-0', volume: 'theirs', seenMs: nowMs, madeMs: nowMs + skewMs }),
      );
      assert.deepEqual(cluster.signals(), { foreign_volume: 1, local_writer: 1 });
      assert.equal(cluster.level(), 1);
      peerWrites(cluster, 'peer', { skewMs });
      assert.equal(
        cluster.signals().live_foreign_write,
        1,
        'a live one ten minutes later is seen all the same',
      );
      assert.equal(cluster.level(), 2);
    });
  }
});
