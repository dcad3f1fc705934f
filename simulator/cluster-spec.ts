/** A place backups are written to: one bucket, as the Setting `backup-target` names it. */
export interface TargetSpec {
  /** The bucket; clusters that name the same bucket share one store. */
  readonly bucket: string;
  readonly endpoint: string;
  readonly region: string;
  /** Harvester >= 1.4.2: how often backups are imported; 0: only when the Setting changes. */
  readonly refreshIntervalMs: number;
}

export interface VmSpec {
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly volumes: number;
  /** Whether the guest agent is connected: without it nothing can be frozen. */
  readonly agent: boolean;
  /** A VM that is off has no VMI. */
  readonly running: boolean;
  /** How long the guest takes to flush and freeze. */
  readonly freezeMs: number;
}

export interface ScheduleSpec {
  readonly namespace: string;
  readonly name: string;
  readonly vm: string;
  readonly everyMs: number;
  /** The first tick, counted from the start of the world. */
  readonly firstAfterMs: number;
  readonly retain: number;
  readonly maxFailure: number;
  readonly type: 'backup' | 'snapshot';
}

/** What one simulated cluster is made of. Durations are simulated milliseconds. */
export interface ClusterSpec {
  readonly name: string;
  /** A Harvester version of `releases.ts`; undefined: plain KubeVirt without Harvester. */
  readonly harvesterVersion: string | undefined;
  /** The version where there is no Harvester. */
  readonly kubevirtVersion: string;
  readonly kubevirtNamespace: string;
  readonly longhornNamespace: string;
  readonly longhornInstalled: boolean;
  readonly podMetricsServed: boolean;
  readonly nodes: readonly [string, ...string[]];
  readonly vms: readonly VmSpec[];
  readonly schedules: readonly ScheduleSpec[];
  readonly target: TargetSpec | undefined;
  readonly longhornPollMs: number;
  /** How often the informers of Harvester hand every object to its controller again: ten hours in every release. */
  readonly resyncMs: number;
  /** When the first resync comes: the controller has been running for a while. */
  readonly firstResyncMs: number;
  readonly virtHandlerLimit: string;
  /** How long Longhorn takes to upload a volume. */
  readonly uploadMs: number;
  /** Whether the other pods and the API machinery write log lines: virt-api logs each request. */
  readonly backgroundNoise: boolean;
}

const HOUR_MS = 3_600_000;

const DEFAULTS: Omit<ClusterSpec, 'name'> = {
  harvesterVersion: '1.4.1',
  kubevirtVersion: '1.3.1',
  kubevirtNamespace: 'harvester-system',
  longhornNamespace: 'longhorn-system',
  longhornInstalled: true,
  podMetricsServed: true,
  nodes: ['node-1', 'node-2', 'node-3'],
  vms: [],
  schedules: [],
  target: undefined,
  longhornPollMs: 300_000,
  resyncMs: 10 * HOUR_MS,
  firstResyncMs: 10 * HOUR_MS,
  virtHandlerLimit: '1600Mi',
  uploadMs: 150_000,
  backgroundNoise: true,
};

/** The default cluster: Harvester 1.4.1 on three nodes. */
export const clusterSpec = (spec: Partial<ClusterSpec> & Pick<ClusterSpec, 'name'>): ClusterSpec => ({
  ...DEFAULTS,
  ...spec,
});

/** The default VM: running, with one volume and a guest agent. */
export const vmSpec = (spec: Partial<VmSpec> & Pick<VmSpec, 'namespace' | 'name' | 'node'>): VmSpec => ({
  volumes: 1,
  agent: true,
  running: true,
  freezeMs: 120,
  ...spec,
});

/** A target on a store of the simulated site; two of them differ only in `bucket`. */
export const targetSpec = (spec: Partial<TargetSpec> & Pick<TargetSpec, 'bucket'>): TargetSpec => ({
  endpoint: 'https://s3.backup.example.net:9000',
  region: 'us-east-1',
  refreshIntervalMs: 0,
  ...spec,
});

export const scheduleSpec = (
  spec: Partial<ScheduleSpec> & Pick<ScheduleSpec, 'namespace' | 'name' | 'vm'>,
): ScheduleSpec => ({
  everyMs: HOUR_MS,
  firstAfterMs: HOUR_MS,
  retain: 8,
  maxFailure: 4,
  type: 'backup',
  ...spec,
});
