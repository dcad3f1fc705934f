import type { ClusterSpec } from '../../simulator/cluster-spec.ts';
import { clusterSpec, targetSpec, vmSpec } from '../../simulator/cluster-spec.ts';
import type { SimulatedWorldCluster } from '../../simulator/cluster.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import type { World } from '../../simulator/world.ts';
import { createWorld } from '../../simulator/world.ts';

export const START = new Date('2025-03-01T00:00:00Z');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

export interface VirtualWorld {
  readonly clock: VirtualClock;
  readonly world: World;
  readonly cluster: SimulatedWorldCluster;
}

/** A quiet cluster with one VM, `erp/db-01` on node-1, unless the spec says otherwise; nothing happens until time passes. */
export function virtualWorld(spec: Partial<ClusterSpec> = {}): VirtualWorld {
  const clock = new VirtualClock(START);
  const quiet = clusterSpec({
    name: 'prod',
    nodes: ['node-1'],
    vms: [vmSpec({ namespace: 'erp', name: 'db-01', node: 'node-1' })],
    target: targetSpec({ bucket: 'backups' }),
    backgroundNoise: false,
    ...spec,
  });
  const world = createWorld({ clusters: [quiet], clock });
  return { clock, world, cluster: world.cluster('prod') };
}
