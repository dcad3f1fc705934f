import assert from 'node:assert/strict';
import { DAY_MS, HOUR_MS, MINUTE_MS } from './target-cluster.ts';
import { aWorkingCluster, ownBackup, peerWrites, vanish } from './target-events.ts';
import { aBackup, aBackupVolume, aVmBackup, SCHEDULED_NAME } from './target-objects.ts';

describe('the incident on Harvester 1.4.1', () => {
  it("seen by the cluster that imported the other's backups: a conflict 15 minutes after the first error", () => {
    const cluster = aWorkingCluster({ harvester: 'v1.4.1' });
    cluster.set('backupVolumes', aBackupVolume('theirs', cluster.nowMs));
    const createdMs = cluster.nowMs;
    const zombie = {
      name: SCHEDULED_NAME.replace('6d1f', 'ffff'),
      volume: 'theirs',
      backup: 'gone',
      createdMs,
      imported: true,
    };
    cluster.set('vmBackups', aVmBackup({ ...zombie, notFoundMs: createdMs }));
    assert.deepEqual(cluster.signals(), {
      foreign_volume: 1,
      imported_backup: 1,
      foreign_schedule: 1,
      not_found: 1,
      local_writer: 1,
    });
    cluster.wait(15 * MINUTE_MS);
    assert.equal(cluster.level(), 1, 'it may be an import that was faster than Longhorn');
    cluster.wait(1);
    assert.equal(cluster.level(), 3);
    cluster.delete('vmBackups', zombie.name, 'prod');
    assert.equal(cluster.level(), 2, 'deleting it ends the loop, not its cause');
  });

  it('seen by the cluster whose own backup came back as a zombie: there is no sign of the other, but a conflict', () => {
    const cluster = aWorkingCluster({ harvester: 'v1.4.1' });
    cluster.delete('vmBackups', 'vm-own-1', 'prod');
    cluster.delete('longhornBackups', 'own-1');
    cluster.wait(HOUR_MS);
    const createdMs = cluster.nowMs;
    const zombie = {
      name: 'vm-own-1',
      volume: 'own',
      backup: 'own-1',
      createdMs,
      imported: true,
      notFoundMs: createdMs,
    };
    cluster.set('vmBackups', aVmBackup(zombie));
    cluster.wait(15 * MINUTE_MS);
    assert.deepEqual(cluster.signals(), { imported_backup: 1, not_found: 1, local_writer: 1 });
    assert.equal(cluster.level(), 0);
    cluster.wait(1);
    assert.equal(cluster.level(), 3);
  });

  it('passes by itself as an import that was faster than Longhorn: no alarm', () => {
    const cluster = aWorkingCluster({ harvester: 'v1.4.1' });
    const createdMs = cluster.nowMs;
    const early = { name: 'early', volume: 'own', backup: 'own-0', createdMs, imported: true };
    cluster.set('vmBackups', aVmBackup({ ...early, notFoundMs: createdMs }));
    cluster.wait(5 * MINUTE_MS);
    cluster.set(
      'longhornBackups',
      aBackup({ name: 'own-0', volume: 'own', seenMs: cluster.nowMs, madeMs: createdMs - DAY_MS }),
    );
    assert.equal(cluster.level(), 0);
    cluster.set('vmBackups', aVmBackup(early));
    cluster.wait(HOUR_MS);
    assert.equal(cluster.level(), 0);
  });

  it('is not blamed on the target that an old import was made for', () => {
    const cluster = aWorkingCluster({ harvester: 'v1.4.1' });
    const createdMs = cluster.nowMs;
    cluster.set(
      'vmBackups',
      aVmBackup({
        name: 'old',
        volume: 'theirs',
        backup: 'gone',
        createdMs,
        imported: true,
        notFoundMs: createdMs,
        endpoint: 'https://old.example.net',
      }),
    );
    cluster.wait(HOUR_MS);
    assert.deepEqual(cluster.signals(), { local_writer: 1 });
    assert.equal(cluster.level(), 0);
  });

  it('waits two polls where polls are rare', () => {
    const cluster = aWorkingCluster({ harvester: 'v1.4.1' });
    cluster.target({ pollMs: HOUR_MS });
    const createdMs = cluster.nowMs;
    cluster.set(
      'vmBackups',
      aVmBackup({
        name: 'zombie',
        volume: 'own',
        backup: 'gone',
        createdMs,
        imported: true,
        notFoundMs: createdMs,
      }),
    );
    cluster.wait(2 * HOUR_MS);
    assert.equal(cluster.level(), 0);
    cluster.wait(1);
    assert.equal(cluster.level(), 3);
  });
});

for (const harvester of ['v1.7.1', 'v1.8.1']) {
  describe(`the same misuse on Harvester ${harvester.slice(1, 4)}`, () => {
    it('leaves backups that are ready but dangling: a conflict after two polls', () => {
      const cluster = aWorkingCluster({ harvester });
      peerWrites(cluster);
      assert.equal(cluster.level(), 2);
      // Without Longhorn's mark, as if it was overlooked.
      cluster.delete('longhornBackups', 'own-1');
      cluster.wait(10 * MINUTE_MS);
      assert.equal(cluster.level(), 2);
      cluster.wait(1);
      assert.deepEqual(cluster.signals(), {
        foreign_volume: 1,
        live_foreign_write: 1,
        dangling: 1,
        local_writer: 1,
      });
      assert.equal(cluster.level(), 3);
    });

    it('is "Change back to non-ready" where Harvester refreshes: a conflict at once', () => {
      const cluster = aWorkingCluster({ harvester });
      peerWrites(cluster);
      cluster.set(
        'vmBackups',
        aVmBackup({
          name: 'vm-own-1',
          volume: 'own',
          backup: 'own-1',
          createdMs: cluster.nowMs,
          degraded: true,
        }),
      );
      assert.deepEqual(cluster.signals(), {
        foreign_volume: 1,
        live_foreign_write: 1,
        degraded: 1,
        local_writer: 1,
      });
      assert.equal(cluster.level(), 3);
    });

    it('without a live foreign write is only a suspicion: level 2 for many losses beside artefacts', () => {
      const cluster = aWorkingCluster({ harvester });
      cluster.set('backupVolumes', aBackupVolume('theirs', cluster.nowMs));
      for (const name of ['own-2', 'own-3']) ownBackup(cluster, name);
      cluster.wait(HOUR_MS);
      for (const name of ['own-1', 'own-2']) vanish(cluster, name);
      cluster.wait(20 * MINUTE_MS);
      assert.equal(cluster.level(), 1, 'two may be an accident');
      vanish(cluster, 'own-3');
      cluster.wait(MINUTE_MS);
      assert.equal(cluster.level(), 2);
      cluster.wait(HOUR_MS);
      assert.equal(cluster.level(), 1, 'an hour later it is past');
    });
  });
}
