import { createExposition } from '../../src/http/exposition.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import type { SimulatedWorldCluster } from '../../simulator/cluster.ts';
import type { ClusterSpec } from '../../simulator/cluster-spec.ts';
import { createWorld, type World } from '../../simulator/world.ts';
import { WatchedStore } from './watched-store.ts';

const START = new Date('2025-03-03T00:00:00Z');
const MINUTE_MS = 60_000;

/** A cluster of the simulator at a fixed time: same spec, same metrics, byte for byte. */
export class GoldenCluster {
  readonly clock = new VirtualClock(START);
  readonly world: World;
  readonly cluster: SimulatedWorldCluster;
  readonly #watched: WatchedStore;

  /** `begin` writes the past; what it writes is what the exporter lists first. */
  constructor(spec: ClusterSpec, begin: (cluster: GoldenCluster) => void) {
    this.world = createWorld({ clusters: [spec], clock: this.clock });
    this.cluster = this.world.cluster(spec.name);
    begin(this);
    this.#watched = new WatchedStore(this.cluster);
  }

  minutes(count: number): void {
    this.clock.advance(count * MINUTE_MS);
  }

  /** The `harvester_*` series of this moment, each family after its type. */
  async exposition(): Promise<string> {
    const view = this.#watched.view();
    const families = catalogue.filter(({ name }) => name.startsWith('harvester_'));
    const fail = (_family: string, error: unknown): never => {
      throw error;
    };
    const text = await createExposition({
      families,
      view: () => view,
      clusterName: '',
      onError: fail,
    }).render();
    return seriesByFamily(text);
  }
}

function seriesByFamily(text: string): string {
  const families = text.split(/^# HELP .*\n/m).map((family) => family.trim());
  const ours = families.filter((family) => /^harvester_/m.test(family));
  return `${ours.join('\n\n')}\n`;
}
