import type { Identity } from './change.ts';
import type { FreezeAction, FreezeResult } from './logs/access-line.ts';
import type { BusinessHours } from './backups/business-hours.ts';
import type { AllowedSharing } from './conflicts/allowed-sharing.ts';
import type { ProgressHistory } from './backups/progress.ts';
import type { TargetHistory } from './targets/target-history.ts';
import type { Kind, Namespaces, ObjectOf } from './resources.ts';
import type { Timing } from './timing.ts';

/**
 * The objects of one kind. While its source was never listed, is not served, not allowed, or out of reach for too
 * long, it is not `available` and holds nothing: unknown objects are absent.
 */
export interface Objects<T extends Identity> extends Iterable<T> {
  readonly available: boolean;
  /** False where the cluster does not serve the kind: then it has no such objects, and the picture is complete. */
  readonly served: boolean;
  readonly size: number;
  get(namespace: string, name: string): T | undefined;
}

/** An hour of minutes. */
export const FREEZE_TREND_STEPS = 60;

/** Calls for one VM, counted since it was first seen. */
export interface FreezeCounts {
  readonly calls: Readonly<Record<FreezeAction, Readonly<Record<FreezeResult, number>>>>;
  /** The newest freeze call that reached virt-handler. */
  readonly lastFreezeMs: number | undefined;
}

/** The calls for one VM in one step of `timing.freezeTrendStepMs`. */
export interface FreezeStep {
  /** Freeze calls that reached virt-handler. */
  readonly reached: number;
  /** Freeze calls that worked. */
  readonly succeeded: number;
  /** Freeze calls that failed, or were rejected before virt-handler. */
  readonly refused: number;
  /** Unfreeze calls that worked. */
  readonly thawed: number;
  /** The first freeze call of the step that reached virt-handler. */
  readonly firstMs: number | undefined;
}

/** Events in the log of a VM's virt-launcher, counted since the log was first followed. */
export interface LauncherCounts {
  readonly safetyUnfreezes: number;
  readonly unfreezeFailures: number;
  readonly lastUnfreezeFailureMs: number | undefined;
}

/** A namespace that was not found for certain. */
export interface NamespaceDoubt {
  readonly component: keyof Namespaces;
  /** Where objects of it are; none or several. */
  readonly found: readonly string[];
  /** Where we look instead. */
  readonly taken: string;
}

/** How one of our inputs fares. */
export interface SourceReport {
  readonly source: string;
  /** undefined: not served by this cluster, or not tried yet. */
  readonly up: boolean | undefined;
  /** The cluster was asked and does not serve it. */
  readonly absent?: boolean;
  readonly lastSuccessMs: number | undefined;
  readonly errors: ReadonlyMap<string, number>;
  /** What the operator can do about it; absent while nothing is wrong. */
  readonly remedy?: string;
}

/** The objects of every kind, by the rows of `resources.ts`. */
export type KindViews = { readonly [K in Kind]: Objects<ObjectOf<K>> };

/** A read-only picture of one cluster at one moment. Every metric and every finding is a pure function of it. */
export interface ClusterView extends KindViews {
  readonly nowMs: number;
  readonly timing: Timing;
  readonly businessHours: BusinessHours | undefined;
  readonly allowedSharing: readonly AllowedSharing[];

  /** The uid of namespace kube-system; undefined until it was read. */
  readonly clusterUid: string | undefined;
  readonly kubevirtNamespace: string;
  readonly longhornNamespace: string;
  /** Where the namespaces of KubeVirt and Longhorn are a guess. */
  readonly namespaceDoubts: readonly NamespaceDoubt[];
  /** Whether freeze calls can be counted now: virt-api's log was read within the last minutes. */
  readonly countsFreezes: boolean;
  /** Since when every freeze call is known; undefined where that is not known, or no call is counted. */
  readonly freezesCountedSinceMs: number | undefined;
  /** Zero for a VM that was never frozen. */
  freezesOf(namespace: string, vm: string): FreezeCounts;
  /**
   * Freeze calls that reached virt-handler in each of the last FREEZE_TREND_STEPS steps of `timing.freezeTrendStepMs`,
   * oldest first; the last step is still running.
   */
  freezeTrendOf(namespace: string, vm: string): readonly number[];
  /** The calls of the last FREEZE_LOOP.historySteps steps, oldest first; undefined for a VM without any. */
  freezeHistoryOf(namespace: string, vm: string): readonly FreezeStep[] | undefined;
  /** When the VM was first seen in its present freeze; undefined where one look cannot know. */
  frozenSinceMsOf(namespace: string, vm: string): number | undefined;
  readonly countsLauncherEvents: boolean;
  /** undefined for a VM whose launcher another shard follows. */
  launcherEventsOf(namespace: string, vm: string): LauncherCounts | undefined;
  readonly targetHistory: TargetHistory;
  readonly progressHistory: ProgressHistory;

  readonly sources: readonly SourceReport[];
  readonly exporter: ExporterReport;
}

/** What the exporter reports about itself, beside its sources. */
export interface ExporterReport {
  readonly version: string;
  readonly nodeVersion: string;
  readonly decodeErrors: ReadonlyMap<string, number>;
  readonly logLines: ReadonlyMap<string, number>;
  readonly logGaps: ReadonlyMap<string, number>;
  readonly logStreams: number;
  /** Log streams wanted but not open, because the limit was reached. */
  readonly logStreamsSkipped: number;
  /** Objects held, by resource; only of kinds that are available. */
  readonly objects: ReadonlyMap<string, number>;
}

/** Computes once per view what several metrics and findings ask for. */
export function perView<R>(compute: (view: ClusterView) => R): (view: ClusterView) => R {
  const results = new WeakMap<ClusterView, { readonly result: R }>();
  return (view) => {
    const known = results.get(view);
    if (known !== undefined) return known.result;
    const result = compute(view);
    results.set(view, { result });
    return result;
  };
}
