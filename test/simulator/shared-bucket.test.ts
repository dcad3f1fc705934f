import assert from 'node:assert/strict';
import type { SimulatedWorldCluster } from '../../simulator/cluster.ts';
import type { ClusterSpec } from '../../simulator/cluster-spec.ts';
import { clusterSpec, scheduleSpec, targetSpec, vmSpec } from '../../simulator/cluster-spec.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { BACKUP_VOLUMES, LONGHORN_BACKUPS, VM_BACKUPS } from '../../simulator/objects/keys.ts';
import { vmBackupOf } from '../../simulator/objects/vm-backup.ts';
import { truth } from '../../simulator/truth.ts';
import type { World } from '../../simulator/world.ts';
import { createWorld } from '../../simulator/world.ts';
import { HOUR_MS, MINUTE_MS, START } from './world-of.ts';

const TARGET = targetSpec({ bucket: 'shared', refreshIntervalMs: 10 * MINUTE_MS });

/** `owner` backs up erp/db-01 each hour and keeps two; `other` shares its bucket and has no VMs. Resyncs come after 3 and 4 hours. */
function twoClusters(
  version: string,
  owner: Partial<ClusterSpec> = {},
): { world: World; clock: VirtualClock; owner: SimulatedWorldCluster; other: SimulatedWorldCluster } {
  const clock = new VirtualClock(START);
  const both = {
    harvesterVersion: version,
    nodes: ['node-1'],
    target: TARGET,
    backgroundNoise: false,
  } as const;
  const world = createWorld({
    clock,
    clusters: [
      clusterSpec({
        ...both,
        name: 'owner',
        vms: [vmSpec({ namespace: 'erp', name: 'db-01', node: 'node-1' })],
        schedules: [
          scheduleSpec({ namespace: 'erp', name: 'hourly', vm: 'db-01', firstAfterMs: MINUTE_MS, retain: 2 }),
        ],
        firstResyncMs: 4.5 * HOUR_MS,
        ...owner,
      }),
      clusterSpec({ ...both, name: 'other', firstResyncMs: 3.5 * HOUR_MS }),
    ],
  });
  return { world, clock, owner: world.cluster('owner'), other: world.cluster('other') };
}

const count = (cluster: SimulatedWorldCluster, state: string, imported?: boolean): number =>
  truth(cluster).vmBackups.filter(
    (backup) => backup.state === state && (imported === undefined || backup.imported === imported),
  ).length;

describe('two clusters on one bucket', () => {
  it('see each other’s backups pulled, without a snapshot name', () => {
    const { clock, other } = twoClusters('1.4.1');
    clock.advance(HOUR_MS);
    const [pulled] = other.site.store.list(LONGHORN_BACKUPS);
    assert.equal((pulled?.spec as { snapshotName: string }).snapshotName, '');
    assert.equal((pulled?.status as { state: string }).state, 'Completed');
    assert.equal(
      other.site.store.list(BACKUP_VOLUMES)[0]?.metadata.name,
      pulled?.metadata.labels?.['backup-volume'],
    );
  });

  it('make the freeze loop up to 1.4.1 from that mistake alone: deletion, zombie metadata, import, not found', () => {
    const { clock, owner, other } = twoClusters('1.4.1');
    other.harvester?.targetImport.run();
    clock.advance(HOUR_MS);
    other.harvester?.targetImport.run();
    clock.advance(2 * HOUR_MS);
    assert.equal(count(owner, 'error'), 0, 'nothing is wrong at the owner yet');
    assert.ok(count(other, 'dangling', true) > 0, 'the other believes in backups that are gone');
    clock.advance(HOUR_MS);
    const zombies = owner.harvester?.bucket
      .metadata()
      .filter(({ name, namespace }) => owner.site.store.get(VM_BACKUPS, namespace, name) === undefined);
    assert.ok((zombies?.length ?? 0) > 0, 'the other put back what the owner deleted');
    clock.advance(HOUR_MS);
    const broken = truth(owner).vmBackups.filter(({ state }) => state === 'error');
    assert.equal(broken.length, zombies?.length);
    const [first] = broken;
    const backup = vmBackupOf(owner.site.store.get(VM_BACKUPS, 'erp', first?.name ?? ''));
    assert.match(
      backup?.status.error?.message ?? '',
      /^backups\.longhorn\.io "backup-[0-9a-f]{16}" not found$/,
    );
    assert.equal(backup?.status.sourceUID, undefined);
    const since = clock.now();
    clock.advance(HOUR_MS);
    const calls = owner.site.ledger.total('freeze_call', since) / broken.length;
    assert.ok(calls > 50 && calls < 90, `${calls} freeze calls per hour and VMBackup`);
    assert.equal(other.site.ledger.total('freeze_call'), 0, 'the other has no such VM to freeze');
  });

  it('do not import metadata without data from 1.4.2 on', () => {
    const { clock, owner } = twoClusters('1.7.1');
    clock.advance(8 * HOUR_MS);
    assert.equal(count(owner, 'error'), 0);
    assert.equal(truth(owner).vmBackups.filter(({ imported }) => imported).length, 0);
  });

  it('leave Ready what has lost its data, on 1.7 without a refresh interval', () => {
    const withoutRefresh = { target: { ...TARGET, refreshIntervalMs: 0 } };
    const { clock, owner, other } = twoClusters('1.7.1', withoutRefresh);
    clock.advance(1.5 * HOUR_MS);
    deleteAll(other);
    clock.advance(10 * MINUTE_MS);
    assert.equal(count(owner, 'dangling', false), 2);
    assert.equal(truth(owner).removedNativeBackups, 2);
  });

  it('say so in a condition on 1.7 with one, beside a readyToUse that stays true', () => {
    const { clock, owner, other } = twoClusters('1.7.1');
    clock.advance(1.5 * HOUR_MS);
    deleteAll(other);
    clock.advance(20 * MINUTE_MS);
    const [backup] = owner.site.store.list(VM_BACKUPS).map((object) => vmBackupOf(object));
    const ready = backup?.status.conditions?.find(({ type }) => type === 'Ready');
    assert.equal(ready?.message, 'Change back to non-ready');
    assert.match(
      ready.reason ?? '',
      /^cannot find longhorn backup backup-[0-9a-f]{16} in the backup target$/,
    );
    assert.equal(backup?.status.readyToUse, true);
    assert.equal(count(owner, 'degraded'), 2);
  });

  it('say so for a moment on 1.6, which forgets it at once and calls the backup newer than it is', () => {
    const { clock, owner, other } = twoClusters('1.6.1');
    clock.advance(1.5 * HOUR_MS);
    const [before] = owner.site.store.list(VM_BACKUPS).map((object) => vmBackupOf(object));
    let said = 0;
    owner.site.store.subscribe(({ object }) => {
      if (JSON.stringify(object.status ?? '').includes('Change back to non-ready')) said += 1;
    });
    deleteAll(other);
    clock.advance(25 * MINUTE_MS);
    const after = vmBackupOf(owner.site.store.get(VM_BACKUPS, 'erp', before?.metadata.name ?? ''));
    assert.ok(said >= 2, `said ${said} times`);
    assert.equal(after?.status.readyToUse, true);
    assert.ok((after.status.creationTime ?? '') > (before?.status.creationTime ?? ''));
  });

  it('show the removal of objects alone by a label that a watch can see, where the release sets it', () => {
    for (const [version, labelled] of [
      ['1.3.2', false],
      ['1.4.1', true],
      ['1.7.1', true],
    ] as const) {
      const { clock, owner, other } = twoClusters(version);
      const seen: string[] = [];
      owner.site.store.subscribe(({ type, kind, object }) => {
        if (kind.plural !== 'backups') return;
        if (object.metadata.labels?.['longhorn.io/delete-custom-resource-only'] === 'true') seen.push(type);
      });
      other.harvester?.targetImport.run();
      clock.advance(1.5 * HOUR_MS);
      other.harvester?.targetImport.run();
      clock.advance(MINUTE_MS);
      owner.harvester?.bucket
        .volumes()
        .forEach(({ name }) =>
          owner.harvester?.bucket
            .backupsOf(name)
            .forEach((backup) => owner.harvester?.bucket.deleteBackup(name, backup.name)),
        );
      clock.advance(10 * MINUTE_MS);
      assert.equal(seen.includes('MODIFIED') && seen.includes('DELETED'), labelled, version);
      assert.deepEqual(owner.site.store.list(LONGHORN_BACKUPS), []);
    }
  });
});

function deleteAll({ site }: SimulatedWorldCluster): void {
  const imported = site.store.list(VM_BACKUPS);
  assert.equal(imported.length, 2);
  for (const { metadata } of imported) site.store.remove(VM_BACKUPS, metadata.namespace ?? '', metadata.name);
}
