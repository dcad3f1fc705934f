import { keyOf } from '../../src/model/change.ts';
import { conflictLevel } from '../../src/model/conflicts/conflict-level.ts';
import { targetEvidence } from '../../src/model/conflicts/target-evidence.ts';
import { removedBackups } from '../../src/model/targets/target-history.ts';
import { signalCount, TARGET_SIGNALS, type TargetSignal } from '../../src/model/conflicts/target-signal.ts';
import { type Kind, resources } from '../../src/model/resources.ts';
import { TIMING } from '../../src/model/timing.ts';
import type { ClusterView } from '../../src/model/view.ts';
import { ClusterStore } from '../../src/store/cluster-store.ts';
import { liveView } from '../../src/store/live-view.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const START_MS = Date.UTC(2025, 2, 1, 0, 0, 0);

const KINDS = resources({ kubevirt: 'harvester-system', longhorn: 'longhorn-system' });
/** What the judgement reads. `schedules` is not served before Harvester 1.4. */
const READ = [
  'vmBackups',
  'schedules',
  'targetSettings',
  'serverVersions',
  'longhornBackups',
  'backupVolumes',
  'backupTargets',
  'longhornVolumes',
  'persistentVolumes',
] as const satisfies readonly Kind[];
type Read = (typeof READ)[number];

export interface ClusterOptions {
  readonly harvester?: string;
  readonly allowedSharing?: ClusterView['allowedSharing'];
}

/**
 * The objects of one Harvester cluster as its API server would tell them, and a clock. The exporter's own decoders,
 * store and view read them: a restart forgets what only watching tells.
 */
export class TargetCluster {
  nowMs = START_MS;
  readonly #objects = new Map<Read, Map<string, object>>(READ.map((kind) => [kind, new Map()]));
  readonly #options: ClusterOptions;
  #store: ClusterStore | undefined;
  #url = 's3://hv-prod@us-east-1/';
  #pollMs = 5 * MINUTE_MS;
  #nextPollMs = START_MS;
  #polling = true;

  constructor(options: ClusterOptions = {}) {
    this.#options = options;
    this.set('serverVersions', {
      metadata: { name: 'server-version' },
      value: options.harvester ?? 'v1.4.1',
    });
  }

  set(kind: Read, object: object): void {
    const decoded = KINDS[kind].decode(object);
    this.#objects.get(kind)?.set(keyOf(decoded), object);
    this.#tell(kind, { type: 'set', object: decoded });
  }

  delete(kind: Read, name: string, namespace = 'longhorn-system'): void {
    this.#objects.get(kind)?.delete(`${namespace}/${name}`);
    this.#tell(kind, { type: 'delete', key: `${namespace}/${name}` });
  }

  has(kind: Read, name: string, namespace = 'longhorn-system'): boolean {
    return this.#objects.get(kind)?.has(`${namespace}/${name}`) ?? false;
  }

  /** The exporter starts, or starts anew: it lists every kind but those left out. */
  startExporter(...unlisted: readonly Read[]): void {
    this.#store = new ClusterStore(TIMING, () => this.nowMs);
    this.#store.clusterUid = 'uid-of-this-cluster';
    for (const kind of READ) if (!unlisted.includes(kind)) this.list(kind);
  }

  list(kind: Read): void {
    this.#tell(kind, { type: 'sync' });
    for (const object of this.#objects.get(kind)?.values() ?? []) {
      this.#tell(kind, { type: 'set', object: KINDS[kind].decode(object) });
    }
    this.#tell(kind, { type: 'synced' });
  }

  #tell(kind: Read, change: object): void {
    // Each change was decoded by the kind it is told to.
    (this.#store?.sink(kind) as ((change: object) => void) | undefined)?.(change);
  }

  /** Time passes; unless polling was stopped, Longhorn reads the store every poll, to no change. */
  wait(ms: number): void {
    const endMs = this.nowMs + ms;
    while (this.#polling && this.#pollMs > 0 && this.#nextPollMs <= endMs) {
      this.nowMs = Math.max(this.nowMs, this.#nextPollMs);
      this.target();
    }
    this.nowMs = endMs;
  }

  /** Longhorn's default target, read just now. */
  target({ url = this.#url, available = true, pollMs = this.#pollMs } = {}): void {
    this.#url = url;
    this.#pollMs = pollMs;
    this.#nextPollMs = this.nowMs + pollMs;
    this.set('backupTargets', {
      metadata: { namespace: 'longhorn-system', name: 'default' },
      spec: { backupTargetURL: url, pollInterval: `${pollMs / 1_000}s` },
      status: { available, lastSyncedAt: this.iso() },
    });
  }

  /** Nobody renews `lastSyncedAt` any more. */
  stopPolling(): void {
    this.#polling = false;
  }

  resumePolling(): void {
    this.#polling = true;
    this.target();
  }

  setting(): void {
    const value = {
      type: 's3',
      endpoint: 'https://s3.example.net:9000',
      bucketName: 'hv-prod',
      bucketRegion: 'us-east-1',
    };
    this.set('targetSettings', { metadata: { name: 'backup-target' }, value: JSON.stringify(value) });
  }

  iso(ms = this.nowMs): string {
    return new Date(ms).toISOString();
  }

  view(): ClusterView {
    if (this.#store === undefined) this.startExporter();
    return liveView({
      store: this.#store ?? new ClusterStore(),
      timing: TIMING,
      namespaces: { kubevirt: 'harvester-system', longhorn: 'longhorn-system', doubts: [] },
      businessHours: undefined,
      allowedSharing: this.#options.allowedSharing ?? [],
      shard: { index: 1, total: 1 },
      sources: () =>
        READ.map((kind) => ({
          source: KINDS[kind].source,
          up: true,
          lastSuccessMs: this.nowMs,
          errors: new Map(),
        })),
      exporter: () => ({
        version: '0.0.0',
        nodeVersion: 'v20.0.0',
        decodeErrors: new Map(),
        logLines: new Map(),
        logGaps: new Map(),
        logStreams: 0,
        logStreamsSkipped: 0,
      }),
      nowMs: () => this.nowMs,
    });
  }

  /** The level of Harvester's target; undefined: none is told. */
  level(): number | undefined {
    const view = this.view();
    const [evidence] = targetEvidence(view);
    return evidence === undefined ? undefined : conflictLevel(view, evidence);
  }

  /** The counts that are told and not 0. */
  signals(): Partial<Record<TargetSignal, number>> {
    const view = this.view();
    const [evidence] = targetEvidence(view);
    if (evidence === undefined) return {};
    const counts = TARGET_SIGNALS.map((signal) => [signal, signalCount(view, evidence, signal)] as const);
    return Object.fromEntries(counts.filter(([, count]) => count !== undefined && count > 0));
  }

  targetId(): string | undefined {
    return targetEvidence(this.view())[0]?.current.place.targetId;
  }

  /** Backups that vanished from Harvester's target. */
  removed(): number | undefined {
    return removedBackups(this.view().targetHistory, 'default', this.nowMs, TIMING);
  }
}
