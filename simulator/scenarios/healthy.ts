import { clusterSpec, scheduleSpec, targetSpec, vmSpec } from '../cluster-spec.ts';
import type { Scenario } from '../scenario.ts';
import { hours, minutes, seedSchedules, tell } from '../scenario.ts';

/** A cluster as it should be: hourly backups that succeed, each with its one freeze. */
export const healthy: Scenario = {
  name: 'healthy',
  summary: 'One cluster whose backups succeed.',
  clusters: [
    clusterSpec({
      name: 'prod',
      vms: [
        vmSpec({ namespace: 'shop', name: 'db-01', node: 'node-1', volumes: 2 }),
        vmSpec({ namespace: 'shop', name: 'web-01', node: 'node-2' }),
        vmSpec({ namespace: 'shop', name: 'web-02', node: 'node-3' }),
        vmSpec({ namespace: 'office', name: 'files-01', node: 'node-2' }),
        vmSpec({ namespace: 'office', name: 'legacy.nt4', node: 'node-3', agent: false }),
        vmSpec({ namespace: 'office', name: 'template-01', node: 'node-1', running: false }),
      ],
      schedules: [
        scheduleSpec({ namespace: 'shop', name: 'db-hourly', vm: 'db-01', firstAfterMs: minutes(20) }),
        scheduleSpec({ namespace: 'shop', name: 'web-hourly', vm: 'web-01', firstAfterMs: minutes(35) }),
        scheduleSpec({
          namespace: 'office',
          name: 'files',
          vm: 'files-01',
          everyMs: hours(6),
          firstAfterMs: minutes(50),
          retain: 4,
        }),
      ],
      target: targetSpec({ bucket: 'backups-prod' }),
    }),
  ],
  begin: (world) => {
    for (const cluster of world.clusters) seedSchedules(cluster);
    world.cluster('prod').harvester?.seed.verifiedRestore('shop', 'db-01', hours(2));
    return [tell(0, 'prod: hourly backups succeed; each freezes its VM once, for a second.')];
  },
};
