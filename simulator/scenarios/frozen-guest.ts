import { clusterSpec, scheduleSpec, targetSpec, vmSpec } from '../cluster-spec.ts';
import type { Scenario, Scene } from '../scenario.ts';
import { minutes, seedSchedules, tell } from '../scenario.ts';

/** What is left on newer releases: an agent that cannot freeze is asked again and again, and one that cannot thaw leaves a VM frozen. */
export const frozenGuest: Scenario = {
  name: 'frozen-guest',
  summary:
    'Harvester 1.6.1: one guest agent refuses to freeze and its backup retries without end; another VM stays frozen.',
  clusters: [
    clusterSpec({
      name: 'prod',
      harvesterVersion: '1.6.1',
      vms: [
        vmSpec({ namespace: 'shop', name: 'rhel-01', node: 'node-1' }),
        vmSpec({ namespace: 'shop', name: 'web-01', node: 'node-2' }),
        vmSpec({ namespace: 'office', name: 'files-01', node: 'node-3' }),
      ],
      schedules: [
        scheduleSpec({ namespace: 'shop', name: 'rhel-hourly', vm: 'rhel-01', firstAfterMs: minutes(10) }),
        scheduleSpec({
          namespace: 'office',
          name: 'files-hourly',
          vm: 'files-01',
          firstAfterMs: minutes(15),
        }),
      ],
      target: targetSpec({ bucket: 'backups-prod', refreshIntervalMs: minutes(10) }),
    }),
  ],
  begin: (world) => {
    for (const cluster of world.clusters) seedSchedules(cluster, 3);
    return [
      tell(0, 'prod (1.6.1): hourly backups succeed.'),
      change(
        minutes(5),
        'shop/rhel-01',
        { refusesFreeze: true },
        'prod: an update of SELinux rules in shop/rhel-01; its agent may not freeze any more.',
      ),
      change(
        minutes(14),
        'office/files-01',
        { losesAgentWhenFrozen: true },
        'prod: the agent of office/files-01 will hang as soon as its filesystems are frozen.',
      ),
    ];
  },
};

const change = (
  atMs: number,
  key: string,
  trouble: { readonly refusesFreeze?: boolean; readonly losesAgentWhenFrozen?: boolean },
  text: string,
): Scene => ({
  atMs,
  act: (world) => {
    const guest = world.cluster('prod').machines.guests.get(key);
    if (guest !== undefined) Object.assign(guest, trouble);
    return text;
  },
});
