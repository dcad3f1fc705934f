import assert from 'node:assert/strict';
import { DAY_MS, HOUR_MS, MINUTE_MS, TargetCluster } from './target-cluster.ts';
import { aBackup, aBackupVolume, aSchedule, aVmBackup, aVolume, SCHEDULED_NAME } from './target-objects.ts';

/** VM prod/db with one volume, `own`, backed up by this cluster to its target; watched for a while. */
function aWorkingCluster(options: ConstructorParameters<typeof TargetCluster>[0] = {}): TargetCluster {
  const cluster = new TargetCluster(options);
  cluster.setting();
  cluster.target();
  cluster.set('longhornVolumes', aVolume('own'));
  cluster.set('backupVolumes', aBackupVolume('own', cluster.nowMs));
  cluster.set('schedules', aSchedule());
  cluster.startExporter();
  cluster.wait(HOUR_MS);
  ownBackup(cluster, 'own-1');
  cluster.wait(HOUR_MS);
  return cluster;
}

function ownBackup(cluster: TargetCluster, name: string): void {
  const atMs = cluster.nowMs;
  cluster.set('longhornBackups', aBackup({ name, volume: 'own', seenMs: atMs, madeMs: atMs, native: true }));
  cluster.set('vmBackups', aVmBackup({ name: `vm-${name}`, volume: 'own', backup: name, createdMs: atMs }));
}

/** The other cluster's first backup is in the store; ours pulls it. Then it makes another one. */
function peerWrites(cluster: TargetCluster, name = 'peer', { skewMs = 0 } = {}): void {
  const { nowMs } = cluster;
  if (!cluster.has('backupVolumes', 'theirs-8dd83638')) {
    cluster.set('backupVolumes', aBackupVolume('theirs', nowMs));
    cluster.set(
      'longhornBackups',
      aBackup({ name: `${name}-0`, volume: 'theirs', seenMs: nowMs, madeMs: nowMs - 5 * MINUTE_MS + skewMs }),
    );
  }
  cluster.wait(10 * MINUTE_MS);
  const seenMs = cluster.nowMs;
  cluster.set(
    'longhornBackups',
    aBackup({ name: `${name}-1`, volume: 'theirs', seenMs, madeMs: seenMs - 2 * MINUTE_MS + skewMs }),
  );
}

/** Longhorn >= 1.7.2 notices that the data of a native backup is gone: it marks the object, then removes it. */
function vanish(cluster: TargetCluster, name: string): void {
  const madeMs = cluster.nowMs - HOUR_MS;
  cluster.set(
    'longhornBackups',
    aBackup({ name, volume: 'own', seenMs: madeMs, madeMs, native: true, vanishing: true }),
  );
  cluster.delete('longhornBackups', name);
}

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

  it('tells nothing in the first minutes after the start, until every input was listed', () => {
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

  it('tells nothing while Longhorn has not read the store for three polls', () => {
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
    assert.equal(cluster.level(), 1, 'deleting it ends the loop');
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

describe('a sharing that is allowed', () => {
  const untilMs = Date.UTC(2025, 2, 1, 12);
  const targetId = aWorkingCluster().targetId() ?? '';

  for (const target of [targetId, 'uid-of-this-cluster']) {
    it(`counts as 1 until the date, named by ${target === targetId ? 'the target' : 'this cluster'}`, () => {
      const cluster = aWorkingCluster({ allowedSharing: [{ target, untilMs }] });
      peerWrites(cluster);
      assert.equal(cluster.level(), 1);
      cluster.wait(untilMs - cluster.nowMs - 1);
      assert.equal(cluster.level(), 1);
      cluster.wait(1);
      assert.equal(cluster.level(), 2);
    });
  }

  it('does not hide a conflict', () => {
    const cluster = aWorkingCluster({ allowedSharing: [{ target: targetId, untilMs }] });
    peerWrites(cluster);
    vanish(cluster, 'own-1');
    cluster.wait(5 * MINUTE_MS);
    assert.equal(cluster.level(), 3);
  });

  it('of another target or cluster changes nothing', () => {
    const cluster = aWorkingCluster({ allowedSharing: [{ target: 'uid-of-the-peer', untilMs }] });
    peerWrites(cluster);
    assert.equal(cluster.level(), 2);
  });
});
