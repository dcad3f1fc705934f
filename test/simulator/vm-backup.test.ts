import assert from 'node:assert/strict';
import { scheduleSpec, targetSpec, vmSpec } from '../../simulator/cluster-spec.ts';
import { LONGHORN_BACKUPS, SCHEDULES, VM_BACKUPS } from '../../simulator/objects/keys.ts';
import { SECRET_CANARY, vmBackupObject, vmBackupOf } from '../../simulator/objects/vm-backup.ts';
import type { TrueState } from '../../simulator/truth.ts';
import { truth } from '../../simulator/truth.ts';
import type { VirtualWorld } from './world-of.ts';
import { HOUR_MS, MINUTE_MS, virtualWorld } from './world-of.ts';

const twoDisks = vmSpec({ namespace: 'erp', name: 'db-01', node: 'node-1', volumes: 2 });
const states = ({ cluster }: VirtualWorld): readonly TrueState[] =>
  truth(cluster).vmBackups.map(({ state }) => state);

function started(type: 'backup' | 'snapshot' = 'backup', vm = twoDisks): VirtualWorld {
  const world = virtualWorld({ vms: [vm] });
  world.cluster.site.store.apply(vmBackupObject({ namespace: 'erp', name: 'manual' }, vm.name, type));
  return world;
}

describe('a VM backup', () => {
  it('is pending, in progress with growing progress, and ready', () => {
    const world = started();
    const seen: string[] = [];
    world.cluster.site.store.subscribe(({ object, kind }) => {
      const backup = kind.plural === 'virtualmachinebackups' ? vmBackupOf({ ...object }) : undefined;
      if (backup === undefined) return;
      const text = `${states(world)[0] ?? ''} ${backup.status.progress ?? 0}`;
      if (seen.at(-1) !== text) seen.push(text);
    });
    assert.deepEqual(states(world), ['pending']);
    world.clock.advance(10 * MINUTE_MS);
    assert.deepEqual(
      seen.map((text) => text.split(' ')[0]).filter((state, index, all) => state !== all[index - 1]),
      ['in_progress', 'ready'],
    );
    const progress = seen.map((text) => Number(text.split(' ')[1]));
    assert.deepEqual(
      progress,
      progress.toSorted((a, b) => a - b),
    );
    assert.equal(progress.at(-1), 100);
  });

  it('freezes once per volume, and notes the VM it was made from', () => {
    const world = started();
    world.clock.advance(10 * MINUTE_MS);
    assert.equal(world.cluster.site.ledger.total('freeze_call'), 2);
    const backup = vmBackupOf(world.cluster.site.store.get(VM_BACKUPS, 'erp', 'manual'));
    assert.equal(backup?.status.sourceUID, world.cluster.machines.get('erp', 'db-01')?.uid);
    assert.equal(backup?.metadata.annotations?.['harvesterhci.io/snapshotFreezeFS'], 'true');
  });

  it('freezes nothing where no agent is connected, or the VM is off', () => {
    for (const trouble of [{ agent: false }, { running: false }]) {
      const world = started('backup', { ...twoDisks, ...trouble });
      world.clock.advance(10 * MINUTE_MS);
      assert.deepEqual(states(world), ['ready']);
      assert.equal(world.cluster.site.ledger.total('freeze_call'), 0);
    }
  });

  it('uploads its metadata, secrets of the VM included', () => {
    const world = started();
    world.clock.advance(10 * MINUTE_MS);
    const [metadata] = world.world.bucket('backups').metadata();
    assert.equal(metadata?.name, 'manual');
    assert.match(JSON.stringify(metadata), new RegExp(SECRET_CANARY));
  });

  it('of type snapshot stays in the cluster', () => {
    const world = started('snapshot');
    world.clock.advance(10 * MINUTE_MS);
    assert.deepEqual(states(world), ['ready']);
    assert.deepEqual(world.cluster.site.store.list(LONGHORN_BACKUPS), []);
    assert.deepEqual(world.world.bucket('backups').metadata(), []);
  });

  it('takes its data along when it is deleted', () => {
    const world = started();
    world.clock.advance(10 * MINUTE_MS);
    world.cluster.site.store.remove(VM_BACKUPS, 'erp', 'manual');
    world.clock.advance(1_000);
    const bucket = world.world.bucket('backups');
    assert.deepEqual(states(world), []);
    assert.deepEqual(bucket.metadata(), []);
    assert.deepEqual(
      bucket.volumes().flatMap(({ name }) => bucket.backupsOf(name)),
      [],
    );
  });

  it('is in Error, once and without a loop, when its upload fails', () => {
    const world = started();
    const { harvester } = world.cluster;
    assert.ok(harvester);
    harvester.longhorn.failure = 'failed to upload block: context deadline exceeded';
    world.clock.advance(10 * MINUTE_MS);
    assert.deepEqual(states(world), ['error']);
    const since = world.clock.now();
    world.clock.advance(HOUR_MS);
    assert.equal(world.cluster.site.ledger.total('vmbackup_write', since), 0);
  });
});

describe('a schedule', () => {
  const hourly = scheduleSpec({
    namespace: 'erp',
    name: 'hourly',
    vm: 'db-01',
    firstAfterMs: MINUTE_MS,
    retain: 2,
    maxFailure: 2,
  });
  const scheduled = (): VirtualWorld =>
    virtualWorld({ schedules: [hourly], target: targetSpec({ bucket: 'backups' }) });
  const status = ({
    cluster,
  }: VirtualWorld): { failure: number; suspended: boolean; conditions?: { reason: string }[] } =>
    cluster.site.store.get(SCHEDULES, 'erp', 'hourly')?.status as ReturnType<typeof status>;

  it('makes a backup at each tick, named and labelled for it, and keeps as many as it retains', () => {
    const world = scheduled();
    world.clock.advance(5 * HOUR_MS);
    const backups = world.cluster.site.store.list(VM_BACKUPS, 'erp');
    assert.deepEqual(
      backups.map(({ metadata }) => metadata.labels?.['harvesterhci.io/svmbackupTimestamp']),
      ['20250301.0301', '20250301.0401'],
    );
    assert.match(backups[0]?.metadata.name ?? '', /^svmb-[0-9a-f-]{36}-20250301\.0301$/);
  });

  it('is suspended at the tick after the last failure it tolerates', () => {
    const world = scheduled();
    const { harvester } = world.cluster;
    assert.ok(harvester);
    harvester.longhorn.failure = 'no space left';
    world.clock.advance(1.5 * HOUR_MS);
    assert.deepEqual([status(world).failure, status(world).suspended], [2, false]);
    world.clock.advance(HOUR_MS);
    assert.equal(status(world).suspended, true);
    assert.equal(status(world).conditions?.[0]?.reason, 'Reach Max Failure');
    assert.equal(states(world).length, 2);
  });

  it('skips its ticks while a backup is being made, without calling that a failure', () => {
    const world = scheduled();
    for (const { volume } of world.cluster.machines.get('erp', 'db-01')?.disks ?? [])
      world.cluster.harvester?.longhorn.stalledVolumes.add(volume);
    world.clock.advance(4 * HOUR_MS);
    assert.deepEqual(states(world), ['in_progress']);
    assert.equal(status(world).failure, 0);
  });

  it('makes nothing while a person has suspended it', () => {
    const world = scheduled();
    world.cluster.site.store.patch(SCHEDULES, 'erp', 'hourly', (object) => ({
      ...object,
      spec: { ...(object.spec as object), suspend: true },
    }));
    world.clock.advance(3 * HOUR_MS);
    assert.deepEqual(states(world), []);
  });
});
