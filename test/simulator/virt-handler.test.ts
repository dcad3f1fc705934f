import assert from 'node:assert/strict';
import { harvesterRelease } from '../../simulator/releases.ts';
import { HOUR_MS, virtualWorld } from './world-of.ts';

const MIB = 1024 ** 2;

/** Hours until the OOM kill at one freeze call per second; undefined when there is none within `limit` hours. */
function hoursToLimit(harvesterVersion: string, limit: number): number | undefined {
  const { cluster, clock } = virtualWorld({ harvesterVersion });
  const handler = cluster.handlers.get('node-1');
  assert.ok(handler);
  while (clock.elapsedMs() < limit * HOUR_MS) {
    handler.serve();
    clock.advance(1_000);
    if (cluster.site.ledger.total('oom_kill') > 0) return clock.elapsedMs() / HOUR_MS;
  }
  return undefined;
}

describe('virt-handler', () => {
  it('reaches its limit in two to four hours at one call per second, up to KubeVirt 1.3', () => {
    for (const version of ['1.3.2', '1.4.1', '1.4.3']) {
      const hours = hoursToLimit(version, 6) ?? Infinity;
      assert.ok(hours > 2 && hours < 4, `Harvester ${version}: ${hours} hours`);
    }
  });

  it('takes about twelve hours where idle connections are closed after thirty minutes', () => {
    const hours = hoursToLimit('1.5.2', 20) ?? Infinity;
    assert.ok(hours > 9 && hours < 15, `${hours} hours`);
  });

  it('does not leak with freezes where that is fixed', () => {
    const { cluster } = virtualWorld({ harvesterVersion: '1.7.1' });
    const handler = cluster.handlers.get('node-1');
    const before = handler?.figures().goroutines;
    for (let call = 0; call < 100; call += 1) handler?.serve();
    assert.equal(handler?.figures().goroutines, before);
  });

  it('holds what was measured per leaked call', () => {
    for (const [version, goroutines] of [
      ['1.4.1', 4],
      ['1.4.2', 5],
    ] as const) {
      const { cluster } = virtualWorld({ harvesterVersion: version });
      const handler = cluster.handlers.get('node-1');
      assert.ok(handler);
      const before = handler.figures();
      for (let call = 0; call < 1_000; call += 1) handler.serve();
      const after = handler.figures();
      assert.equal(after.goroutines - before.goroutines, goroutines * 1_000, `Harvester ${version}`);
      assert.equal(after.openFds - before.openFds, 1_000);
      const kib = (after.residentBytes - before.residentBytes) / 1_000 / 1_024;
      assert.ok(kib >= 100 && kib <= 120, `${kib} KiB per call`);
    }
  });

  it('closes sockets of idle clients after thirty minutes and keeps three goroutines each, in KubeVirt 1.4 to 1.6.0', () => {
    const { cluster, clock } = virtualWorld({ harvesterVersion: '1.5.2' });
    const handler = cluster.handlers.get('node-1');
    assert.ok(handler);
    const before = handler.figures();
    for (let call = 0; call < 100; call += 1) handler.serve();
    clock.advance(HOUR_MS);
    assert.equal(handler.figures().openFds, before.openFds);
    assert.equal(handler.figures().goroutines - before.goroutines, 300);
  });

  it('is restarted by the kubelet: one restart more, a terminated state, and a memory that begins anew', () => {
    const { cluster, clock } = virtualWorld();
    const handler = cluster.handlers.get('node-1');
    assert.ok(handler);
    handler.preload(14_000);
    handler.serve();
    assert.equal(handler.serve(), false, 'nobody answers while it is down');
    clock.advance(5_000);
    assert.ok(handler.figures().workingSetBytes < 200 * MIB);
    const pod = cluster.site.store.get('pods', 'harvester-system', handler.pod);
    const { containerStatuses } = pod?.status as {
      containerStatuses: {
        restartCount: number;
        lastState: { terminated: { reason: string; exitCode: number } };
      }[];
    };
    const [status] = containerStatuses;
    assert.equal(status?.restartCount, 1);
    assert.equal(status.lastState.terminated.reason, 'OOMKilled');
    assert.equal(status.lastState.terminated.exitCode, 137);
  });

  it('leaks by the class of its KubeVirt', () => {
    const classes = ['1.3.2', '1.4.3', '1.5.0', '1.6.1', '1.7.1', '1.8.2'].map(
      (version) => harvesterRelease(version).leak,
    );
    assert.deepEqual(classes, [
      'per_freeze',
      'per_freeze',
      'per_freeze_softened',
      'per_freeze_softened',
      'client_race',
      'client_race',
    ]);
  });
});
