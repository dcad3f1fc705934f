import { clusterSpec, scheduleSpec, targetSpec, vmSpec } from '../cluster-spec.ts';
import { SCHEDULES } from '../objects/keys.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { hours, minutes, seedSchedules, tell } from '../scenario.ts';
import type { World } from '../world.ts';

/** Schedules that stop for each of the reasons there are: failures, a person, and a backup that never ends. */
export const scheduleTrouble: Scenario = {
  name: 'schedule-trouble',
  summary:
    'Uploads fail until the schedule is suspended; another schedule was suspended by a person and forgotten.',
  clusters: [
    clusterSpec({
      name: 'prod',
      vms: [
        vmSpec({ namespace: 'shop', name: 'db-01', node: 'node-1' }),
        vmSpec({ namespace: 'shop', name: 'web-01', node: 'node-2' }),
        vmSpec({ namespace: 'office', name: 'files-01', node: 'node-3' }),
        vmSpec({ namespace: 'office', name: 'archive-01', node: 'node-3' }),
        vmSpec({ namespace: 'office', name: 'never-01', node: 'node-3' }),
      ],
      schedules: [
        scheduleSpec({
          namespace: 'shop',
          name: 'db-hourly',
          vm: 'db-01',
          firstAfterMs: minutes(10),
          maxFailure: 3,
        }),
        scheduleSpec({
          namespace: 'shop',
          name: 'web-hourly',
          vm: 'web-01',
          firstAfterMs: minutes(20),
          maxFailure: 4,
        }),
        scheduleSpec({ namespace: 'office', name: 'files', vm: 'files-01', firstAfterMs: minutes(30) }),
        scheduleSpec({ namespace: 'office', name: 'archive', vm: 'archive-01', firstAfterMs: minutes(25) }),
      ],
      target: targetSpec({ bucket: 'backups-prod' }),
    }),
  ],
  begin: (world) => {
    for (const cluster of world.clusters) seedSchedules(cluster, 4);
    return [
      tell(0, 'prod: hourly backups succeed.'),
      stallUploads(minutes(5)),
      suspendByHand(minutes(15)),
      failUploads(
        minutes(45),
        'failed to upload block: context deadline exceeded',
        'prod: the store refuses uploads; backups begin to fail.',
      ),
      tell(
        hours(3.2),
        'prod: shop/db-hourly has failed three times in a row; at its next tick Harvester suspends it.',
      ),
      failUploads(hours(6), undefined, 'prod: the store takes uploads again. Nobody resumes shop/db-hourly.'),
    ];
  },
};

const suspendByHand = (atMs: number): Scene => ({
  atMs,
  act: (world) => {
    world.cluster('prod').site.store.patch(SCHEDULES, 'office', 'files', (schedule) => ({
      ...schedule,
      spec: { ...(schedule.spec as object), suspend: true },
    }));
    return 'prod: somebody suspends office/files for an afternoon.';
  },
});

/** The schedule makes no further backup while one is being made, and does not call that a failure. */
const stallUploads = (atMs: number): Scene => ({
  atMs,
  act: (world) => {
    const { machines, harvester } = world.cluster('prod');
    for (const { volume } of machines.get('office', 'archive-01')?.disks ?? [])
      harvester?.longhorn.stalledVolumes.add(volume);
    return 'prod: the upload of office/archive-01 will never end.';
  },
});

const failUploads = (atMs: number, failure: string | undefined, text: string): Scene => ({
  atMs,
  act: (world: World) => {
    const { harvester } = world.cluster('prod');
    if (harvester !== undefined) harvester.longhorn.failure = failure;
    return text;
  },
});
