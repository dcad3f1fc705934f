import { clusterSpec, scheduleSpec, targetSpec, vmSpec } from '../cluster-spec.ts';
import type { Scenario } from '../scenario.ts';
import { hours, minutes, seedSchedules, tell } from '../scenario.ts';

const BUCKET = 'backups-shared';

/**
 * Two clusters on Harvester 1.4.1 that were given the same bucket, and nothing else: the retention of one, the resync of
 * the other and the resync of the first make the freeze loop between them.
 */
export const twoClusters: Scenario = {
  name: 'two-clusters',
  summary: 'Two clusters share a bucket by mistake; what follows needs no further mistake.',
  clusters: [
    clusterSpec({
      name: 'prod',
      vms: [
        vmSpec({ namespace: 'erp', name: 'db-01', node: 'node-2', volumes: 2 }),
        vmSpec({ namespace: 'erp', name: 'app-01', node: 'node-2' }),
        vmSpec({ namespace: 'shop', name: 'web-01', node: 'node-1' }),
      ],
      schedules: [
        scheduleSpec({
          namespace: 'erp',
          name: 'db-hourly',
          vm: 'db-01',
          firstAfterMs: minutes(15),
          retain: 3,
        }),
        scheduleSpec({
          namespace: 'erp',
          name: 'app-hourly',
          vm: 'app-01',
          firstAfterMs: minutes(25),
          retain: 3,
        }),
        scheduleSpec({
          namespace: 'shop',
          name: 'web-hourly',
          vm: 'web-01',
          firstAfterMs: minutes(35),
          retain: 3,
        }),
      ],
      target: targetSpec({ bucket: BUCKET }),
      firstResyncMs: hours(4),
    }),
    clusterSpec({
      name: 'staging',
      nodes: ['stage-1', 'stage-2'],
      vms: [vmSpec({ namespace: 'lab', name: 'test-01', node: 'stage-1' })],
      schedules: [
        scheduleSpec({
          namespace: 'lab',
          name: 'lab-hourly',
          vm: 'test-01',
          firstAfterMs: minutes(45),
          retain: 3,
        }),
      ],
      target: targetSpec({ bucket: BUCKET }),
      firstResyncMs: hours(3),
    }),
  ],
  begin: (world) => {
    seedSchedules(world.cluster('prod'), 3);
    return [
      tell(0, 'prod makes hourly backups. staging has just been given the same bucket as its backup target.'),
      {
        // The save of the Setting imports at once.
        atMs: minutes(6),
        act: (world) => {
          world.cluster('staging').harvester?.targetImport.run();
          return "staging: the target is saved; prod's backups are imported as if they were its own.";
        },
      },
      tell(
        hours(3),
        'staging: its resync uploads the metadata of every backup that the retention of prod deleted meanwhile.',
      ),
      tell(
        hours(4),
        'prod: its resync imports them: VMBackups whose data is gone. Each retry freezes the VM of the same name.',
      ),
    ];
  },
};
