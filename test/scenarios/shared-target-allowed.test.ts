import assert from 'node:assert/strict';
import { MINUTE_MS } from './target-cluster.ts';
import { aWorkingCluster, peerWrites, vanish } from './target-events.ts';

describe('a sharing that is allowed', () => {
  const untilMs = Date.UTC(2025, 2, 1, 12);
  const targetId = aWorkingCluster().targetId() ?? '';

  for (const target of [targetId, 'uid-of-this-cluster']) {
    it(`counts as 1 until the date, named by ${target === targetId ? 'the target' : 'this cluster'}`, () => {
      const cluster = aWorkingCluster({ allowedSharing: [{ target, untilMs }] });
      peerWrites(cluster);
      assert.equal(cluster.level(), 1);
      cluster.wait(untilMs - cluster.nowMs - 1);
      assert.equal(cluster.level(), 1);
      cluster.wait(1);
      assert.equal(cluster.level(), 2);
    });
  }

  it('does not hide a conflict', () => {
    const cluster = aWorkingCluster({ allowedSharing: [{ target: targetId, untilMs }] });
    peerWrites(cluster);
    vanish(cluster, 'own-1');
    cluster.wait(5 * MINUTE_MS);
    assert.equal(cluster.level(), 3);
  });

  it('of another target or cluster changes nothing', () => {
    const cluster = aWorkingCluster({ allowedSharing: [{ target: 'uid-of-the-peer', untilMs }] });
    peerWrites(cluster);
    assert.equal(cluster.level(), 2);
  });
});
