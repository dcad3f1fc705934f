import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { aBackup, BACKUPS, TestCluster } from './test-cluster.ts';
import type { WatchLine } from './test-cluster.ts';

const seen = (events: readonly WatchLine[]): readonly string[] =>
  events.map(({ type, object }) => `${type} ${object.metadata?.name ?? ''}`);

describe('watching the API server', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start({ bookmarkIntervalMs: 20 });
  });
  afterEach(() => cluster.server.close());

  it('replays what happened since a version, then goes on', async () => {
    cluster.store.apply(aBackup('a'));
    const version = cluster.store.resourceVersion;
    cluster.store.apply(aBackup('a', { status: { progress: 1 } }));
    const events = await cluster.watch(`${BACKUPS}?watch=true&resourceVersion=${version}`, 3, () => {
      cluster.store.apply(aBackup('b'));
      cluster.store.remove('vmbackup', 'team-a', 'a');
    });
    assert.deepEqual(seen(events), ['MODIFIED a', 'ADDED b', 'DELETED a']);
    const versions = events.map(({ object }) => Number(object.metadata?.resourceVersion));
    assert.deepEqual(versions, [version + 1, version + 2, version + 3]);
  });

  it('starts with what there is when no version is given', async () => {
    for (const name of ['a', 'b']) cluster.store.apply(aBackup(name));
    assert.deepEqual(seen(await cluster.watch(`${BACKUPS}?watch=true`, 2)), ['ADDED a', 'ADDED b']);
  });

  it('sends its headers before the first event', async () => {
    const { response } = await cluster.open(
      `${BACKUPS}?watch=true&resourceVersion=${cluster.store.resourceVersion}`,
    );
    assert.equal(response.statusCode, 200);
    response.destroy();
  });

  it('shows an object that enters or leaves the selector as added or deleted', async () => {
    const path = `${BACKUPS}?watch=true&labelSelector=app%3Dweb&resourceVersion=${cluster.store.resourceVersion}`;
    const events = await cluster.watch(path, 2, () => {
      cluster.store.apply(aBackup('a', { labels: { app: 'db' } }));
      cluster.store.apply(aBackup('a', { labels: { app: 'web' } }));
      cluster.store.apply(aBackup('a', { labels: { app: 'db' } }));
    });
    assert.deepEqual(seen(events), ['ADDED a', 'DELETED a']);
    assert.deepEqual(events[1]?.object.metadata?.labels, { app: 'web' });
    assert.equal(events[1].object.metadata.resourceVersion, String(cluster.store.resourceVersion));
  });

  it('watches one namespace, and one name', async () => {
    const { resourceVersion } = cluster.store;
    const one = `/apis/harvesterhci.io/v1beta1/namespaces/team-a/virtualmachinebackups?watch=1&fieldSelector=metadata.name%3Db`;
    const events = await cluster.watch(`${one}&resourceVersion=${resourceVersion}`, 1, () => {
      cluster.store.apply({ ...aBackup('b'), metadata: { namespace: 'default', name: 'b' } });
      cluster.store.apply(aBackup('a'));
      cluster.store.apply(aBackup('b'));
    });
    assert.deepEqual(
      events.map(({ object }) => object.metadata?.namespace),
      ['team-a'],
    );
  });

  it('says 410 by an ERROR event and ends when the version is too old', async () => {
    const version = cluster.store.resourceVersion;
    cluster.store.expireHistory();
    const events = await cluster.watch(`${BACKUPS}?watch=true&resourceVersion=${version}`, 9);
    assert.deepEqual(
      events.map(({ type, object }) => [type, object.code, object.reason]),
      [['ERROR', 410, 'Expired']],
    );
  });

  it('says nothing to a client that is ahead, until it has caught up', async () => {
    const version = cluster.store.resourceVersion + 2;
    const events = await cluster.watch(`${BACKUPS}?watch=true&resourceVersion=${version}`, 1, () => {
      for (const name of ['a', 'b', 'c']) cluster.store.apply(aBackup(name));
    });
    assert.deepEqual(seen(events), ['ADDED c']);
  });

  it('ends cleanly after timeoutSeconds; bookmarks, one of them at the end, come where they are allowed', async () => {
    const path = `${BACKUPS}?watch=true&timeoutSeconds=1&resourceVersion=${cluster.store.resourceVersion}`;
    const [events, withoutBookmarks] = await Promise.all([
      cluster.watch(`${path}&allowWatchBookmarks=true`, Infinity, () => cluster.store.apply(aBackup('a'))),
      cluster.watch(path, Infinity),
    ]);
    const last = events.at(-1);
    assert.deepEqual(new Set(events.map(({ type }) => type)), new Set(['ADDED', 'BOOKMARK']));
    assert.ok(events.length > 3);
    assert.deepEqual([last?.type, last?.object.kind], ['BOOKMARK', 'VirtualMachineBackup']);
    assert.equal(last?.object.metadata?.resourceVersion, String(cluster.store.resourceVersion));
    assert.ok(withoutBookmarks.every(({ type }) => type === 'ADDED'));
  });

  it('names the columns of a table with its first event only', async () => {
    const { lines, response } = await cluster.open(`${BACKUPS}?watch=true`, {
      Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    for (const name of ['a', 'b']) cluster.store.apply(aBackup(name));
    const columns: number[] = [];
    for await (const line of lines) {
      const { object } = JSON.parse(line) as WatchLine;
      columns.push(object.columnDefinitions?.length ?? -1);
      if (columns.length === 2) break;
    }
    response.destroy();
    assert.deepEqual(columns, [7, 0]);
  });

  describe('with a fault', () => {
    const watchPath = (): string => `${BACKUPS}?watch=true&resourceVersion=${cluster.store.resourceVersion}`;

    it('says 410 by the HTTP status', async () => {
      cluster.server.faults.inject({ type: 'expire-watch', as: 'http' }, { times: 1 });
      assert.equal((await cluster.fetch(watchPath())).status, 410);
    });

    it('ends at once', async () => {
      cluster.server.faults.inject({ type: 'close-watch' });
      assert.deepEqual(await cluster.watch(watchPath(), 1), []);
    });

    it('repeats each event', async () => {
      cluster.server.faults.inject({ type: 'duplicate-events' });
      const events = await cluster.watch(watchPath(), 2, () => cluster.store.apply(aBackup('a')));
      assert.deepEqual(seen(events), ['ADDED a', 'ADDED a']);
    });

    it('swaps events', async () => {
      cluster.server.faults.inject({ type: 'reorder-events' });
      const events = await cluster.watch(watchPath(), 2, () => {
        for (const name of ['a', 'b']) cluster.store.apply(aBackup(name));
      });
      assert.deepEqual(seen(events), ['ADDED b', 'ADDED a']);
    });
  });
});
