import type { BusinessHours } from '../model/backups/business-hours.ts';
import type { Identity } from '../model/change.ts';
import {
  forEachKind,
  type Kind,
  KINDS,
  type Namespaces,
  type ObjectOf,
  sourceOf,
} from '../model/resources.ts';
import { inShard, type Shard } from '../model/shard.ts';
import type { AllowedSharing } from '../model/conflicts/allowed-sharing.ts';
import type { Timing } from '../model/timing.ts';
import type {
  ClusterView,
  ExporterReport,
  KindViews,
  LauncherCounts,
  NamespaceDoubt,
  Objects,
  SourceReport,
} from '../model/view.ts';
import type { ClusterStore } from './cluster-store.ts';
import type { Table } from './table.ts';

/** What a view needs beside the facts: how old they may be, and the operator's options. */
interface ViewContext {
  readonly store: ClusterStore;
  readonly timing: Timing;
  /** undefined while they are looked for. */
  readonly namespaces: (Namespaces & { readonly doubts: readonly NamespaceDoubt[] }) | undefined;
  readonly businessHours: BusinessHours | undefined;
  readonly allowedSharing: readonly AllowedSharing[];
  readonly shard: Shard;
  readonly sources: () => readonly SourceReport[];
  readonly exporter: () => Omit<ExporterReport, 'objects'>;
  readonly nowMs: () => number;
}

/** The sources that are logs, as `freezewatch_source_up` names them. */
export const VIRT_API_LOGS = 'virt_api_logs';
export const VIRT_LAUNCHER_LOGS = 'virt_launcher_logs';

/** The picture of this moment. It reads the store as it is: use it at once, within one turn of the event loop. */
export function liveView(context: ViewContext): ClusterView {
  const { store, timing, shard } = context;
  const nowMs = context.nowMs();
  const sources = context.sources();
  const fresh = new Set(
    sources.filter((source) => isFresh(source, nowMs, timing)).map(({ source }) => source),
  );
  const absent = new Set(sources.filter(({ absent: isAbsent }) => isAbsent).map(({ source }) => source));
  const objectsOf = <K extends Kind>(kind: K): Objects<ObjectOf<K>> => {
    const table = store.tables[kind] as unknown as Table<ObjectOf<K> & Identity>;
    const source = sourceOf(kind);
    return new LiveObjects(table, {
      available: table.synced && fresh.has(source),
      served: !absent.has(source),
    });
  };
  const held = KINDS.filter((kind) => fresh.has(sourceOf(kind)) && store.tables[kind].synced);
  return {
    ...(forEachKind(objectsOf) as KindViews), // Each has the type of its own table.
    nowMs,
    timing,
    businessHours: context.businessHours,
    allowedSharing: context.allowedSharing,
    clusterUid: store.clusterUid,
    kubevirtNamespace: context.namespaces?.kubevirt ?? '',
    longhornNamespace: context.namespaces?.longhorn ?? '',
    namespaceDoubts: context.namespaces?.doubts ?? [],
    countsFreezes: fresh.has(VIRT_API_LOGS),
    freezesCountedSinceMs: fresh.has(VIRT_API_LOGS) ? store.freezes.countedSinceMs : undefined,
    freezesOf: (namespace, vm) => store.freezes.of(namespace, vm),
    freezeTrendOf: (namespace, vm) => store.freezes.trendOf(namespace, vm, nowMs),
    freezeHistoryOf: (namespace, vm) => store.freezes.historyOf(namespace, vm, nowMs),
    frozenSinceMsOf: (namespace, vm) => store.frozenSince.get(`${namespace}/${vm}`),
    countsLauncherEvents: fresh.has(VIRT_LAUNCHER_LOGS),
    launcherEventsOf: (namespace, vm): LauncherCounts | undefined =>
      inShard(shard, store.tables.vmis.get(namespace, vm)?.uid ?? '')
        ? store.launcherEvents.of(namespace, vm)
        : undefined,
    targetHistory: store.targetHistory,
    progressHistory: store.progress,
    sources,
    exporter: {
      ...context.exporter(),
      objects: new Map(held.map((kind) => [sourceOf(kind), store.tables[kind].size])),
    },
  };
}

/** Whether a source can be believed: it is served, and proved fresh lately. */
const isFresh = (
  { up, lastSuccessMs }: SourceReport,
  nowMs: number,
  { unreachableAfterMs }: Timing,
): boolean => up !== undefined && lastSuccessMs !== undefined && nowMs - lastSuccessMs <= unreachableAfterMs;

class LiveObjects<T extends Identity> implements Objects<T> {
  readonly available: boolean;
  readonly served: boolean;
  readonly #table: Table<T>;

  constructor(table: Table<T>, { available, served }: Pick<Objects<T>, 'available' | 'served'>) {
    this.available = available;
    this.served = served;
    this.#table = table;
  }

  get size(): number {
    return this.available ? this.#table.size : 0;
  }

  get(namespace: string, name: string): T | undefined {
    return this.available ? this.#table.get(namespace, name) : undefined;
  }

  *[Symbol.iterator](): Iterator<T> {
    if (this.available) yield* this.#table;
  }
}
