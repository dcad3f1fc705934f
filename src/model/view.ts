import type { Identity } from './change.ts';
import type { FreezeAction, FreezeResult } from './logs/access-line.ts';
import type { BusinessHours } from './backups/business-hours.ts';
import type { KubeVirt } from './objects/kubevirt.ts';
import type {
  BackupTarget,
  BackupVolume,
  LonghornBackup,
  LonghornVolume,
  PersistentVolume,
} from './objects/longhorn.ts';
import type { Pod } from './objects/pod.ts';
import type { PodMemory } from './objects/pod-memory.ts';
import type { ScheduleVmBackup } from './objects/schedule-vm-backup.ts';
import type { ServerVersionSetting, TargetSetting } from './objects/setting.ts';
import type { AllowedSharing } from './conflicts/allowed-sharing.ts';
import type { ProgressHistory } from './backups/progress.ts';
import type { TargetHistory } from './targets/target-history.ts';
import type { Timing } from './timing.ts';
import type { VirtualMachine, VirtualMachineInstance } from './objects/virtual-machine.ts';
import type { VmBackup } from './objects/vm-backup.ts';
import type { VmRestore } from './objects/vm-restore.ts';

/**
 * The objects of one kind. While its source was never listed, is not served, not allowed, or out of reach for too
 * long, it is not `available` and holds nothing: what is unknown is absent, not stale and not zero.
 */
export interface Objects<T extends Identity> extends Iterable<T> {
  readonly available: boolean;
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

/** What a VM's virt-launcher said, counted since it was first followed. */
export interface LauncherCounts {
  readonly safetyUnfreezes: number;
  readonly unfreezeFailures: number;
}

/** How one of our inputs fares. */
export interface SourceReport {
  readonly source: string;
  /** undefined: not served by this cluster, or not tried yet. */
  readonly up: boolean | undefined;
  readonly lastSuccessMs: number | undefined;
  readonly errors: ReadonlyMap<string, number>;
  /** What the operator can do about it; absent while nothing is wrong. */
  readonly cure?: string;
}

/** A read-only picture of one cluster at one moment. Every metric and every finding is a pure function of it. */
export interface ClusterView {
  readonly nowMs: number;
  readonly timing: Timing;
  readonly businessHours: BusinessHours | undefined;
  readonly allowedSharing: readonly AllowedSharing[];

  /** The uid of namespace kube-system; undefined until it was read. */
  readonly clusterUid: string | undefined;
  readonly kubevirtNamespace: string;
  readonly virtualMachines: Objects<VirtualMachine>;
  readonly vmis: Objects<VirtualMachineInstance>;
  readonly vmBackups: Objects<VmBackup>;
  readonly schedules: Objects<ScheduleVmBackup>;
  readonly restores: Objects<VmRestore>;
  readonly targetSettings: Objects<TargetSetting>;
  readonly serverVersions: Objects<ServerVersionSetting>;
  readonly kubevirts: Objects<KubeVirt>;
  readonly virtHandlers: Objects<Pod>;
  readonly virtApis: Objects<Pod>;
  readonly virtHandlerMemory: Objects<PodMemory>;
  readonly longhornBackups: Objects<LonghornBackup>;
  readonly backupVolumes: Objects<BackupVolume>;
  readonly backupTargets: Objects<BackupTarget>;
  readonly longhornVolumes: Objects<LonghornVolume>;
  readonly persistentVolumes: Objects<PersistentVolume>;

  /** Whether freeze calls can be counted now: virt-api's log was read within the last minutes. */
  readonly countsFreezes: boolean;
  /** Zero for a VM that was never frozen. */
  freezesOf(namespace: string, vm: string): FreezeCounts;
  /**
   * Freeze calls that reached virt-handler in each of the last FREEZE_TREND_STEPS steps of `timing.freezeTrendStepMs`,
   * oldest first; the last step is still running.
   */
  freezeTrendOf(namespace: string, vm: string): readonly number[];
  readonly countsLauncherEvents: boolean;
  /** undefined for a VM whose launcher another shard follows. */
  launcherEventsOf(namespace: string, vm: string): LauncherCounts | undefined;
  readonly targetHistory: TargetHistory;
  readonly progressHistory: ProgressHistory;

  readonly sources: readonly SourceReport[];
  readonly exporter: ExporterReport;
}

/** What the exporter tells of itself, beside its sources. */
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
