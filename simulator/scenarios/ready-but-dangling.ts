import { clusterSpec, scheduleSpec, targetSpec, vmSpec } from '../cluster-spec.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { hours, minutes, seedSchedules, tell } from '../scenario.ts';
import type { World } from '../world.ts';
import { VM_BACKUPS } from '../objects/keys.ts';

const BUCKET = 'backups-shared';

/** The same mistake on newer releases: nothing loops and nothing is in Error, but what is Ready cannot be restored. */
export const readyButDangling: Scenario = {
  name: 'ready-but-dangling',
  summary:
    'Harvester 1.7 and 1.8 share a bucket: VMBackups stay Ready after the other cluster deleted their data.',
  clusters: [
    clusterSpec({
      name: 'prod',
      harvesterVersion: '1.7.1',
      vms: [
        vmSpec({ namespace: 'erp', name: 'db-01', node: 'node-2', volumes: 2 }),
        vmSpec({ namespace: 'shop', name: 'web-01', node: 'node-1' }),
      ],
      schedules: [
        scheduleSpec({
          namespace: 'erp',
          name: 'db-hourly',
          vm: 'db-01',
          firstAfterMs: minutes(20),
          retain: 8,
        }),
        scheduleSpec({
          namespace: 'shop',
          name: 'web-hourly',
          vm: 'web-01',
          firstAfterMs: minutes(40),
          retain: 8,
        }),
      ],
      target: targetSpec({ bucket: BUCKET }),
    }),
    clusterSpec({
      name: 'dr-site',
      harvesterVersion: '1.8.2',
      nodes: ['dr-1', 'dr-2'],
      vms: [vmSpec({ namespace: 'lab', name: 'drill-01', node: 'dr-1' })],
      schedules: [
        scheduleSpec({
          namespace: 'lab',
          name: 'drill-hourly',
          vm: 'drill-01',
          firstAfterMs: minutes(50),
          retain: 4,
        }),
      ],
      target: targetSpec({ bucket: BUCKET, refreshIntervalMs: minutes(10) }),
    }),
  ],
  begin: (world) => {
    seedSchedules(world.cluster('prod'), 5);
    return [
      tell(0, 'prod (1.7.1) makes hourly backups; dr-site (1.8.2) has the same bucket and imports them.'),
      deletion(minutes(65), 'erp', 'db-01', 3),
      tell(
        minutes(72),
        'prod: the data of three backups of erp/db-01 is gone. Harvester still calls them Ready.',
      ),
      deletionAtProd(hours(2)),
    ];
  },
};

/** dr-site deletes imported copies, as if they were only that. */
const deletion = (atMs: number, namespace: string, vm: string, count: number): Scene => ({
  atMs,
  act: (world) => {
    const deleted = deleteOldest(world, 'dr-site', namespace, vm, count);
    return `dr-site: its operator deletes ${deleted} imported backups of ${namespace}/${vm}; their data goes with them.`;
  },
});

/** The other way round: dr-site looks its ready backups up again, and says what it misses. */
const deletionAtProd = (atMs: number): Scene => ({
  atMs,
  act: (world) =>
    `prod: ${deleteOldest(world, 'prod', 'shop', 'web-01', 2)} old backups of shop/web-01 are deleted; dr-site finds its copies of them unusable.`,
});

function deleteOldest(world: World, name: string, namespace: string, vm: string, count: number): number {
  const { store } = world.cluster(name).site;
  const backups = store
    .list(VM_BACKUPS, namespace)
    .filter(({ spec }) => (spec as { readonly source: { readonly name: string } }).source.name === vm)
    .slice(0, count);
  for (const { metadata } of backups) store.remove(VM_BACKUPS, namespace, metadata.name);
  return backups.length;
}
