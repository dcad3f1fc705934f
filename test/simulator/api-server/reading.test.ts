import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { aBackup, aPod, BACKUPS, TEAM_A_BACKUPS, TestCluster } from './test-cluster.ts';
import type { Body } from './test-cluster.ts';

const names = ({ items = [] }: Body): readonly string[] => items.map(({ metadata }) => metadata.name);

describe('reading from the API server', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start({ now: () => new Date('2025-02-20T08:00:03Z') });
  });
  afterEach(() => cluster.server.close());

  it('lists a kind of the whole cluster and of one namespace, with the version it was read at', async () => {
    cluster.store.apply(aBackup('a'));
    const { status, body } = await cluster.fetch(BACKUPS);
    assert.equal(status, 200);
    assert.equal(body.kind, 'VirtualMachineBackupList');
    assert.equal(body.metadata?.resourceVersion, String(cluster.store.resourceVersion));
    assert.deepEqual(names(body), ['a']);
    assert.deepEqual(
      names((await cluster.fetch(BACKUPS.replace('v1beta1/', 'v1beta1/namespaces/default/'))).body),
      [],
    );
  });

  it('names the kind in each item of a custom resource only', async () => {
    cluster.store.apply(aBackup('a'));
    cluster.store.apply(aPod('p', ['c']));
    assert.equal((await cluster.fetch(BACKUPS)).body.items?.[0]?.kind, 'VirtualMachineBackup');
    assert.equal('kind' in ((await cluster.fetch('/api/v1/pods')).body.items?.[0] ?? {}), false);
  });

  it('answers 404 with the words of Kubernetes', async () => {
    const { status, body } = await cluster.fetch(`${TEAM_A_BACKUPS}/nope`);
    assert.equal(status, 404);
    assert.equal(body.message, 'virtualmachinebackups.harvesterhci.io "nope" not found');
    assert.deepEqual(body.details, { name: 'nope', group: 'harvesterhci.io', kind: 'virtualmachinebackups' });
    assert.equal((await cluster.fetch('/apis/harvesterhci.io/v1beta1/nopes')).body.kind, 'Status');
    assert.equal((await cluster.fetch('/apis/nope/v1/nopes')).body.message, '404 page not found\n');
  });

  it('no longer serves a kind that was removed, nor a group without kinds', async () => {
    cluster.store.removeKind('servicemonitors');
    assert.equal((await cluster.fetch('/apis/monitoring.coreos.com/v1/servicemonitors')).status, 404);
    assert.equal((await cluster.fetch('/apis/monitoring.coreos.com/v1')).status, 200);
    cluster.store.removeKind('prometheusrules');
    assert.equal((await cluster.fetch('/apis/monitoring.coreos.com/v1')).status, 404);
  });

  describe('pages', () => {
    beforeEach(() => {
      for (const name of ['a', 'b', 'c', 'd', 'e']) cluster.store.apply(aBackup(name));
    });

    it('all show the version of the first one, even if objects change in between', async () => {
      const first = (await cluster.fetch(`${BACKUPS}?limit=2`)).body;
      cluster.store.remove('vmbackup', 'team-a', 'c');
      cluster.store.apply(aBackup('bb'));
      const second = (await cluster.fetch(`${BACKUPS}?limit=2&continue=${first.metadata?.continue ?? ''}`))
        .body;
      const third = (await cluster.fetch(`${BACKUPS}?limit=2&continue=${second.metadata?.continue ?? ''}`))
        .body;
      assert.deepEqual([first, second, third].map(names), [['a', 'b'], ['c', 'd'], ['e']]);
      assert.deepEqual(
        [first, second, third].map(({ metadata }) => metadata?.remainingItemCount),
        [3, 1, undefined],
      );
      assert.equal(third.metadata?.resourceVersion, first.metadata?.resourceVersion);
      assert.equal(third.metadata?.continue, undefined);
    });

    it('expire with the history; the refusal names an inconsistent continuation', async () => {
      const first = (await cluster.fetch(`${BACKUPS}?limit=2`)).body;
      cluster.store.remove('vmbackup', 'team-a', 'c');
      cluster.store.expireHistory();
      const refused = await cluster.fetch(`${BACKUPS}?limit=2&continue=${first.metadata?.continue ?? ''}`);
      assert.deepEqual([refused.status, refused.body.reason], [410, 'Expired']);
      const rest = (await cluster.fetch(`${BACKUPS}?continue=${refused.body.metadata?.continue ?? ''}`)).body;
      assert.deepEqual(names(rest), ['d', 'e']);
    });

    it('are not cut at version 0, which the watch cache answers', async () => {
      assert.equal(names((await cluster.fetch(`${BACKUPS}?limit=2&resourceVersion=0`)).body).length, 5);
    });

    it('have no remaining count under a selector', async () => {
      const { metadata } = (await cluster.fetch(`${BACKUPS}?limit=2&fieldSelector=metadata.namespace=team-a`))
        .body;
      assert.notEqual(metadata?.continue, undefined);
      assert.equal(metadata?.remainingItemCount, undefined);
    });

    it('refuse an invalid token', async () => {
      assert.equal((await cluster.fetch(`${BACKUPS}?continue=nonsense`)).status, 400);
    });
  });

  it('refuses a version it has not reached', async () => {
    const { status, body } = await cluster.fetch(`${BACKUPS}?resourceVersion=999999`);
    assert.deepEqual([status, body.reason], [504, 'Timeout']);
  });

  const labelSelectors: readonly (readonly [selector: string, matching: readonly string[]])[] = [
    ['app=web', ['a']],
    ['app==web', ['a']],
    ['app!=web', ['b', 'c']],
    ['app in (web, db)', ['a', 'b']],
    ['app notin (web)', ['b', 'c']],
    ['app', ['a', 'b']],
    ['!app', ['c']],
    ['app in (web,db),tier=1', ['b']],
    ['tier>0', ['b']],
    ['a.b/c=x', ['c']],
  ];
  for (const [selector, matching] of labelSelectors) {
    it(`selects by label: ${selector}`, async () => {
      cluster.store.apply(aBackup('a', { labels: { app: 'web' } }));
      cluster.store.apply(aBackup('b', { labels: { app: 'db', tier: '1' } }));
      cluster.store.apply(aBackup('c', { labels: { 'a.b/c': 'x' } }));
      assert.deepEqual(
        names((await cluster.fetch(`${BACKUPS}?labelSelector=${encodeURIComponent(selector)}`)).body),
        matching,
      );
    });
  }

  it('selects by the fields a kind allows, and refuses others', async () => {
    cluster.store.apply(aPod('a', ['c']));
    cluster.store.apply({ ...aPod('b', ['c']), spec: { nodeName: 'node-2', containers: [] } });
    const select = (selector: string): ReturnType<TestCluster['fetch']> =>
      cluster.fetch(`/api/v1/pods?fieldSelector=${encodeURIComponent(selector)}`);
    assert.deepEqual(names((await select('spec.nodeName=node-2')).body), ['b']);
    assert.deepEqual(names((await select('metadata.name!=b,status.phase=Running')).body), ['a']);
    const refused = await select('spec.image=x');
    assert.deepEqual([refused.status, refused.body.message], [400, 'field label not supported: spec.image']);
  });

  it('prints rows: in Harvester up to 1.6 the text of an error is no date, and so invalid', async () => {
    const metadata = { namespace: 'team-a', name: 'a', creationTimestamp: '2025-02-20T08:00:00Z' };
    cluster.store.apply({
      ...aBackup('a', { status: { readyToUse: false, error: { message: 'not found' } } }),
      metadata,
    });
    cluster.store.apply(aBackup('b', { status: { readyToUse: true } }));
    const { body } = await cluster.fetch(BACKUPS, {
      headers: { Accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
    });
    assert.equal(body.kind, 'Table');
    assert.deepEqual(
      body.columnDefinitions?.map(({ name }) => name),
      ['Name', 'SOURCE_KIND', 'SOURCE_NAME', 'TYPE', 'READY_TO_USE', 'AGE', 'ERROR'],
    );
    assert.deepEqual(
      body.rows?.map(({ cells }) => cells),
      [
        ['a', 'VirtualMachine', 'web', 'backup', false, '3s', '<invalid>'],
        ['b', 'VirtualMachine', 'web', 'backup', true, '0s', null],
      ],
    );
    assert.equal(body.rows[0]?.object?.kind, 'PartialObjectMetadata');
  });

  it('gives metadata only where that is asked for', async () => {
    cluster.store.apply(aBackup('a'));
    const Accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const { body } = await cluster.fetch(BACKUPS, { headers: { Accept } });
    assert.equal(body.kind, 'PartialObjectMetadataList');
    assert.equal('spec' in (body.items?.[0] ?? {}), false);
  });

  it('serves metrics.k8s.io only where there are pod metrics', async () => {
    const path = '/apis/metrics.k8s.io/v1beta1/namespaces/harvester-system/pods';
    assert.equal((await cluster.fetch(path)).status, 404);
    const metadata = { namespace: 'harvester-system', name: 'virt-handler-1' };
    const metrics = { apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics', metadata, containers: [] };
    const measured = await TestCluster.start({ podMetrics: () => [metrics] });
    try {
      assert.deepEqual(names((await measured.fetch(path)).body), ['virt-handler-1']);
      assert.equal((await measured.fetch(`${path}/virt-handler-1`)).body.kind, 'PodMetrics');
      assert.equal((await measured.fetch(`${path}?watch=true`)).status, 405);
    } finally {
      await measured.server.close();
    }
  });

  it('lists what it serves, in the old form of discovery and in the aggregated one', async () => {
    const groups = (await cluster.fetch('/apis')).body.groups?.map(({ name }) => name) ?? [];
    assert.ok(groups.includes('harvesterhci.io') && !groups.includes('metrics.k8s.io'));
    const resources = (await cluster.fetch('/api/v1')).body.resources?.map(({ name }) => name) ?? [];
    assert.ok(resources.includes('pods/log'));
    const Accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const aggregated = await cluster.fetch('/apis', { headers: { Accept } });
    assert.equal(aggregated.body.kind, 'APIGroupDiscoveryList');
    assert.match(aggregated.headers.get('content-type') ?? '', /as=APIGroupDiscoveryList/);
  });
});
