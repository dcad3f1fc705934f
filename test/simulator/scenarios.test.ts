import assert from 'node:assert/strict';
import { parseAccessLine } from '../../src/model/logs/access-line.ts';
import { parseLauncherLine } from '../../src/model/logs/launcher-line.ts';
import type { SimulatedWorldCluster } from '../../simulator/cluster.ts';
import { VirtualClock } from '../../simulator/clock.ts';
import { peerMetrics } from '../../simulator/peer-metrics.ts';
import { playScenario } from '../../simulator/scenario.ts';
import { SCENARIOS, scenarioNamed } from '../../simulator/scenarios.ts';
import type { Truth } from '../../simulator/truth.ts';
import { truth } from '../../simulator/truth.ts';
import type { World } from '../../simulator/world.ts';
import { createWorld } from '../../simulator/world.ts';
import { HOUR_MS, MINUTE_MS, START } from './world-of.ts';

interface Played {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly told: readonly string[];
}

function played(name: string, ms: number, seed = 1): Played {
  const scenario = scenarioNamed(name);
  const clock = new VirtualClock(START);
  const world = createWorld({ clusters: scenario.clusters, clock, seed });
  const told: string[] = [];
  playScenario(scenario, world, (text) => told.push(text));
  clock.advance(ms);
  return { world, clock, told };
}

const linesOf = ({ site }: SimulatedWorldCluster, prefix: string, container: string): readonly string[] =>
  site.store
    .list('pods')
    .filter(({ metadata }) => metadata.name.startsWith(prefix))
    .flatMap(({ metadata: { namespace = '', name } }) => site.logs.read({ namespace, name }, container) ?? [])
    .map(({ text }) => text);

const total = (counts: readonly { readonly count: number }[]): number =>
  counts.reduce((sum, { count }) => sum + count, 0);

describe('every scenario', () => {
  for (const { name } of SCENARIOS) {
    it(`${name}: logs exactly what it counts`, () => {
      const { world } = played(name, 20 * MINUTE_MS);
      for (const cluster of world.clusters) {
        const { freezeCalls, safetyUnfreezes, thawFailures } = truth(cluster);
        const calls = linesOf(cluster, 'virt-api-', 'virt-api').flatMap(
          (line) => parseAccessLine(line) ?? [],
        );
        for (const { vm, action, result, count } of freezeCalls) {
          const logged = calls.filter(
            (call) => call.vm === vm && call.action === action && call.result === result,
          );
          assert.equal(logged.length, count, `${action} of ${vm}: ${result}`);
        }
        assert.equal(calls.length, total(freezeCalls));
        const events = linesOf(cluster, 'virt-launcher-', 'compute').map(parseLauncherLine);
        assert.equal(events.filter((event) => event === 'safety_unfreeze').length, total(safetyUnfreezes));
        assert.equal(events.filter((event) => event === 'thaw_failed').length, total(thawFailures));
      }
    });
  }

  it('is the same for the same seed, and another for another', () => {
    const story = (seed: number): string =>
      JSON.stringify(
        played('schedule-trouble', HOUR_MS, seed).world.clusters.map((cluster) => truth(cluster)),
      );
    assert.equal(story(7), story(7));
    assert.notEqual(story(7), story(8));
  });
});

describe('the scenario incident', () => {
  const at = (ms: number): Truth => truth(played('incident', ms).world.cluster('prod'));

  it('shows a VM in a loop, Error backups and virt-handlers half a minute after the start at sixty times the speed', () => {
    const { freezeCalls, vmBackups, virtHandlers } = at(30 * MINUTE_MS);
    const perSecond = (vm: string): number => total(freezeCalls.filter((call) => call.vm === vm)) / 1_800;
    assert.ok(perSecond('db-01') > 0.4 && perSecond('db-01') < 1.2, `${perSecond('db-01')} calls per second`);
    assert.equal(vmBackups.filter(({ state }) => state === 'error').length, 48);
    assert.equal(virtHandlers.length, 3);
  });

  it('reaches the memory limit within three minutes of the demo, climbs again, and gets new errors from what the other cluster puts back', () => {
    const { world, clock, told } = played('incident', 100 * MINUTE_MS);
    const prod = world.cluster('prod');
    const handler = prod.handlers.get('node-2');
    assert.equal(handler?.restarts, 0);
    clock.advance(80 * MINUTE_MS);
    assert.equal(truth(prod).oomKills.length, 1);
    assert.equal(handler.restarts, 1);
    const afterKill = handler.figures().workingSetBytes;
    clock.advance(20 * MINUTE_MS);
    assert.ok(handler.figures().workingSetBytes > afterKill);
    const { vmBackups, removedNativeBackups } = truth(prod);
    assert.ok(vmBackups.filter(({ state }) => state === 'error').length > 48);
    assert.equal(removedNativeBackups, 2);
    assert.equal(told.length, 5);
  });
});

describe('the scenario healthy', () => {
  it('has no problem at any moment, and one freeze per volume and backup', () => {
    const { world, clock } = played('healthy', 0);
    const prod = world.cluster('prod');
    const states = new Set<string>();
    for (let round = 0; round < 24; round += 1) {
      clock.advance(10 * MINUTE_MS + 7_000);
      for (const { state } of truth(prod).vmBackups) states.add(state);
    }
    assert.deepEqual(
      [...states].filter((state) => !['ready', 'in_progress', 'pending', 'deleting'].includes(state)),
      [],
    );
    assert.equal(total(truth(prod).freezeCalls), 13);
  });
});

describe('the metrics of the others', () => {
  const text = (): string => peerMetrics(played('incident', 30 * MINUTE_MS).world.cluster('prod'));

  it('are those the rules rely on, with the labels they have in Harvester, and no container_spec series', () => {
    const names = new Set(Array.from(text().matchAll(/^([a-z_]+)\{/gm), ([, name]) => name));
    assert.deepEqual([...names].sort(), [
      'container_memory_working_set_bytes',
      'container_start_time_seconds',
      'go_goroutines',
      'kube_pod_container_resource_limits',
      'kube_pod_container_status_restarts_total',
      'kube_pod_info',
      'longhorn_backup_state',
      'process_open_fds',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
    ]);
    assert.match(
      text(),
      /^go_goroutines\{namespace="harvester-system",pod="virt-handler-\w+",container="virt-handler",job="kubevirt-prometheus-metrics"\} \d+$/m,
    );
    assert.match(
      text(),
      /^kube_pod_container_resource_limits\{.*node="node-2",resource="memory",unit="byte"\} 1677721600$/m,
    );
  });

  it('are lines of the exposition format', () => {
    for (const line of text().trimEnd().split('\n'))
      assert.match(
        line,
        /^(?:# TYPE [a-z_]+ (?:gauge|counter)|[a-z_]+\{(?:[a-z_]+="[^"\n]*",?)+\} -?[\d.e+]+)$/,
      );
  });
});
