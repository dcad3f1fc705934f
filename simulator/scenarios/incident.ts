import type { SimulatedWorldCluster } from '../cluster.ts';
import { clusterSpec, scheduleSpec, targetSpec, vmSpec } from '../cluster-spec.ts';
import { Peer } from '../peer.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { hours, minutes, seedSchedules, tell } from '../scenario.ts';
import { ago } from '../site.ts';
import type { World } from '../world.ts';

const BUCKET = 'backups-prod';
/** How many VMBackups of a VM loop from the start. */
const LOOPING = [
  { schedule: 'db-hourly', count: 34 },
  { schedule: 'erp-hourly', count: 14 },
] as const;
/** Clients the virt-handler of node-2 has leaked by then: about half of what its limit allows. */
const LEAKED_CALLS = 7_000;

/**
 * The incident: another cluster shares the bucket of `prod`. What the retention of `prod` deleted it uploaded again, and
 * `prod` imported it as VMBackups without data: each retry of each of them freezes the VM and leaks in virt-handler.
 */
export const incident: Scenario = {
  name: 'incident',
  summary:
    'VMBackups in Error freeze VMs every few seconds, until virt-handler is killed at its memory limit.',
  clusters: [
    clusterSpec({
      name: 'prod',
      harvesterVersion: '1.4.1',
      vms: [
        vmSpec({ namespace: 'erp', name: 'db-01', node: 'node-2', volumes: 1 }),
        vmSpec({ namespace: 'erp', name: 'app-01', node: 'node-2' }),
        vmSpec({ namespace: 'shop', name: 'web-01', node: 'node-1' }),
        vmSpec({ namespace: 'shop', name: 'web-02', node: 'node-3' }),
        vmSpec({ namespace: 'shop', name: 'legacy-01', node: 'node-3', agent: false }),
      ],
      schedules: [
        scheduleSpec({
          namespace: 'erp',
          name: 'db-hourly',
          vm: 'db-01',
          firstAfterMs: minutes(15),
          retain: 8,
        }),
        scheduleSpec({
          namespace: 'erp',
          name: 'erp-hourly',
          vm: 'app-01',
          firstAfterMs: minutes(25),
          retain: 8,
        }),
        scheduleSpec({
          namespace: 'shop',
          name: 'web-hourly',
          vm: 'web-01',
          firstAfterMs: minutes(35),
          retain: 4,
        }),
      ],
      target: targetSpec({ bucket: BUCKET }),
      firstResyncMs: hours(3),
    }),
  ],
  begin: (world) => {
    const prod = world.cluster('prod');
    seedSchedules(prod, 8);
    LOOPING.forEach(({ schedule, count }) => seedLoops(prod, schedule, count));
    prod.handlers.get('node-2')?.preload(LEAKED_CALLS);
    return script(world);
  },
};

/** VMBackups that the retention deleted hours ago, and that came back as imports without data. */
function seedLoops(cluster: SimulatedWorldCluster, name: string, count: number): void {
  const schedule = cluster.harvester?.schedules.find(({ spec }) => spec.name === name);
  if (schedule === undefined) return;
  const { namespace, vm } = schedule.spec;
  for (let index = 0; index < count; index += 1) {
    const ageMs = hours(10 + index);
    const seeded = { namespace, vm, name: schedule.backupName(ago(cluster.site, ageMs)), ageMs };
    cluster.harvester?.seed.failingImport(seeded, cluster.site.random.between(0, 120_000));
  }
}

function script(world: World): readonly Scene[] {
  const peer = new Peer('staging', world.bucket(BUCKET));
  return [
    tell(
      0,
      `prod: 48 VMBackups of erp/db-01 and erp/app-01 are in Error. Each retry freezes its VM; virt-handler on node-2 leaks with each.`,
    ),
    { atMs: minutes(2), act: () => silently(() => peer.import()) },
    {
      atMs: minutes(50),
      act: () =>
        `staging: its operator tidies up and deletes its copies of ${peer.deleteCopies('shop', 'web-01', 2)} backups of shop/web-01. They were prod's.`,
    },
    tell(
      minutes(56),
      "prod: Longhorn's poll finds the data gone and removes its Backups; the VMBackups stay Ready.",
    ),
    {
      atMs: hours(2.5),
      act: () =>
        `staging: its resync finds ${peer.uploadMissing()} files missing in the bucket, and uploads them again.`,
    },
    tell(hours(3), 'prod: its resync imports what staging uploaded: more VMBackups without data.'),
  ];
}

function silently(action: () => unknown): undefined {
  action();
  return undefined;
}
