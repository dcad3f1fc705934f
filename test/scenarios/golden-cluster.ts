import { createExposition } from '../../src/http/exposition.ts';
import { catalogue } from '../../src/metrics/catalogue.ts';
import { parseAccessLine } from '../../src/model/logs/access-line.ts';
import { parseBusinessHours } from '../../src/config/business-hours.ts';
import { type Change, type Identity, keyOf } from '../../src/model/change.ts';
import { parseLauncherLine } from '../../src/model/logs/launcher-line.ts';
import type { Resource } from '../../src/model/resource.ts';
import { type Kind, resources } from '../../src/model/resources.ts';
import { TIMING } from '../../src/model/timing.ts';
import type { SourceReport } from '../../src/model/view.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import type { SimulatedWorldCluster } from '../../simulator/cluster.ts';
import type { ClusterSpec } from '../../simulator/cluster-spec.ts';
import { kindKey, type KubeObject } from '../../simulator/kube-object.ts';
import type { PodName } from '../../simulator/pod-logs.ts';
import { createWorld, type World } from '../../simulator/world.ts';
import { ClusterStore } from '../../src/store/cluster-store.ts';
import { liveView, VIRT_API_LOGS, VIRT_LAUNCHER_LOGS } from '../../src/store/live-view.ts';

const START = new Date('2025-03-03T00:00:00Z');
const MINUTE_MS = 60_000;
const ALL = { index: 1, total: 1 } as const;

/** A cluster of the simulator whose facts reach the store without an API server between: same spec, same metrics, byte for byte. */
export class GoldenCluster {
  readonly clock = new VirtualClock(START);
  readonly world: World;
  readonly cluster: SimulatedWorldCluster;
  readonly #table: ReturnType<typeof resources>;
  readonly #store: ClusterStore;

  /** `begin` writes the past; what it writes is what the exporter lists first. */
  constructor(spec: ClusterSpec, begin: (cluster: GoldenCluster) => void) {
    this.world = createWorld({ clusters: [spec], clock: this.clock });
    this.cluster = this.world.cluster(spec.name);
    this.#table = resources({ kubevirt: spec.kubevirtNamespace, longhorn: spec.longhornNamespace });
    this.#store = new ClusterStore(TIMING, () => this.clock.now().getTime());
    this.#store.clusterUid = this.cluster.uid;
    begin(this);
    for (const kind of this.#served()) this.#list(kind);
    this.cluster.site.store.subscribe(({ type, kind, object }) =>
      this.#tell(kindKey(kind), object, type === 'DELETED'),
    );
  }

  minutes(count: number): void {
    this.clock.advance(count * MINUTE_MS);
  }

  /** The `harvester_*` series of this moment, each family after its type. */
  async exposition(): Promise<string> {
    this.#readMemory();
    this.#readLogs();
    const businessHours = parseBusinessHours('Mon-Fri 08:00-18:00 Europe/Berlin');
    const view = liveView({
      store: this.#store,
      timing: TIMING,
      namespaces: {
        kubevirt: this.cluster.site.spec.kubevirtNamespace,
        longhorn: this.cluster.site.spec.longhornNamespace,
        doubts: [],
      },
      businessHours,
      allowedSharing: [],
      shard: ALL,
      sources: () => this.#sources(),
      exporter: () => ({
        version: '0.0.0',
        nodeVersion: 'v0.0.0',
        decodeErrors: new Map(),
        logLines: new Map(),
        logGaps: new Map(),
        logStreams: 0,
        logStreamsSkipped: 0,
      }),
      nowMs: () => this.clock.now().getTime(),
    });
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

  #resource(kind: Kind): Resource {
    return this.#table[kind];
  }

  /** The kinds this cluster serves, without metrics.k8s.io: that has no watch. */
  #served(): readonly Kind[] {
    const { store } = this.cluster.site;
    return (Object.keys(this.#table) as Kind[]).filter(
      (kind) => kind !== 'virtHandlerMemory' && store.kind(kindKey(this.#resource(kind))) !== undefined,
    );
  }

  #sources(): readonly SourceReport[] {
    const served = new Set(
      [...this.#served(), 'virtHandlerMemory'].map((kind) => this.#resource(kind as Kind).source),
    );
    const names = [
      ...Object.values(this.#table).map(({ source }) => source),
      VIRT_API_LOGS,
      VIRT_LAUNCHER_LOGS,
    ];
    const logs = new Set<string>([VIRT_API_LOGS, VIRT_LAUNCHER_LOGS]);
    return names.map((source) => {
      const up = served.has(source) || logs.has(source) ? true : undefined;
      const lastSuccessMs = up === true ? this.clock.now().getTime() : undefined;
      return { source, up, absent: up === undefined, lastSuccessMs, errors: new Map() };
    });
  }

  #apply(kind: Kind, change: Change<Identity>): void {
    (this.#store.sink(kind) as (change: Change<Identity>) => void)(change);
  }

  #list(kind: Kind): void {
    const resource = this.#resource(kind);
    this.#apply(kind, { type: 'sync' });
    for (const object of this.cluster.site.store.list(kindKey(resource)))
      if (selects(resource, object)) this.#apply(kind, { type: 'set', object: resource.decode(object) });
    this.#apply(kind, { type: 'synced' });
  }

  #tell(key: string, object: KubeObject, gone: boolean): void {
    for (const kind of this.#served()) {
      const resource = this.#resource(kind);
      if (kindKey(resource) !== key || !selects(resource, object)) continue;
      const { namespace = '', name } = object.metadata;
      const change: Change<Identity> = gone
        ? { type: 'delete', key: keyOf({ namespace, name }) }
        : { type: 'set', object: resource.decode(object) };
      this.#apply(kind, change);
    }
  }

  #readMemory(): void {
    this.#apply('virtHandlerMemory', { type: 'sync' });
    const { decode } = this.#table.virtHandlerMemory;
    for (const object of this.cluster.podMetrics())
      this.#apply('virtHandlerMemory', { type: 'set', object: decode(object) });
    this.#apply('virtHandlerMemory', { type: 'synced' });
  }

  #readLogs(): void {
    const { api, machines, site } = this.cluster;
    for (const name of api.pods) {
      this.#lines({ namespace: site.spec.kubevirtNamespace, name }, 'virt-api', (text, atMs) => {
        const request = parseAccessLine(text);
        if (request !== undefined) this.#store.recordFreeze(request, atMs);
      });
    }
    for (const { pod: name, vm } of machines.guests.values()) {
      this.#lines({ namespace: vm.namespace, name }, 'compute', (text, atMs) => {
        const event = parseLauncherLine(text);
        if (event !== undefined) this.#store.recordLauncherEvent(vm.namespace, vm.name, event, atMs);
      });
    }
  }

  #lines(pod: PodName, container: string, take: (text: string, atMs: number) => void): void {
    for (const { text, epochMs } of this.cluster.site.logs.read(pod, container) ?? []) take(text, epochMs);
  }
}

/** Whether the list of a kind would have the object. */
function selects({ namespace, labelSelector, fieldSelector }: Resource, { metadata }: KubeObject): boolean {
  const [label = '', value] = labelSelector?.split('=') ?? [];
  return (
    (namespace === undefined || metadata.namespace === namespace) &&
    (labelSelector === undefined || metadata.labels?.[label] === value) &&
    (fieldSelector === undefined || fieldSelector === `metadata.name=${metadata.name}`)
  );
}

function seriesByFamily(text: string): string {
  const families = text.split(/^# HELP .*\n/m).map((family) => family.trim());
  const ours = families.filter((family) => /^harvester_/m.test(family));
  return `${ours.join('\n\n')}\n`;
}
