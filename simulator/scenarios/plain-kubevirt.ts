import { clusterSpec, vmSpec } from '../cluster-spec.ts';
import type { Scenario } from '../scenario.ts';
import { tell } from '../scenario.ts';
import type { World } from '../world.ts';

const EVERY_MS = 1_500;
const VM = { namespace: 'default', name: 'web-01' } as const;

/** KubeVirt without Harvester or Longhorn: a backup tool of its own that freezes a VM far too often, and always thaws it. */
export const plainKubeVirt: Scenario = {
  name: 'plain-kubevirt',
  summary:
    'KubeVirt 1.3.1 without Harvester, Longhorn and metrics.k8s.io; a script freezes a VM without end.',
  clusters: [
    clusterSpec({
      name: 'kubevirt',
      harvesterVersion: undefined,
      kubevirtVersion: '1.3.1',
      kubevirtNamespace: 'kubevirt',
      longhornInstalled: false,
      podMetricsServed: false,
      nodes: ['worker-1', 'worker-2'],
      vms: [
        vmSpec({ ...VM, node: 'worker-1' }),
        vmSpec({ namespace: 'default', name: 'freeze', node: 'worker-2' }),
      ],
    }),
  ],
  begin: (world) => {
    world.clock.every(EVERY_MS, () => freezeAndThaw(world));
    return [tell(0, 'kubevirt: a script freezes and thaws default/web-01 each second or two.')];
  },
};

function freezeAndThaw(world: World): void {
  const { api } = world.cluster('kubevirt');
  api.call('freeze', VM, (answer) => {
    if (answer === 'success') api.call('unfreeze', VM, () => undefined);
  });
}
