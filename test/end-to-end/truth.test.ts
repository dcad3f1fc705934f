import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { frozenGuest } from '../../simulator/scenarios/frozen-guest.ts';
import { incident } from '../../simulator/scenarios/incident.ts';
import { plainKubeVirt } from '../../simulator/scenarios/plain-kubevirt.ts';
import { twoClusters } from '../../simulator/scenarios/two-clusters.ts';
import type { Scenario } from '../../simulator/scenario.ts';
import { eventually, when } from './deadline.ts';
import { KNOWN_METRICS, reportsAreTrue, trueSeries } from './true-series.ts';
import { type WatchedCluster, type WatchedSimulation, watchedSimulation } from './watched-simulation.ts';

const MINUTE_MS = 60_000;
const SETTLED_WITHIN_MS = 10_000;

interface Story {
  readonly scenario: Scenario;
  readonly speed: number;
  readonly minutes: number;
  /** What has to have happened, or the comparison proves little. */
  readonly happened: (simulation: WatchedSimulation) => boolean;
}

const [prod, other] = [0, 1];
const truthOf = (
  { clusters }: WatchedSimulation,
  index: number,
): ReturnType<WatchedCluster['simulated']['truth']> => {
  const cluster = clusters[index];
  assert.ok(cluster);
  return cluster.simulated.truth();
};

const STORIES: readonly Story[] = [
  {
    scenario: incident,
    speed: 1_500,
    // At three hours more VMBackups fail than have series of their own.
    minutes: 178,
    happened: (world) => {
      const { oomKills, removedNativeBackups, freezeCalls, vmBackups } = truthOf(world, prod);
      const dangling = vmBackups.some(({ state }) => state === 'dangling');
      return oomKills.length > 0 && removedNativeBackups > 0 && freezeCalls.length > 3 && dangling;
    },
  },
  {
    scenario: twoClusters,
    speed: 1_500,
    minutes: 250,
    happened: (world) => {
      const imported = truthOf(world, other).vmBackups.some((backup) => backup.imported);
      const { freezeCalls, vmBackups } = truthOf(world, prod);
      return imported && vmBackups.some(({ state }) => state === 'error') && sum(freezeCalls) > 100;
    },
  },
  {
    scenario: frozenGuest,
    speed: 240,
    minutes: 24,
    happened: (world) => {
      const { thawFailures, frozenVms, freezeCalls } = truthOf(world, prod);
      return (
        thawFailures.length > 0 &&
        frozenVms.length > 0 &&
        freezeCalls.some(({ result }) => result === 'failed')
      );
    },
  },
  {
    scenario: plainKubeVirt,
    speed: 100,
    minutes: 4,
    happened: (world) => truthOf(world, prod).freezeCalls.some(({ action }) => action === 'unfreeze'),
  },
];

const sum = (deeds: readonly { readonly count: number }[]): number =>
  deeds.reduce((total, { count }) => total + count, 0);

/** The lines of `/metrics` that the truth knows of, in its spelling: it does not know how a target is called. */
async function servedSeries(cluster: WatchedCluster): Promise<readonly string[]> {
  return (await cluster.series())
    .filter((line) => KNOWN_METRICS.includes(line.split(/[{ ]/)[0] ?? ''))
    .map((line) => line.replace(/^(harvester_backup_target_removed_backups_total)\{[^}]*\}/, '$1'))
    .sort();
}

/** Lets the time of a story pass, and stops it at a moment at which the VMIs report what is true. */
async function play({ clock, clusters }: WatchedSimulation, minutes: number): Promise<void> {
  clock.start();
  await eventually(() => when(clock.elapsedMs() >= minutes * MINUTE_MS), {
    within: (2 * minutes * MINUTE_MS) / clock.speed,
    describe: () => 'the time of the world does not pass',
  });
  await eventually(
    () => {
      if (!clusters.every(({ simulated }) => reportsAreTrue(simulated))) return undefined;
      clock.stop();
      return true;
    },
    { within: SETTLED_WITHIN_MS, every: 1, describe: () => 'the VMIs never report what is true' },
  );
}

/** What is served and what is true, when both agree or the time is over. */
async function settled(
  cluster: WatchedCluster,
): Promise<{ readonly served: readonly string[]; readonly expected: readonly string[] }> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  for (;;) {
    // Longhorn alone goes on: of a target that is not synced any more nothing is said.
    cluster.simulated.cluster.harvester?.longhorn.poll();
    const expected = trueSeries(cluster.simulated);
    const served = await servedSeries(cluster);
    if (served.join('\n') === expected.join('\n') || performance.now() > deadline)
      return { served, expected };
    await sleep(50);
  }
}

async function assertTrue(cluster: WatchedCluster): Promise<void> {
  const { served, expected } = await settled(cluster);
  assert.deepEqual(served, expected);
}

describe('the metrics of a simulated cluster', function () {
  this.timeout(60_000);

  for (const { scenario, speed, minutes, happened } of STORIES) {
    it(`equal what really happened in ${scenario.name}`, async () => {
      const watched = await watchedSimulation(scenario, speed);
      try {
        await play(watched, minutes);
        for (const cluster of watched.clusters) await assertTrue(cluster);
        // What was counted twice would come late.
        await sleep(500);
        for (const cluster of watched.clusters) await assertTrue(cluster);
        assert.ok(happened(watched), 'the story was told to its end');
        assert.deepEqual(watched.complaints, []);
      } finally {
        watched.clock.stop();
        await watched.close();
      }
    });
  }
});
