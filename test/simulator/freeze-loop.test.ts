import assert from 'node:assert/strict';
import { VM_BACKUPS } from '../../simulator/objects/keys.ts';
import { vmBackupObject, vmBackupOf } from '../../simulator/objects/vm-backup.ts';
import { truth } from '../../simulator/truth.ts';
import type { VirtualWorld } from './world-of.ts';
import { HOUR_MS, MINUTE_MS, START, virtualWorld } from './world-of.ts';

const SEEDED = { namespace: 'erp', vm: 'db-01', name: 'weekly', ageMs: 5 * HOUR_MS } as const;

function looping(harvesterVersion: string): VirtualWorld {
  const world = virtualWorld({ harvesterVersion });
  world.cluster.harvester?.seed.failingImport(SEEDED, 30_000);
  return world;
}

const callsOf = ({ cluster }: VirtualWorld, since = START): number =>
  cluster.site.ledger.total('freeze_call', since);

describe('the freeze loop', () => {
  it('makes about sixty calls and thirty real freezes per hour for one VMBackup in Error, for ever', () => {
    const world = looping('1.4.1');
    world.clock.advance(6 * HOUR_MS);
    const calls = callsOf(world) / 6;
    const real = world.cluster.site.ledger.total('real_freeze') / 6;
    assert.ok(calls >= 55 && calls <= 75, `${calls} calls per hour`);
    assert.ok(real >= 28 && real <= 36, `${real} real freezes per hour`);
  });

  it('begins with a burst of about thirty tries within minutes where the VMBackup is new to the controller', () => {
    const fresh = virtualWorld({ harvesterVersion: '1.4.1' });
    importBroken(fresh);
    fresh.clock.advance(20 * MINUTE_MS);
    const tries = callsOf(fresh);
    assert.ok(tries >= 35 && tries <= 90, `${tries} calls in twenty minutes`);
  });

  it('moves the time of the error and the generation with each round, and the conditions not at all', () => {
    const world = looping('1.4.1');
    const read = (): ReturnType<typeof vmBackupOf> =>
      vmBackupOf(world.cluster.site.store.get(VM_BACKUPS, 'erp', 'weekly'));
    const before = read();
    world.clock.advance(HOUR_MS);
    const after = read();
    assert.ok(before !== undefined && after !== undefined);
    assert.notEqual(after.status.error?.time, before.status.error?.time);
    assert.equal(after.status.error?.message, before.status.error?.message);
    assert.deepEqual(after.status.conditions, before.status.conditions);
    const writes = (after.metadata.generation ?? 0) - (before.metadata.generation ?? 0);
    assert.ok(writes >= 28 && writes <= 40, `${writes} writes per hour`);
    assert.deepEqual(
      world.cluster.site.ledger
        .counts('vmbackup_write', new Date(START.getTime() + 1))
        .map(({ count }) => count),
      [writes],
    );
  });

  it('writes one line of the controller per failed attempt', () => {
    const world = looping('1.4.1');
    world.clock.advance(HOUR_MS);
    const { store, logs } = world.cluster.site;
    const pod = store
      .list('pods', 'harvester-system')
      .find(({ metadata }) => metadata.name.startsWith('harvester-'));
    const lines =
      logs.read({ namespace: 'harvester-system', name: pod?.metadata.name ?? '' }, 'apiserver') ?? [];
    assert.equal(lines.length, callsOf(world));
    assert.match(
      lines[0]?.text ?? '',
      /^time="2025-03-01T00:00:\d\dZ" level=error msg="error syncing 'erp\/weekly': handler harvester-vm-backup-controller: backups\.longhorn\.io \\"backup-[0-9a-f]{16}\\" not found, requeuing"$/,
    );
  });

  it('stops at once when the VMBackup is deleted, and takes its metadata with it', () => {
    const world = looping('1.4.1');
    world.clock.advance(10 * MINUTE_MS);
    world.cluster.site.store.remove(VM_BACKUPS, 'erp', 'weekly');
    world.clock.advance(1_000);
    assert.equal(world.cluster.site.store.get(VM_BACKUPS, 'erp', 'weekly'), undefined);
    assert.equal(world.world.bucket('backups').hasMetadata('erp', 'weekly'), false);
    const since = world.clock.now();
    world.clock.advance(2 * HOUR_MS);
    assert.equal(callsOf(world, since), 0);
  });

  it('does not freeze from Harvester 1.5 on, where the Longhorn backup is looked up first', () => {
    const world = looping('1.5.2');
    world.clock.advance(2 * HOUR_MS);
    assert.equal(callsOf(world), 0);
    assert.equal(truth(world.cluster).vmBackups[0]?.state, 'error');
  });

  it('goes on in 1.5 and later where the freeze itself fails', () => {
    const world = virtualWorld({ harvesterVersion: '1.6.1' });
    const guest = world.cluster.machines.guests.get('erp/db-01');
    assert.ok(guest);
    guest.refusesFreeze = true;
    world.cluster.site.store.apply(vmBackupObject({ namespace: 'erp', name: 'manual' }, 'db-01', 'backup'));
    world.clock.advance(HOUR_MS);
    assert.ok(callsOf(world) > 50);
    const [backup] = truth(world.cluster).vmBackups;
    assert.equal(backup?.state, 'error');
    assert.equal(backup.imported, false);
  });

  it('shows the frozen guest in its VMI only when the five-second poll happens to see it', () => {
    const world = looping('1.4.1');
    let changes = 0;
    world.cluster.site.store.subscribe(({ type, kind }) => {
      if (type === 'MODIFIED' && kind.plural === 'virtualmachineinstances') changes += 1;
    });
    world.clock.advance(6 * HOUR_MS);
    const real = world.cluster.site.ledger.total('real_freeze');
    assert.ok(changes > 0 && changes < real, `${changes} changes of the VMI for ${real} freezes`);
  });
});

/** A VMBackup whose data is missing appears in the target, and is imported. */
function importBroken({ world, cluster }: VirtualWorld): void {
  const donor = virtualWorld({ harvesterVersion: '1.4.1' });
  donor.cluster.harvester?.seed.readyBackup({ ...SEEDED });
  const [metadata] = donor.world.bucket('backups').metadata();
  assert.ok(metadata);
  world.bucket('backups').writeMetadata(metadata);
  cluster.harvester?.targetImport.run();
}
