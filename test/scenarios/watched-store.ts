import { parseBusinessHours } from '../../src/config/business-hours.ts';
import { type Change, type Identity, keyOf } from '../../src/model/change.ts';
import { parseAccessLine } from '../../src/model/logs/access-line.ts';
import { parseLauncherLine } from '../../src/model/logs/launcher-line.ts';
import type { Resource } from '../../src/model/resource.ts';
import { type Kind, KINDS, resources } from '../../src/model/resources.ts';
import { TIMING } from '../../src/model/timing.ts';
import type { ClusterView, SourceReport } from '../../src/model/view.ts';
import { ClusterStore } from '../../src/store/cluster-store.ts';
import { liveView, VIRT_API_LOGS, VIRT_LAUNCHER_LOGS } from '../../src/store/live-view.ts';
import type { SimulatedWorldCluster } from '../../simulator/cluster.ts';
import { kindKey, type KubeObject } from '../../simulator/kube-object.ts';
import type { PodName } from '../../simulator/pod-logs.ts';

const ALL = { index: 1, total: 1 } as const;

/** What an exporter knows of a simulated cluster whose facts reach the store without an API server between. */
export class WatchedStore {
  readonly cluster: SimulatedWorldCluster;
  readonly #table: ReturnType<typeof resources>;
  readonly #store: ClusterStore;
  #logsReadMs = -Infinity;

  /** Lists what there is now, and follows what comes. */
  constructor(cluster: SimulatedWorldCluster) {
    const { spec, clock, store } = cluster.site;
    this.cluster = cluster;
    this.#table = resources({ kubevirt: spec.kubevirtNamespace, longhorn: spec.longhornNamespace });
    this.#store = new ClusterStore(TIMING, () => clock.now().getTime());
    this.#store.clusterUid = cluster.uid;
    for (const kind of this.#served()) this.#list(kind);
    store.subscribe(({ type, kind, object }) => this.#tell(kindKey(kind), object, type === 'DELETED'));
  }

  /** The picture of this moment. */
  view(): ClusterView {
    this.#readMemory();
    this.#readLogs();
    const { spec, clock } = this.cluster.site;
    return liveView({
      store: this.#store,
      timing: TIMING,
      namespaces: { kubevirt: spec.kubevirtNamespace, longhorn: spec.longhornNamespace, doubts: [] },
      businessHours: parseBusinessHours('Mon-Fri 08:00-18:00 Europe/Berlin'),
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
      nowMs: () => clock.now().getTime(),
    });
  }

  #resource(kind: Kind): Resource {
    return this.#table[kind];
  }

  /** The kinds this cluster serves, without metrics.k8s.io: that has no watch. */
  #served(): readonly Kind[] {
    const { store } = this.cluster.site;
    return KINDS.filter(
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
      const lastSuccessMs = up === true ? this.cluster.site.clock.now().getTime() : undefined;
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

  /** Each line once: those written since the last time. */
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
    this.#logsReadMs = site.clock.now().getTime();
  }

  #lines(pod: PodName, container: string, take: (text: string, atMs: number) => void): void {
    for (const { text, epochMs } of this.cluster.site.logs.read(pod, container) ?? [])
      if (epochMs > this.#logsReadMs) take(text, epochMs);
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
