import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { jsonPatched } from '../../../simulator/api-server/json-patch.ts';
import { mergePatched } from '../../../simulator/api-server/merge-patch.ts';
import { strategicMergePatched } from '../../../simulator/api-server/strategic-merge-patch.ts';
import { aBackup, TEAM_A_BACKUPS, TestCluster } from './test-cluster.ts';
import type { Reply } from './test-cluster.ts';

describe('writing to the API server', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start();
  });
  afterEach(() => cluster.server.close());

  const send = (
    method: string,
    path: string,
    body?: unknown,
    contentType = 'application/json',
  ): Promise<Reply> =>
    cluster.fetch(path, {
      method,
      headers: { 'Content-Type': contentType },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

  it('creates an object once', async () => {
    const created = await send('POST', TEAM_A_BACKUPS, aBackup('a'));
    assert.deepEqual([created.status, created.body.metadata?.generation], [201, 1]);
    const again = await send('POST', TEAM_A_BACKUPS, aBackup('a'));
    assert.deepEqual([again.status, again.body.reason], [409, 'AlreadyExists']);
    assert.equal(again.body.message, 'virtualmachinebackups.harvesterhci.io "a" already exists');
  });

  it('makes up a name from generateName', async () => {
    const { body } = await send('POST', TEAM_A_BACKUPS, {
      ...aBackup(''),
      metadata: { generateName: 'nightly-' },
    });
    assert.match(body.metadata?.name ?? '', /^nightly-\w{5}$/);
  });

  it('refuses an object of another kind, namespace or name than its path says', async () => {
    assert.equal((await send('POST', TEAM_A_BACKUPS, { ...aBackup('a'), kind: 'Pod' })).status, 400);
    const elsewhere = { ...aBackup('a'), metadata: { name: 'a', namespace: 'default' } };
    assert.equal((await send('POST', TEAM_A_BACKUPS, elsewhere)).status, 400);
    await send('POST', TEAM_A_BACKUPS, aBackup('a'));
    assert.equal((await send('PUT', `${TEAM_A_BACKUPS}/a`, aBackup('b'))).status, 400);
  });

  it('creates nothing in a namespace that does not exist', async () => {
    const path = TEAM_A_BACKUPS.replace('team-a', 'nope');
    const { status, body } = await send('POST', path, { ...aBackup('a'), metadata: { name: 'a' } });
    assert.deepEqual([status, body.message], [404, 'namespaces "nope" not found']);
  });

  it('replaces an object only from its latest version', async () => {
    const { body: first } = await send('POST', TEAM_A_BACKUPS, aBackup('a'));
    const changed = { ...first, spec: { type: 'snapshot' } };
    assert.equal((await send('PUT', `${TEAM_A_BACKUPS}/a`, changed)).body.metadata?.generation, 2);
    const late = await send('PUT', `${TEAM_A_BACKUPS}/a`, changed);
    assert.deepEqual([late.status, late.body.reason], [409, 'Conflict']);
    assert.match(late.body.message ?? '', /the object has been modified/);
  });

  it('writes the status through /status only, where that exists', async () => {
    const path = '/apis/longhorn.io/v1beta2/namespaces/default/backups';
    const backup = { metadata: { name: 'a' }, spec: { snapshotName: 's' }, status: { state: 'Error' } };
    assert.equal((await send('POST', path, backup)).body.status, undefined);
    const merge = 'application/merge-patch+json';
    assert.equal(
      (await send('PATCH', `${path}/a`, { status: { state: 'Error' } }, merge)).body.status,
      undefined,
    );
    const patched = await send(
      'PATCH',
      `${path}/a/status`,
      { status: { state: 'Error' }, spec: { snapshotName: 't' } },
      merge,
    );
    assert.deepEqual(patched.body.status, { state: 'Error' });
    assert.deepEqual(patched.body.spec, { snapshotName: 's' });
    assert.equal((await send('PATCH', `${TEAM_A_BACKUPS}/a/status`, {}, merge)).status, 404);
  });

  it('deletes only the object the preconditions name', async () => {
    const { uid, resourceVersion } = cluster.store.apply(aBackup('a')).metadata;
    const wrong = await send('DELETE', `${TEAM_A_BACKUPS}/a`, { preconditions: { uid: 'other' } });
    assert.deepEqual([wrong.status, wrong.body.reason], [409, 'Conflict']);
    assert.match(
      wrong.body.message ?? '',
      /the UID in the precondition \(other\) does not match the UID in record/,
    );
    cluster.store.apply(aBackup('a', { status: {} }));
    const stale = await send('DELETE', `${TEAM_A_BACKUPS}/a`, { preconditions: { uid, resourceVersion } });
    assert.equal(stale.status, 409);
    const { body } = await send('DELETE', `${TEAM_A_BACKUPS}/a`, { preconditions: { uid } });
    assert.equal(body.status, 'Success');
    assert.equal(cluster.store.get('vmbackup', 'team-a', 'a'), undefined);
  });

  it('answers the deletion of an object with finalizers with the object', async () => {
    cluster.store.apply(aBackup('a', { finalizers: ['f'] }));
    const { body } = await send('DELETE', `${TEAM_A_BACKUPS}/a`);
    assert.notEqual(body.metadata?.deletionTimestamp, undefined);
    await send(
      'PATCH',
      `${TEAM_A_BACKUPS}/a`,
      { metadata: { finalizers: null } },
      'application/merge-patch+json',
    );
    assert.equal((await send('GET', `${TEAM_A_BACKUPS}/a`)).status, 404);
  });

  it('changes nothing in a dry run', async () => {
    assert.equal((await send('POST', `${TEAM_A_BACKUPS}?dryRun=All`, aBackup('a'))).status, 201);
    assert.equal(cluster.store.get('vmbackup', 'team-a', 'a'), undefined);
    cluster.store.apply(aBackup('a'));
    assert.equal((await send('DELETE', `${TEAM_A_BACKUPS}/a?dryRun=All`)).body.status, 'Success');
    assert.equal((await send('DELETE', `${TEAM_A_BACKUPS}/a`, { dryRun: ['All'] })).body.status, 'Success');
    assert.notEqual(cluster.store.get('vmbackup', 'team-a', 'a'), undefined);
  });

  it('refuses a body it cannot read and an unknown method', async () => {
    assert.equal((await send('POST', TEAM_A_BACKUPS, {}, 'application/vnd.kubernetes.protobuf')).status, 415);
    assert.equal((await cluster.fetch(TEAM_A_BACKUPS, { method: 'POST', body: '[' })).status, 415);
    assert.equal((await send('POST', TEAM_A_BACKUPS, [])).status, 400);
    assert.equal((await send('DELETE', TEAM_A_BACKUPS)).status, 405);
  });
});

describe('a patch', () => {
  it('of type merge follows RFC 7386', () => {
    assert.deepEqual(mergePatched({ a: { b: 1, c: 2 }, d: [1, 2] }, { a: { b: null, e: 3 }, d: [3] }), {
      a: { c: 2, e: 3 },
      d: [3],
    });
  });

  it('of type strategic merges lists by their keys and removes what is marked', () => {
    const target = {
      containers: [{ name: 'a', image: '1', env: [{ name: 'X', value: '1' }] }, { name: 'b' }],
      args: ['x'],
    };
    const patch = {
      $setElementOrder: [],
      containers: [
        { name: 'a', image: '2', env: [{ name: 'Y', value: '2' }] },
        { name: 'b', $patch: 'delete' },
      ],
      args: ['y'],
    };
    assert.deepEqual(strategicMergePatched(target, patch), {
      containers: [
        {
          name: 'a',
          image: '2',
          env: [
            { name: 'X', value: '1' },
            { name: 'Y', value: '2' },
          ],
        },
      ],
      args: ['y'],
    });
    const sets = { finalizers: ['a', 'b'], '$deleteFromPrimitiveList/finalizers': ['a'] };
    assert.deepEqual(strategicMergePatched({ finalizers: ['a'] }, sets), { finalizers: ['b'] });
    assert.deepEqual(strategicMergePatched({ a: { b: 1 } }, { a: { $patch: 'replace', c: 2 } }), {
      a: { c: 2 },
    });
    assert.deepEqual(strategicMergePatched({ a: { b: 1, c: 1 } }, { a: { $retainKeys: ['c'] } }), {
      a: { c: 1 },
    });
  });

  it('of type JSON follows RFC 6902, and refuses a path that is not there', () => {
    const operations = [
      { op: 'test', path: '/a', value: 1 },
      { op: 'add', path: '/l/-', value: 3 },
      { op: 'add', path: '/l/0', value: 0 },
      { op: 'replace', path: '/x~1y', value: 2 },
      { op: 'remove', path: '/a' },
    ];
    assert.deepEqual(jsonPatched({ a: 1, l: [1], 'x/y': 1 }, operations), { l: [0, 1, 3], 'x/y': 2 });
    assert.throws(() => jsonPatched({}, [{ op: 'add', path: '/a/b', value: 1 }]), /does not exist/);
    assert.throws(() => jsonPatched({ a: 1 }, [{ op: 'test', path: '/a', value: 2 }]), /failed/);
  });
});
