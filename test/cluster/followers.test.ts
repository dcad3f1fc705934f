import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Followers, type Follower } from '../../src/cluster/followers.ts';

describe('Followers', () => {
  let stop: AbortController;
  let started: string[];
  let stopped: string[];
  let bugs: unknown[];
  let ends: Map<string, () => void>;
  const followersOf = (limit: number): Followers =>
    new Followers({ signal: stop.signal, limit, onBug: (error) => bugs.push(error) });
  const follower =
    (key: string): Follower =>
    (signal) =>
      new Promise((resolve) => {
        started.push(key);
        ends.set(key, resolve);
        signal.addEventListener('abort', () => {
          stopped.push(key);
          resolve();
        });
      });
  const wanted = (...keys: readonly string[]): ReadonlyMap<string, Follower> =>
    new Map(keys.map((key) => [key, follower(key)]));

  beforeEach(() => {
    stop = new AbortController();
    [started, stopped, bugs, ends] = [[], [], [], new Map<string, () => void>()];
  });

  it('starts what is newly wanted, stops what is no longer, and leaves the rest alone', () => {
    const followers = followersOf(10);
    followers.reconcile(wanted('a', 'b'));
    followers.reconcile(wanted('b', 'c'));
    assert.deepEqual([started, stopped, followers.running], [['a', 'b', 'c'], ['a'], 2]);
  });

  it('keeps those wanted for longest within the limit, and fills a place that becomes free', () => {
    const followers = followersOf(2);
    followers.reconcile(wanted('b', 'c'));
    followers.reconcile(wanted('a', 'b', 'c'));
    assert.deepEqual([started, followers.skipped], [['b', 'c'], 1]);
    followers.reconcile(wanted('a', 'c'));
    assert.deepEqual([started, stopped, followers.skipped], [['b', 'c', 'a'], ['b'], 0]);
  });

  it('gives the place of one that ended to the next, and does not start it again while it is wanted', async () => {
    const followers = followersOf(1);
    followers.reconcile(wanted('a', 'b'));
    ends.get('a')?.();
    await nextTurn();
    followers.reconcile(wanted('a', 'b'));
    assert.deepEqual([started, followers.running, followers.skipped], [['a', 'b'], 1, 0]);
    followers.reconcile(wanted('b'));
    followers.reconcile(wanted());
    followers.reconcile(wanted('a'));
    assert.deepEqual(started, ['a', 'b', 'a']);
  });

  it('stops all when it is told to stop, and starts nothing any more', () => {
    const followers = followersOf(10);
    followers.reconcile(wanted('a', 'b'));
    stop.abort();
    followers.reconcile(wanted('c'));
    assert.deepEqual([stopped, followers.running, started], [['a', 'b'], 0, ['a', 'b']]);
  });

  it('passes on a bug', async () => {
    const followers = followersOf(10);
    const bug = new TypeError('bug');
    followers.reconcile(new Map([['a', () => Promise.reject(bug)]]));
    await nextTurn();
    assert.deepEqual(bugs, [bug]);
  });

  it('has ended when every follower has, those that were stopped before too', async () => {
    const release: (() => void)[] = [];
    const slow: Follower = () => new Promise((resolve) => release.push(resolve));
    const followers = followersOf(10);
    followers.reconcile(new Map([['a', slow]]));
    followers.reconcile(new Map([['b', slow]]));
    stop.abort();
    let hasEnded = false;
    const ending = followers.ended().then(() => (hasEnded = true));
    release[1]?.();
    await nextTurn();
    assert.equal(hasEnded, false);
    release[0]?.();
    await ending;
  });
});
