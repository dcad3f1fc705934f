import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { serviceAccountIdentity } from '../../../simulator/api-server/access-control.ts';
import type { KubeObject } from '../../../simulator/kube-object.ts';
import { aPod, TestCluster } from './test-cluster.ts';
import type { Reply } from './test-cluster.ts';

const RBAC = 'rbac.authorization.k8s.io';
const SUBJECTS = [{ kind: 'ServiceAccount', namespace: 'default', name: 'freezewatch' }];

const aClusterRole = (name: string, ...rules: readonly object[]): KubeObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: 'ClusterRole',
  metadata: { name },
  rules,
});

/** Binds the ClusterRole of that name to the service account; in one namespace when one is given. */
const aBinding = (role: string, namespace?: string): KubeObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
  metadata: namespace === undefined ? { name: role } : { name: role, namespace },
  roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: role },
  subjects: SUBJECTS,
});

describe('access control', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    const tokens = new Map([
      ['token', serviceAccountIdentity('default', 'freezewatch')],
      ['root', { username: 'admin', groups: ['system:masters'] }],
    ]);
    const extraRoutes = new Map([
      ['/peers', () => ({ contentType: 'text/plain; version=0.0.4', body: 'up 1\n' })],
    ]);
    cluster = await TestCluster.start({ access: { tokens }, extraRoutes });
    cluster.store.apply(aPod('p', ['c']));
  });
  afterEach(() => cluster.server.close());

  const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
    cluster.fetch(path, { headers: { Authorization: 'Bearer token', ...headers } });
  const inSystem = '/api/v1/namespaces/harvester-system/pods';

  it('does not know a client without a token, or with another', async () => {
    for (const headers of [{}, { Authorization: 'Bearer other' }]) {
      const { status, body } = await cluster.fetch('/api/v1/pods', { headers });
      assert.deepEqual([status, body.reason], [401, 'Unauthorized']);
    }
  });

  it('says what was forbidden, in the words of Kubernetes', async () => {
    const user = 'User "system:serviceaccount:default:freezewatch"';
    const sentences: readonly (readonly [path: string, sentence: string])[] = [
      [
        '/api/v1/pods',
        `pods is forbidden: ${user} cannot list resource "pods" in API group "" at the cluster scope`,
      ],
      [
        `${inSystem}/p/log`,
        `pods "p" is forbidden: ${user} cannot get resource "pods/log" in API group "" in the namespace "harvester-system"`,
      ],
      [
        '/apis/harvesterhci.io/v1beta1/settings?watch=true',
        `settings.harvesterhci.io is forbidden: ${user} cannot watch resource "settings" in API group "harvesterhci.io" at the cluster scope`,
      ],
      ['/metrics', `forbidden: ${user} cannot get path "/metrics"`],
    ];
    for (const [path, sentence] of sentences) {
      const { status, body } = await get(path);
      assert.deepEqual([status, body.message], [403, sentence]);
    }
  });

  it('lets everyone it knows read the discovery', async () => {
    for (const path of ['/api', '/apis', '/api/v1', '/version', '/readyz'])
      assert.equal((await get(path)).status, 200);
  });

  it('allows what a ClusterRole grants in the whole cluster, and no more', async () => {
    cluster.store.apply(
      aClusterRole('reader', { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }),
    );
    cluster.store.apply(aBinding('reader'));
    assert.equal((await get('/api/v1/pods')).status, 200);
    assert.equal((await get(`${inSystem}/p`)).status, 200);
    assert.equal((await get(`${inSystem}/p/log`)).status, 403);
    assert.equal((await get('/api/v1/pods?watch=true')).status, 403);
    assert.equal((await get('/api/v1/secrets')).status, 403);
  });

  it('allows what a RoleBinding grants in its namespace only', async () => {
    cluster.store.apply(aClusterRole('logs', { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }));
    cluster.store.apply(aBinding('logs', 'harvester-system'));
    assert.equal((await get(`${inSystem}/p/log`)).status, 200);
    assert.equal((await get(`${inSystem}/p`)).status, 403);
    assert.equal((await get('/api/v1/namespaces/default/pods/p/log')).status, 403);
  });

  it('restricts to resourceNames, which a list of one name meets', async () => {
    const rule = {
      apiGroups: ['harvesterhci.io'],
      resources: ['settings'],
      resourceNames: ['backup-target'],
      verbs: ['*'],
    };
    cluster.store.apply(aClusterRole('target', rule));
    cluster.store.apply(aBinding('target'));
    const settings = '/apis/harvesterhci.io/v1beta1/settings';
    assert.equal((await get(`${settings}/backup-target`)).status, 404);
    assert.equal((await get(`${settings}/other`)).status, 403);
    assert.equal((await get(settings)).status, 403);
    assert.equal((await get(`${settings}?fieldSelector=metadata.name%3Dbackup-target`)).status, 200);
  });

  it('forbids before it says that something is not there', async () => {
    assert.equal((await get('/apis/nope/v1/nopes')).status, 403);
    assert.equal((await get('/apis/nope/v1/nopes', { Authorization: 'Bearer root' })).status, 404);
  });

  it('answers a review of what the client itself may do', async () => {
    cluster.store.apply(aClusterRole('reader', { apiGroups: [''], resources: ['pods'], verbs: ['list'] }));
    cluster.store.apply(aBinding('reader', 'team-a'));
    const may = async (resourceAttributes: object): Promise<unknown> => {
      const { body } = await cluster.fetch('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        method: 'POST',
        headers: { Authorization: 'Bearer token', 'Content-Type': 'application/json' },
        body: JSON.stringify({ spec: { resourceAttributes } }),
      });
      return (body.status as { readonly allowed: boolean }).allowed;
    };
    assert.equal(await may({ verb: 'list', resource: 'pods', namespace: 'team-a' }), true);
    assert.equal(await may({ verb: 'list', resource: 'pods', namespace: '' }), false);
    assert.equal(await may({ verb: 'get', resource: 'pods', namespace: 'team-a' }), false);
  });

  it('asks for no token on an extra route', async () => {
    const { headers, body } = await cluster.fetch('/peers');
    assert.deepEqual([headers.get('content-type'), body.message], ['text/plain; version=0.0.4', 'up 1\n']);
  });

  it('grants nothing by a binding that names no role', async () => {
    cluster.store.apply({ ...aBinding('broken'), roleRef: undefined });
    assert.equal((await get('/api/v1/pods')).status, 403);
  });

  it('lets an administrator act as somebody else', async () => {
    const headers = { Authorization: 'Bearer root', 'Impersonate-User': 'jane' };
    assert.match((await get('/api/v1/pods', headers)).body.message ?? '', /User "jane" cannot list/);
  });

  it('records who asked for what, and what was denied', async () => {
    await get(inSystem);
    const [request] = cluster.server.requests;
    assert.ok(request !== undefined);
    assert.deepEqual(
      [request.user, request.status, request.path],
      ['system:serviceaccount:default:freezewatch', 403, inSystem],
    );
    assert.deepEqual([request.attributes?.verb, request.attributes?.plural], ['list', 'pods']);
  });
});
