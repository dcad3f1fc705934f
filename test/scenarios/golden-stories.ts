import {
  type ClusterSpec,
  clusterSpec,
  scheduleSpec,
  targetSpec,
  vmSpec,
} from '../../simulator/cluster-spec.ts';
import { SCHEDULES } from '../../simulator/objects/keys.ts';
import { vmBackupObject } from '../../simulator/objects/vm-backup.ts';
import { Peer } from '../../simulator/peer.ts';
import { seedSchedules } from '../../simulator/scenario.ts';
import { GoldenCluster } from './golden-cluster.ts';

const BUCKET = 'backups-prod';
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const DB = { namespace: 'shop', vm: 'db-01' } as const;

/** A story every version of which ends in one golden file. */
export interface GoldenStory {
  readonly name: string;
  /** The first version that can tell it; undefined: all. */
  readonly from?: string;
  readonly tell: (harvesterVersion: string) => GoldenCluster;
}

export const GOLDEN_VERSIONS: readonly string[] = ['1.3.2', '1.4.1', '1.5.2', '1.7.1', '1.8.2'];

const spec = (harvesterVersion: string, more: Partial<ClusterSpec> = {}): ClusterSpec =>
  clusterSpec({
    name: 'prod',
    harvesterVersion,
    nodes: ['node-1'],
    vms: [vmSpec({ namespace: 'shop', name: 'db-01', node: 'node-1', volumes: 2 })],
    target: targetSpec({ bucket: BUCKET }),
    backgroundNoise: false,
    ...more,
  });

function backUp({ cluster }: GoldenCluster, name: string, type: 'backup' | 'snapshot' = 'backup'): void {
  cluster.site.store.apply(vmBackupObject({ name, namespace: DB.namespace }, DB.vm, type));
}

function seedReady({ cluster }: GoldenCluster, name: string, ageMs: number): void {
  cluster.harvester?.seed.readyBackup({ ...DB, name, ageMs });
}

/** One backup and one snapshot of a running VM, and a restore that proves an older backup; another VM is off and has none. */
const healthy: GoldenStory = {
  name: 'healthy',
  tell: (version) => {
    const vms = [
      vmSpec({ namespace: 'shop', name: 'db-01', node: 'node-1', volumes: 2 }),
      vmSpec({ namespace: 'office', name: 'off-01', node: 'node-1', running: false }),
    ];
    const golden = new GoldenCluster(spec(version, { vms }), (begun) => {
      seedReady(begun, 'weekly', 100 * HOUR_MS);
      begun.cluster.harvester?.seed.verifiedRestore(DB.namespace, DB.vm, 90 * HOUR_MS);
    });
    golden.minutes(5);
    backUp(golden, 'manual');
    golden.minutes(10);
    backUp(golden, 'before-upgrade', 'snapshot');
    golden.minutes(5);
    return golden;
  },
};

/** Until 1.4.1 imports without data loop; later what is left is a backup that cannot freeze the guest. */
const freezeLoop: GoldenStory = {
  name: 'freeze-loop',
  tell: (version) => {
    const imports = ['1.3.2', '1.4.1'].includes(version);
    const golden = new GoldenCluster(spec(version), (begun) => {
      seedReady(begun, 'weekly', 100 * HOUR_MS);
      if (!imports) return;
      for (const [index, name] of ['daily-1', 'daily-2', 'daily-3'].entries())
        begun.cluster.harvester?.seed.failingImport({ ...DB, name, ageMs: (20 + index) * HOUR_MS }, 30_000);
    });
    const guest = golden.cluster.machines.guests.get('shop/db-01');
    golden.minutes(5);
    if (!imports && guest !== undefined) {
      guest.refusesFreeze = true;
      backUp(golden, 'manual');
    }
    golden.minutes(55);
    return golden;
  },
};

/** Another cluster deletes two native backups from the shared bucket. Only 1.6 and later look again, where asked to. */
const lostData: GoldenStory = {
  name: 'lost-data',
  tell: (version) => {
    const target = targetSpec({
      bucket: BUCKET,
      refreshIntervalMs: version === '1.8.2' ? 10 * MINUTE_MS : 0,
    });
    const golden = new GoldenCluster(spec(version, { target }), (begun) => {
      for (const [index, name] of ['daily-1', 'daily-2', 'daily-3'].entries())
        seedReady(begun, name, (20 + 24 * index) * HOUR_MS);
    });
    const peer = new Peer('staging', golden.world.bucket(BUCKET));
    golden.minutes(12);
    peer.import();
    peer.deleteCopies(DB.namespace, DB.vm, 2);
    golden.minutes(30);
    return golden;
  },
};

/** One schedule is suspended for its failures, one by a user; a third runs at night. */
const scheduleTrouble: GoldenStory = {
  name: 'schedule-trouble',
  from: '1.4.0',
  tell: (version) => {
    const hourly = { ...DB, firstAfterMs: 10 * MINUTE_MS, retain: 2, maxFailure: 2 };
    const other = { namespace: 'shop', vm: 'web-01', firstAfterMs: 20 * MINUTE_MS };
    const golden = new GoldenCluster(
      spec(version, {
        vms: [
          vmSpec({ namespace: 'shop', name: 'db-01', node: 'node-1' }),
          vmSpec({ namespace: 'shop', name: 'web-01', node: 'node-1', agent: false }),
        ],
        schedules: [
          scheduleSpec({ ...hourly, name: 'db-hourly' }),
          scheduleSpec({ ...other, name: 'web-hourly', type: 'snapshot' }),
          scheduleSpec({ ...other, name: 'web-nightly', everyMs: 24 * HOUR_MS, firstAfterMs: 100 * HOUR_MS }),
        ],
      }),
      ({ cluster }) => seedSchedules(cluster, 2),
    );
    const { site, harvester } = golden.cluster;
    golden.minutes(5);
    if (harvester !== undefined)
      harvester.longhorn.failure = 'failed to upload block: context deadline exceeded';
    golden.minutes(60);
    site.store.patch(SCHEDULES, 'shop', 'web-hourly', (object) => ({
      ...object,
      spec: { ...(object.spec as object), suspend: true },
    }));
    golden.minutes(90);
    return golden;
  },
};

export const GOLDEN_STORIES: readonly GoldenStory[] = [healthy, freezeLoop, lostData, scheduleTrouble];
