import { BackupController } from './harvester/backup-controller.ts';
import { Bucket } from './longhorn/bucket.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import type { Clock } from './clock.ts';
import { kindsServed } from './kinds.ts';
import type { KubeObject } from './kube-object.ts';
import { KubeObjectStore } from './kube-object-store.ts';
import { Ledger } from './ledger.ts';
import { Longhorn } from './longhorn/longhorn.ts';
import { Machines } from './kubevirt/machines.ts';
import { clusterObjects } from './objects/cluster.ts';
import { serverVersionSetting } from './objects/harvester-settings.ts';
import { longhornSettings } from './objects/longhorn.ts';
import { controlPlanePod } from './objects/virt-pods.ts';
import { PodLogs } from './pod-logs.ts';
import type { Random } from './random.ts';
import type { Release } from './releases.ts';
import { harvesterRelease, isOlder, plainKubeVirt } from './releases.ts';
import { ScheduleController } from './harvester/schedule-controller.ts';
import { Seed } from './seed.ts';
import { ago, stamp } from './site.ts';
import type { Site } from './site.ts';
import { initialTargetSetting, TargetImport } from './harvester/target-import.ts';
import { VirtApi } from './kubevirt/virt-api.ts';
import { VirtHandler } from './kubevirt/virt-handler.ts';

const DAY_MS = 86_400_000;

/** What Harvester and Longhorn add to a cluster. */
interface HarvesterParts {
  readonly longhorn: Longhorn;
  readonly bucket: Bucket;
  readonly controller: BackupController;
  readonly targetImport: TargetImport;
  readonly schedules: readonly ScheduleController[];
  readonly seed: Seed;
}

/** One simulated cluster: everything in it lives on one clock and one store of objects. */
export class SimulatedWorldCluster {
  readonly site: Site;
  readonly uid: string;
  readonly handlers: ReadonlyMap<string, VirtHandler>;
  readonly machines: Machines;
  readonly api: VirtApi;
  /** undefined for a plain KubeVirt, and where Longhorn is missing: then nothing is backed up. */
  readonly harvester: HarvesterParts | undefined;

  constructor(
    spec: ClusterSpec,
    {
      clock,
      random,
      bucket,
    }: { readonly clock: Clock; readonly random: Random; readonly bucket: Bucket | undefined },
  ) {
    this.site = newSite(spec, clock, random);
    const createdAt = ago(this.site, DAY_MS);
    this.uid = random.uid();
    this.#apply(clusterObjects(this.site, this.uid, stamp(this.site, createdAt)));
    this.handlers = new Map(spec.nodes.map((node) => [node, new VirtHandler(this.site, node, createdAt)]));
    this.machines = new Machines(this.site, createdAt);
    this.api = new VirtApi(this.site, this.handlers, this.machines.guests, createdAt);
    if (spec.harvesterVersion !== undefined)
      this.#apply([serverVersionSetting(this.site), initialTargetSetting(this.site)]);
    const complete = spec.harvesterVersion !== undefined && spec.longhornInstalled;
    this.harvester = complete ? this.#installHarvester(bucket, createdAt) : undefined;
  }

  get name(): string {
    return this.site.spec.name;
  }

  /** What metrics.k8s.io says of the virt-handlers now. */
  podMetrics(): readonly KubeObject[] {
    return [...this.handlers.values()].map((handler) => ({
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind: 'PodMetrics',
      metadata: {
        name: handler.pod,
        namespace: this.site.spec.kubevirtNamespace,
        labels: { 'kubevirt.io': 'virt-handler', 'prometheus.kubevirt.io': 'true' },
        creationTimestamp: stamp(this.site).replace(/\.\d+Z$/, 'Z'),
      },
      timestamp: stamp(this.site).replace(/\.\d+Z$/, 'Z'),
      window: '15s',
      containers: [
        {
          name: 'virt-handler',
          usage: { cpu: '120m', memory: `${Math.round(handler.figures().workingSetBytes / 1_024)}Ki` },
        },
      ],
    }));
  }

  #installHarvester(shared: Bucket | undefined, createdAt: Date): HarvesterParts {
    const { site } = this;
    const bucket = shared ?? new Bucket();
    const pod = `harvester-${site.random.suffix(9)}-${site.random.suffix(5)}`;
    const [node] = site.spec.nodes;
    this.#apply([
      controlPlanePod(site, {
        name: pod,
        app: 'harvester',
        container: 'apiserver',
        node,
        startedAt: stamp(site, createdAt),
      }),
      ...longhornSettings(site),
    ]);
    const longhorn = new Longhorn(site, bucket);
    const { machines, api } = this;
    const ownBucket = site.spec.target === undefined ? undefined : bucket;
    const controller = new BackupController(site, {
      bucket: ownBucket,
      longhorn,
      api,
      machines,
      guests: machines.guests,
      pod,
    });
    const targetImport = new TargetImport(site, bucket, longhorn);
    const seed = new Seed(site, { machines, longhorn, bucket: ownBucket, controller });
    const schedules = site.release.schedules
      ? site.spec.schedules.map((spec) => new ScheduleController(site, spec))
      : [];
    return { longhorn, bucket, controller, targetImport, schedules, seed };
  }

  #apply(objects: readonly KubeObject[]): void {
    for (const object of objects) this.site.store.apply(object);
  }
}

function newSite(spec: ClusterSpec, clock: Clock, random: Random): Site {
  const release =
    spec.harvesterVersion === undefined
      ? plainKubeVirt(spec.kubevirtVersion)
      : harvesterRelease(spec.harvesterVersion);
  const now = (): Date => clock.now();
  const store = new KubeObjectStore({
    kinds: kindsServed(products(spec, release)),
    now,
    random: random.next,
  });
  return { spec, release, clock, random, store, logs: new PodLogs({ now }), ledger: new Ledger() };
}

const products = (spec: ClusterSpec, release: Release): Parameters<typeof kindsServed>[0] => ({
  kubevirt: true,
  monitoring: true,
  ...(spec.longhornInstalled ? { longhorn: { backupTargets: release.namedTargets } } : {}),
  ...(spec.harvesterVersion === undefined
    ? {}
    : {
        harvester: {
          errorColumn: isOlder(release.harvester, '1.7.0') ? 'date' : 'string',
          schedules: release.schedules,
        },
      }),
});
