import type { Identity } from '../src/model/change.ts';
import { keyOf } from '../src/model/change.ts';
import type { KubeVirt } from '../src/model/objects/kubevirt.ts';
import type { BackupTarget, BackupVolume, LonghornBackup } from '../src/model/objects/longhorn.ts';
import type { Container, Pod } from '../src/model/objects/pod.ts';
import type { PodMemory } from '../src/model/objects/pod-memory.ts';
import type { ScheduleVmBackup } from '../src/model/objects/schedule-vm-backup.ts';
import type { ServerVersionSetting, TargetSetting } from '../src/model/objects/setting.ts';
import { NO_PROGRESS_HISTORY } from '../src/model/backups/progress.ts';
import { NO_TARGET_HISTORY } from '../src/model/targets/target-history.ts';
import { placeOfSetting, placeOfUrl } from '../src/model/objects/target-place.ts';
import { forEachKind, KINDS } from '../src/model/resources.ts';
import { FREEZE_LOOP } from '../src/model/thresholds.ts';
import { TIMING } from '../src/model/timing.ts';
import {
  type ClusterView,
  FREEZE_TREND_STEPS,
  type FreezeCounts,
  type FreezeStep,
  type KindViews,
  type LauncherCounts,
  type Objects,
} from '../src/model/view.ts';
import type { VirtualMachine, VirtualMachineInstance } from '../src/model/objects/virtual-machine.ts';
import type { VmBackup, VolumeBackup } from '../src/model/objects/vm-backup.ts';
import type { VmRestore } from '../src/model/objects/vm-restore.ts';

/** The moment of every view that names no other. */
export const NOW_MS = Date.UTC(2025, 2, 5, 12, 0, 0);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The objects of a kind as a table would hold them; available unless said otherwise. */
export function objectsOf<T extends Identity>(items: readonly T[], available = true): Objects<T> {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  return {
    available,
    served: true,
    size: byKey.size,
    get: (namespace, name) => byKey.get(`${namespace}/${name}`),
    [Symbol.iterator]: () => byKey.values(),
  };
}

/** A kind of which nothing is known: not listed yet, not served, not allowed, or out of reach. */
export const unavailable = <T extends Identity>(): Objects<T> => objectsOf<T>([], false);

/** A kind the cluster does not serve. */
export const notServed = <T extends Identity>(): Objects<T> =>
  Object.assign(unavailable<T>(), { served: false });

/** A kind may be given as a plain list; freezes and launcher events by `namespace/vm`. */
export type ViewOverrides = {
  readonly [K in keyof ClusterView]?: ClusterView[K] extends Objects<infer T>
    ? ClusterView[K] | readonly T[]
    : ClusterView[K];
} & {
  readonly freezes?: Readonly<Record<string, Partial<FreezeCounts>>>;
  /** Freeze calls per minute, oldest first; the rest of the hour before them is quiet. */
  readonly freezeTrends?: Readonly<Record<string, readonly number[]>>;
  /** Calls of each kind per minute, oldest first; where absent, those of `freezeTrends` that all worked. */
  readonly freezeHistories?: Readonly<Record<string, readonly Partial<FreezeStep>[]>>;
  readonly launcherEvents?: Readonly<Record<string, Partial<LauncherCounts>>>;
};

const ZERO = { success: 0, rejected: 0, failed: 0 } as const;
const NO_FREEZES: FreezeCounts = { calls: { freeze: ZERO, unfreeze: ZERO }, lastFreezeMs: undefined };
const NO_EVENTS: LauncherCounts = {
  safetyUnfreezes: 0,
  unfreezeFailures: 0,
  lastUnfreezeFailureMs: undefined,
};

/** A cluster without any object, every kind readable, every source well. */
export function aView({
  freezes = {},
  freezeTrends = {},
  freezeHistories = {},
  launcherEvents = {},
  ...overrides
}: ViewOverrides = {}): ClusterView {
  const given = Object.fromEntries(
    Object.entries(overrides).map(([key, value]) => [
      key,
      isKind(key) && Array.isArray(value) ? objectsOf(value as readonly Identity[]) : value,
    ]),
  ) as Partial<ClusterView>; // Lists of kinds became Objects; all else is as typed.
  return {
    ...(forEachKind(() => objectsOf<Identity>([])) as KindViews), // Without objects, a kind fits every type.
    nowMs: NOW_MS,
    timing: TIMING,
    businessHours: undefined,
    allowedSharing: [],
    clusterUid: 'c0ffee00-0000-4000-8000-000000000001',
    kubevirtNamespace: 'harvester-system',
    longhornNamespace: 'longhorn-system',
    namespaceDoubts: [],
    countsFreezes: true,
    freezesCountedSinceMs: undefined,
    freezesOf: (namespace, vm) => ({ ...NO_FREEZES, ...freezes[`${namespace}/${vm}`] }),
    freezeTrendOf: (namespace, vm) => wholeHour(freezeTrends[`${namespace}/${vm}`] ?? []),
    freezeHistoryOf: (namespace, vm) =>
      historyOf(freezeHistories[`${namespace}/${vm}`], freezeTrends[`${namespace}/${vm}`]),
    frozenSinceMsOf: () => NOW_MS - HOUR_MS,
    countsLauncherEvents: true,
    launcherEventsOf: (namespace, vm) => ({ ...NO_EVENTS, ...launcherEvents[`${namespace}/${vm}`] }),
    targetHistory: NO_TARGET_HISTORY,
    progressHistory: NO_PROGRESS_HISTORY,
    sources: [],
    exporter: {
      version: '0.0.0',
      nodeVersion: 'v20.0.0',
      decodeErrors: new Map(),
      logLines: new Map(),
      logGaps: new Map(),
      logStreams: 0,
      logStreamsSkipped: 0,
      objects: new Map(),
    },
    ...given,
  };
}

const isKind = (key: string): boolean => (KINDS as readonly string[]).includes(key);

const wholeHour = (trend: readonly number[]): readonly number[] => [
  ...Array.from({ length: FREEZE_TREND_STEPS - trend.length }, () => 0),
  ...trend,
];

/** NOW_MS begins a minute: a call of the running minute is made in its first moment. */
function historyOf(
  given: readonly Partial<FreezeStep>[] | undefined,
  trend: readonly number[] | undefined,
): readonly FreezeStep[] | undefined {
  const steps = given ?? trend?.map((calls) => ({ reached: calls, succeeded: calls }));
  if (steps === undefined) return undefined;
  const quiet = Array.from({ length: FREEZE_LOOP.historySteps - steps.length }, () => ({}));
  return [...quiet, ...steps].map((step, index) => ({
    reached: 0,
    succeeded: 0,
    refused: 0,
    thawed: 0,
    firstMs:
      'reached' in step && step.reached !== 0
        ? NOW_MS - (FREEZE_LOOP.historySteps - 1 - index) * MINUTE_MS
        : undefined,
    ...step,
  }));
}

const metadata = (namespace: string, name: string) => ({
  namespace,
  name,
  uid: `uid-of-${namespace}-${name}`,
  createdMs: NOW_MS - DAY_MS,
  deletingSinceMs: undefined,
});

/** VM prod/db. */
export const aVm = (overrides: Partial<VirtualMachine> = {}): VirtualMachine => ({
  ...metadata('prod', 'db'),
  claims: ['db-disk-0'],
  ...overrides,
});

/** prod/db running on node-1 with its guest agent connected. */
export const aVmi = (overrides: Partial<VirtualMachineInstance> = {}): VirtualMachineInstance => ({
  ...metadata('prod', 'db'),
  node: 'node-1',
  phase: 'Running',
  agentConnected: true,
  frozen: false,
  claims: ['db-disk-0'],
  ...overrides,
});

export const aVolumeBackup = (overrides: Partial<VolumeBackup> = {}): VolumeBackup => ({
  name: 'nightly-volume-db-disk-0',
  longhornBackup: 'backup-1c2d3e4f5a6b7c8d',
  volume: 'pvc-1',
  ...overrides,
});

/** A ready backup of prod/db made by this cluster an hour ago. */
export const aVmBackup = (overrides: Partial<VmBackup> = {}): VmBackup => ({
  ...metadata('prod', 'nightly'),
  createdMs: NOW_MS - HOUR_MS - 5 * MINUTE_MS,
  vm: 'db',
  type: 'backup',
  generation: 40,
  imported: false,
  freezeAnnotation: true,
  scheduleUid: undefined,
  readyToUse: true,
  completedMs: NOW_MS - HOUR_MS,
  progress: 100,
  writtenMs: undefined,
  error: undefined,
  errorMs: undefined,
  failed: false,
  failedSinceMs: undefined,
  degraded: undefined,
  degradedSinceMs: undefined,
  initialised: true,
  location: { endpoint: 'https://s3.example.net:9000', bucket: 'hv-prod' },
  spelling: 'as-in-the-setting',
  volumes: [aVolumeBackup()],
  ...overrides,
});

/** A backup of prod/db whose Longhorn backup is gone, tried again until this very second: the incident's. */
export const anErrorBackup = (overrides: Partial<VmBackup> = {}): VmBackup =>
  aVmBackup({
    ...metadata('prod', 'weekly'),
    generation: 183_422,
    imported: true,
    readyToUse: false,
    completedMs: undefined,
    progress: 0,
    error: 'lh_backup_not_found',
    errorMs: NOW_MS - 2_000,
    failed: true,
    failedSinceMs: NOW_MS - 2 * HOUR_MS,
    volumes: [
      aVolumeBackup({
        name: 'weekly-volume-db-disk-0',
        longhornBackup: 'backup-9cebaad6bf8544cc',
        volume: 'pvc-9',
      }),
    ],
    ...overrides,
  });

/** Schedule prod/nightly of VM db, each night at two. */
export const aSchedule = (overrides: Partial<ScheduleVmBackup> = {}): ScheduleVmBackup => ({
  ...metadata('prod', 'nightly'),
  vm: 'db',
  type: 'backup',
  cron: '0 2 * * *',
  failures: 0,
  maxFailures: 4,
  suspendedBy: undefined,
  ...overrides,
});

/** A complete restore of prod/nightly to a new VM. */
export const aRestore = (overrides: Partial<VmRestore> = {}): VmRestore => ({
  ...metadata('prod', 'restore-nightly'),
  vmBackupNamespace: 'prod',
  vmBackup: 'nightly',
  targetVm: 'db-restored',
  newVm: true,
  complete: true,
  restoredMs: NOW_MS - DAY_MS,
  failed: false,
  waitsForVm: false,
  progress: 100,
  writtenMs: undefined,
  ...overrides,
});

export const aContainer = (overrides: Partial<Container> = {}): Container => ({
  name: 'virt-handler',
  image: 'registry.example/suse/sles/15.5/virt-handler:1.2.2-150500.8.21.1',
  memoryLimitBytes: 1_677_721_600,
  restarts: 0,
  startedMs: NOW_MS - DAY_MS,
  oomKilledMs: undefined,
  ...overrides,
});

/** The virt-handler of node-1, of KubeVirt 1.2.2; `container` changes its only container. */
export const aVirtHandler = (
  overrides: Partial<Pod> & { readonly container?: Partial<Container> } = {},
): Pod => {
  const { container, ...rest } = overrides;
  return {
    ...metadata('harvester-system', 'virt-handler-7xk2p'),
    node: 'node-1',
    phase: 'Running',
    containers: [aContainer(container)],
    vm: undefined,
    ...rest,
  };
};

/** A virt-api that runs. */
export const aVirtApi = (overrides: Partial<Pod> = {}): Pod => ({
  ...metadata('harvester-system', 'virt-api-5d8c7'),
  node: 'node-1',
  phase: 'Running',
  containers: [aContainer({ name: 'virt-api', image: 'registry.example/suse/sles/15.5/virt-api:1.2.2' })],
  vm: undefined,
  ...overrides,
});

/** The working set of aVirtHandler(), in bytes. */
export const aPodMemory = (bytes: number, overrides: Partial<PodMemory> = {}): PodMemory => ({
  ...metadata('harvester-system', 'virt-handler-7xk2p'),
  workingSetBytes: new Map([['virt-handler', bytes]]),
  ...overrides,
});

export const aLonghornBackup = (overrides: Partial<LonghornBackup> = {}): LonghornBackup => ({
  ...metadata('longhorn-system', 'backup-1c2d3e4f5a6b7c8d'),
  native: true,
  state: 'Completed',
  target: 'default',
  volume: 'pvc-1',
  backupCreatedMs: NOW_MS - HOUR_MS,
  progress: 100,
  statusWrittenMs: undefined,
  sizeBytes: 40 * 2 ** 30,
  recurringJob: undefined,
  claim: { namespace: 'prod', name: 'db-disk-0' },
  objectOnlyRemoval: false,
  ...overrides,
});

export const aBackupVolume = (overrides: Partial<BackupVolume> = {}): BackupVolume => ({
  ...metadata('longhorn-system', 'pvc-1'),
  volume: 'pvc-1',
  target: 'default',
  ...overrides,
});

/** Longhorn's default target, available and polled a minute ago. */
export const aBackupTarget = (overrides: Partial<BackupTarget> = {}): BackupTarget => ({
  ...metadata('longhorn-system', 'default'),
  place: placeOfUrl('s3://hv-prod@us-east-1/'),
  pollIntervalMs: 5 * MINUTE_MS,
  available: true,
  lastSyncedMs: NOW_MS - MINUTE_MS,
  ...overrides,
});

/** Harvester's Setting `backup-target`: bucket hv-prod of s3.example.net:9000. */
export const aTargetSetting = (overrides: Partial<TargetSetting> = {}): TargetSetting => ({
  namespace: '',
  name: 'backup-target',
  uid: 'uid-of-backup-target',
  place: placeOfSetting({
    type: 's3',
    endpoint: 'https://s3.example.net:9000',
    bucketName: 'hv-prod',
    bucketRegion: 'us-east-1',
    virtualHostedStyle: false,
  }),
  spelling: 'as-in-the-setting',
  virtualHostedStyle: false,
  bucketRegion: 'us-east-1',
  refreshIntervalMs: 0,
  lastRefreshMs: undefined,
  ...overrides,
});

export const aServerVersion = (version: string | undefined): ServerVersionSetting => ({
  namespace: '',
  name: 'server-version',
  uid: 'uid-of-server-version',
  version,
});

export const aKubeVirt = (version: string | undefined): KubeVirt => ({
  ...metadata('harvester-system', 'kubevirt'),
  version,
});
