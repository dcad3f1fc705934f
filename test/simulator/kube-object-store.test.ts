import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { KubeObjectStore } from '../../simulator/kube-object-store.ts';
import type { KubeObject } from '../../simulator/kube-object.ts';
import { aBackup, ALL_KINDS, aPod } from './api-server/test-cluster.ts';

const newStore = (
  options: { readonly historyLimit?: number; readonly random?: () => number } = {},
): KubeObjectStore =>
  new KubeObjectStore({ kinds: ALL_KINDS, now: () => new Date('2025-02-20T08:00:00.500Z'), ...options });

const longhornBackup = (status: object): KubeObject => ({
  apiVersion: 'longhorn.io/v1beta2',
  kind: 'Backup',
  metadata: { namespace: 'longhorn-system', name: 'backup-1' },
  spec: { snapshotName: 's' },
  status,
});

describe('KubeObjectStore', () => {
  it('sets uid, creationTimestamp, generation and a version that grows with each write', () => {
    const store = newStore();
    const { metadata: first } = store.apply(aBackup('a'));
    const { metadata: second } = store.apply(aBackup('b'));
    assert.match(first.uid, /^[0-9a-f-]{36}$/);
    assert.equal(first.creationTimestamp, '2025-02-20T08:00:00Z');
    assert.equal(first.generation, 1);
    assert.equal(Number(second.resourceVersion), Number(first.resourceVersion) + 1);
  });

  it('gives the same uids for the same random numbers', () => {
    const uid = (): string => {
      let state = 0;
      return newStore({ random: () => (state = (state + 0.37) % 1) }).apply(aBackup('a')).metadata.uid;
    };
    assert.equal(uid(), uid());
  });

  it('keeps uid and creationTimestamp of a new object, and ignores them when it is replaced', () => {
    const store = newStore();
    const given = { uid: 'u-1', creationTimestamp: '2024-01-01T00:00:00Z' };
    store.apply({ ...aBackup('a'), metadata: { ...aBackup('a').metadata, ...given } });
    const { metadata } = store.apply(aBackup('a', { spec: { type: 'snapshot' } }));
    assert.deepEqual([metadata.uid, metadata.creationTimestamp], [given.uid, given.creationTimestamp]);
  });

  it('counts every change of a kind without status subresource as a generation', () => {
    const store = newStore();
    store.apply(aBackup('a'));
    assert.equal(store.apply(aBackup('a', { status: { readyToUse: true } })).metadata.generation, 2);
    const relabelled = aBackup('a', { status: { readyToUse: true }, labels: { a: 'b' } });
    assert.equal(store.apply(relabelled).metadata.generation, 2);
  });

  it('counts no change of the status as a generation where there is a status subresource', () => {
    const store = newStore();
    store.apply(longhornBackup({ state: 'InProgress' }));
    assert.equal(store.apply(longhornBackup({ state: 'Completed' })).metadata.generation, 1);
    assert.equal(store.apply({ ...longhornBackup({}), spec: {} }).metadata.generation, 2);
  });

  it('gives core objects no generation', () => {
    assert.equal(newStore().apply(aPod('p', ['c'])).metadata.generation, undefined);
  });

  it('takes a write that changes nothing for no write', () => {
    const store = newStore();
    const first = store.apply(aBackup('a'));
    const events: string[] = [];
    store.subscribe(({ type }) => events.push(type));
    assert.equal(store.apply(aBackup('a')), first);
    assert.deepEqual(events, []);
  });

  it('never changes an object it has given away', () => {
    const store = newStore();
    const first = store.apply(aBackup('a', { status: { progress: 1 } }));
    store.apply(aBackup('a', { status: { progress: 2 } }));
    assert.deepEqual(first.status, { progress: 1 });
    assert.throws(() => Object.assign(first.status as object, { progress: 3 }), TypeError);
  });

  it('lists by namespace, then name', () => {
    const store = newStore();
    for (const name of ['b', 'a', 'c']) store.apply(aBackup(name));
    store.apply({ ...aBackup('z'), metadata: { namespace: 'other', name: 'z' } });
    assert.deepEqual(
      store.list('vmbackup').map(({ metadata }) => metadata.name),
      ['z', 'a', 'b', 'c'],
    );
    assert.deepEqual(store.list('virtualmachinebackups', 'team-a').length, 3);
  });

  it('distinguishes kinds of the same plural by their group', () => {
    const store = newStore();
    store.apply({
      apiVersion: 'harvesterhci.io/v1beta1',
      kind: 'Setting',
      metadata: { name: 'x' },
      value: 'harvester',
    });
    store.apply({
      apiVersion: 'longhorn.io/v1beta2',
      kind: 'Setting',
      metadata: { namespace: 'longhorn-system', name: 'x' },
      value: 'longhorn',
    });
    assert.equal(store.get('settings.harvesterhci.io', '', 'x')?.value, 'harvester');
    assert.equal(store.get('settings.longhorn.io', 'longhorn-system', 'x')?.value, 'longhorn');
  });

  it('marks an object with finalizers as deleted, and removes it with the last one', () => {
    const store = newStore();
    const events: string[] = [];
    store.apply(aBackup('a', { finalizers: ['wrangler.cattle.io/backup'] }));
    store.subscribe(({ type }) => events.push(type));
    assert.equal(store.remove('vmbackup', 'team-a', 'a'), true);
    assert.equal(store.get('vmbackup', 'team-a', 'a')?.metadata.deletionTimestamp, '2025-02-20T08:00:00Z');
    assert.equal(store.remove('vmbackup', 'team-a', 'a'), true);
    store.patch('vmbackup', 'team-a', 'a', (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: [] },
    }));
    assert.equal(store.get('vmbackup', 'team-a', 'a'), undefined);
    assert.deepEqual(events, ['MODIFIED', 'DELETED']);
    assert.equal(store.remove('vmbackup', 'team-a', 'a'), false);
  });

  it('holds the events after a version, until their number passes the limit', () => {
    const store = newStore({ historyLimit: 10 });
    const before = store.resourceVersion;
    for (let index = 0; index < 5; index += 1) store.apply(aBackup(`b-${index}`));
    const since = store.eventsSince(before + 2);
    assert.ok(since !== 'expired');
    assert.deepEqual(
      since.map(({ object }) => object.metadata.name),
      ['b-2', 'b-3', 'b-4'],
    );
    for (let index = 5; index < 40; index += 1) store.apply(aBackup(`b-${index}`));
    assert.equal(store.eventsSince(before + 2), 'expired');
    assert.notEqual(store.eventsSince(store.resourceVersion - 10), 'expired');
  });

  it('passes events to every listener in the order of their versions, even when a listener writes', () => {
    const store = newStore();
    const heard: number[] = [];
    store.subscribe(({ object }) => {
      if (object.metadata.name === 'a') store.apply(aBackup('b'));
    });
    store.subscribe(({ resourceVersion }) => heard.push(resourceVersion));
    store.apply(aBackup('a'));
    assert.deepEqual(heard, [store.resourceVersion - 1, store.resourceVersion]);
  });

  it('forgets what it knew before an expiry and before a rewind', () => {
    const store = newStore();
    const { resourceVersion } = store;
    store.expireHistory();
    assert.equal(store.eventsSince(resourceVersion), 'expired');
    assert.deepEqual(store.eventsSince(store.resourceVersion), []);
    store.rewind(10);
    assert.equal(store.apply(aBackup('a')).metadata.resourceVersion, '11');
  });

  it('deletes the objects of a kind that is removed, and refuses the kind from then on', () => {
    const store = newStore();
    store.apply(aBackup('a'));
    const events: string[] = [];
    store.subscribe(({ type }) => events.push(type));
    assert.equal(store.removeKind('virtualmachinebackups.harvesterhci.io'), true);
    assert.deepEqual(events, ['DELETED']);
    assert.throws(
      () => store.apply(aBackup('a')),
      /does not serve harvesterhci.io\/v1beta1 VirtualMachineBackup/,
    );
    assert.throws(() => store.list('vmbackup'), /does not serve vmbackup/);
  });
});
