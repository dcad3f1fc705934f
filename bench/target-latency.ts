/**
 * How soon a shared target is found, in simulated minutes: `npx tsx bench/target-latency.ts [HOURS]`. Two simulated
 * clusters share a bucket by mistake, and nothing else; what each exporter concludes is read every simulated minute,
 * from the decoders, the store and the view of the product.
 */
import { keyOf } from '../src/model/change.ts';
import { type Kind, resources } from '../src/model/resources.ts';
import { conflictLevel } from '../src/model/conflicts/conflict-level.ts';
import { targetEvidence } from '../src/model/conflicts/target-evidence.ts';
import { signalCount, TARGET_SIGNALS } from '../src/model/conflicts/target-signal.ts';
import { TIMING } from '../src/model/timing.ts';
import type { ClusterView } from '../src/model/view.ts';
import { VirtualClock } from '../simulator/clock.ts';
import type { SimulatedWorldCluster } from '../simulator/cluster.ts';
import { playScenario } from '../simulator/scenario.ts';
import { readyButDangling } from '../simulator/scenarios/ready-but-dangling.ts';
import { twoClusters } from '../simulator/scenarios/two-clusters.ts';
import { createWorld } from '../simulator/world.ts';
import { ClusterStore } from '../src/store/cluster-store.ts';
import { liveView } from '../src/store/live-view.ts';

const MINUTE_MS = 60_000;
const POLLS_S = [60, 300, 600] as const;
const KINDS = resources({ kubevirt: 'harvester-system', longhorn: 'longhorn-system' });
const READ: readonly Kind[] = [
  'vmBackups',
  'schedules',
  'targetSettings',
  'serverVersions',
  'longhornBackups',
  'backupVolumes',
  'backupTargets',
  'longhornVolumes',
  'persistentVolumes',
];

interface Watched {
  readonly cluster: SimulatedWorldCluster;
  readonly view: () => ClusterView;
  /** When this cluster finished its first own backup since it is watched. */
  firstWriteMs: number | undefined;
  /** The first minute at each level, by level. */
  readonly reachedMs: Map<number, { readonly ms: number; readonly signals: string }>;
}

/** Feeds the objects of a simulated cluster to a store of the exporter, as its watches would. */
function watch(cluster: SimulatedWorldCluster, elapsedMs: () => number): Watched {
  const { store: objects, clock } = cluster.site;
  const store = new ClusterStore(TIMING, () => clock.now().getTime());
  store.clusterUid = cluster.uid;
  const watched: Watched = {
    cluster,
    firstWriteMs: undefined,
    reachedMs: new Map(),
    view: () => viewOf(store, clock),
  };
  for (const kind of READ) {
    const { group, plural, decode, ...rest } = KINDS[kind];
    const key = group === '' ? plural : `${plural}.${group}`;
    const wanted = 'fieldSelector' in rest ? rest.fieldSelector.replace('metadata.name=', '') : undefined;
    const isWanted = (name: string): boolean => wanted === undefined || name === wanted;
    // Each change is decoded by its kind.
    const sink = store.sink(kind) as (change: object) => void;
    sink({ type: 'sync' });
    const served = objects.kind(key) === undefined ? [] : objects.list(key);
    for (const object of served)
      if (isWanted(object.metadata.name)) sink({ type: 'set', object: decode(object) });
    sink({ type: 'synced' });
    objects.subscribe(({ type, kind: { plural: name, group: of }, object }) => {
      if (name !== plural || of !== group || !isWanted(object.metadata.name)) return;
      const decoded = decode(object);
      sink(type === 'DELETED' ? { type: 'delete', key: keyOf(decoded) } : { type: 'set', object: decoded });
      if ('native' in decoded && 'state' in decoded && decoded.native && decoded.state === 'Completed')
        watched.firstWriteMs ??= elapsedMs();
    });
  }
  return watched;
}

const viewOf = (store: ClusterStore, clock: { now: () => Date }): ClusterView =>
  liveView({
    store,
    timing: TIMING,
    namespaces: { kubevirt: 'harvester-system', longhorn: 'longhorn-system', doubts: [] },
    businessHours: undefined,
    allowedSharing: [],
    shard: { index: 1, total: 1 },
    sources: () =>
      READ.map((kind) => ({
        source: KINDS[kind].source,
        up: true,
        lastSuccessMs: clock.now().getTime(),
        errors: new Map<string, number>(),
      })),
    exporter: () => ({
      version: '',
      nodeVersion: '',
      decodeErrors: new Map(),
      logLines: new Map(),
      logGaps: new Map(),
      logStreams: 0,
      logStreamsSkipped: 0,
    }),
    nowMs: () => clock.now().getTime(),
  });

function noteLevel({ view, reachedMs }: Watched, nowMs: number): void {
  const picture = view();
  for (const evidence of targetEvidence(picture)) {
    const level = conflictLevel(picture, evidence) ?? 0;
    const counts = TARGET_SIGNALS.map(
      (signal) => [signal, signalCount(picture, evidence, signal) ?? 0] as const,
    );
    const signals = counts.flatMap(([signal, count]) => (count > 0 ? [`${signal} ${count}`] : [])).join(', ');
    for (let each = 1; each <= level; each += 1)
      if (!reachedMs.has(each)) reachedMs.set(each, { ms: nowMs, signals });
  }
}

const hours = Number(process.argv[2] ?? 8);
for (const scenario of [twoClusters, readyButDangling]) {
  for (const pollS of POLLS_S) {
    const clock = new VirtualClock(new Date('2025-03-01T00:00:00Z'));
    const clusters = scenario.clusters.map((spec) => ({ ...spec, longhornPollMs: pollS * 1_000 }));
    const world = createWorld({ clusters, clock });
    playScenario(scenario, world);
    const watched = world.clusters.map((cluster) => watch(cluster, () => clock.elapsedMs()));
    for (let minute = 0; minute < hours * 60; minute += 1) {
      clock.advance(MINUTE_MS);
      for (const each of watched) noteLevel(each, clock.elapsedMs());
    }
    for (const each of watched) {
      const peers = watched
        .filter((other) => other !== each)
        .map(({ firstWriteMs }) => firstWriteMs ?? Infinity);
      const foreignMs = Math.min(...peers);
      const after = (level: number): string => {
        const reached = each.reachedMs.get(level);
        if (reached === undefined) return `level ${level} never`;
        return `level ${level} after ${((reached.ms - foreignMs) / MINUTE_MS).toFixed(1)} min (${reached.signals})`;
      };
      const start = `first foreign write at ${(foreignMs / MINUTE_MS).toFixed(1)} min`;
      console.log(
        `${scenario.name}, poll ${pollS} s, ${each.cluster.name}: ${start}; ${after(2)}; ${after(3)}`,
      );
    }
    clock.stop();
  }
}
