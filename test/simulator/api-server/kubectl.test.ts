import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { after, before, describe, it } from 'mocha';
import { aBackup, aPod, TestCluster } from './test-cluster.ts';

const run = promisify(execFile);

const MANIFEST = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules: [{apiGroups: [""], resources: [pods], verbs: [list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: reader, namespace: team-a}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: freezewatch, namespace: team-a}
spec:
  selector: {matchLabels: {app: freezewatch}}
  template:
    metadata: {labels: {app: freezewatch}}
    spec: {containers: [{name: freezewatch, image: "freezewatch:1", env: [{name: A, value: a}]}]}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: freezewatch, namespace: team-a}
spec: {endpoints: []}
`;

describe('kubectl', function () {
  this.timeout(20_000);
  let cluster: TestCluster;
  let folder: string;
  let kubeconfig: string;
  let closeAll: (() => Promise<void>) | undefined;

  before(async function () {
    if (spawnSync('kubectl', ['version', '--client']).status !== 0) {
      process.stderr.write(
        'SKIPPED: kubectl is not tried against the API server, because there is none on the PATH\n',
      );
      this.skip();
    }
    cluster = await TestCluster.start({ name: 'prod' });
    folder = mkdtempSync(join(tmpdir(), 'freezewatch-kubectl-'));
    kubeconfig = join(folder, 'kubeconfig');
    closeAll = async () => {
      rmSync(folder, { recursive: true });
      await cluster.server.close();
    };
    writeFileSync(kubeconfig, cluster.server.kubeconfig());
    cluster.store.apply(aPod('virt-api-1', ['virt-api']));
    const pod = { namespace: 'harvester-system', name: 'virt-api-1' };
    cluster.logs.append(pod, 'virt-api', 'before the restart');
    cluster.logs.restart(pod, 'virt-api');
    cluster.logs.append(pod, 'virt-api', 'after the restart');
    cluster.store.apply(aBackup('good', { status: { readyToUse: true } }));
    cluster.store.apply(aBackup('bad', { status: { readyToUse: false, error: { message: 'not found' } } }));
  });

  after(async () => {
    await closeAll?.();
  });

  const commandLine = (args: readonly string[]): readonly string[] => [
    `--kubeconfig=${kubeconfig}`,
    `--cache-dir=${join(folder, 'cache')}`,
    ...args,
  ];
  const kubectl = async (...args: readonly string[]): Promise<string> =>
    (await run('kubectl', commandLine(args), { timeout: 15_000 })).stdout;
  const words = (text: string): readonly (readonly string[])[] =>
    text
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));

  it('get prints the columns of Harvester', async () => {
    assert.deepEqual(
      words(await kubectl('get', 'vmbackups', '-A')).map((row) => row.filter((_word, index) => index !== 6)),
      [
        ['NAMESPACE', 'NAME', 'SOURCE_KIND', 'SOURCE_NAME', 'TYPE', 'READY_TO_USE', 'ERROR'],
        ['team-a', 'bad', 'VirtualMachine', 'web', 'backup', 'false', '<invalid>'],
        ['team-a', 'good', 'VirtualMachine', 'web', 'backup', 'true'],
      ],
    );
  });

  it('get prints pods wide', async () => {
    const [header, pod] = words(await kubectl('get', 'pods', '-n', 'harvester-system', '-o', 'wide'));
    assert.deepEqual(header?.slice(0, 7), ['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE', 'IP', 'NODE']);
    assert.deepEqual(pod?.slice(0, 4), ['virt-api-1', '1/1', 'Running', '0']);
    assert.equal(pod[6], 'node-1');
  });

  it('get prints YAML, JSON and paths', async () => {
    const bad = ['get', 'vmbackup', 'bad', '-n', 'team-a', '-o'];
    assert.match(await kubectl(...bad, 'yaml'), /^kind: VirtualMachineBackup$/m);
    assert.equal(
      (JSON.parse(await kubectl(...bad, 'json')) as { readonly kind: string }).kind,
      'VirtualMachineBackup',
    );
    assert.equal(await kubectl(...bad, 'jsonpath={.status.error.message}'), 'not found');
  });

  it('get -w prints changes until it is stopped', async () => {
    const args = ['get', 'vmbackups', '-n', 'team-a', '-w', '--no-headers', '--output-watch-events'];
    const watch = spawn('kubectl', commandLine(args), { stdio: ['ignore', 'pipe', 'inherit'] });
    const rows: string[] = [];
    for await (const line of createInterface({ input: watch.stdout })) {
      rows.push(line.split(/\s+/).slice(0, 2).join(' '));
      if (rows.length === 2) cluster.store.apply(aBackup('new'));
      if (rows.length === 3) cluster.store.remove('vmbackup', 'team-a', 'new');
      if (rows.length === 4) break;
    }
    watch.kill();
    await once(watch, 'exit');
    assert.deepEqual(rows, ['ADDED bad', 'ADDED good', 'ADDED new', 'DELETED new']);
  });

  it('logs prints the log of now, of before, and goes on with -f until the pod is gone', async () => {
    const pod = { namespace: 'harvester-system', name: 'virt-api-2' };
    cluster.store.apply(aPod(pod.name, ['virt-api']));
    cluster.logs.append(pod, 'virt-api', 'first');
    assert.equal(
      await kubectl('logs', '-n', 'harvester-system', 'virt-api-1', '--previous'),
      'before the restart\n',
    );
    assert.equal(
      await kubectl('logs', '-n', 'harvester-system', 'virt-api-1', '--tail=1'),
      'after the restart\n',
    );
    const follow = spawn('kubectl', commandLine(['logs', '-f', '-n', 'harvester-system', pod.name]));
    const read: string[] = [];
    for await (const line of createInterface({ input: follow.stdout })) {
      read.push(line);
      if (read.length === 1) cluster.logs.append(pod, 'virt-api', 'second');
      else cluster.store.remove('pods', pod.namespace, pod.name);
    }
    assert.deepEqual(read, ['first', 'second']);
  });

  it('delete waits until the object is gone', async () => {
    cluster.store.apply(aBackup('doomed', { finalizers: ['f'] }));
    const stop = cluster.store.subscribe(({ object }) => {
      if (object.metadata.name !== 'doomed' || object.metadata.deletionTimestamp === undefined) return;
      stop();
      cluster.store.apply({ ...object, metadata: { ...object.metadata, finalizers: [] } });
    });
    assert.match(await kubectl('delete', 'vmbackup', 'doomed', '-n', 'team-a'), /"doomed" deleted/);
    assert.equal(cluster.store.get('vmbackup', 'team-a', 'doomed'), undefined);
  });

  it('apply creates, then changes nothing, then merges; auth can-i sees the roles applied', async () => {
    const file = join(folder, 'manifest.yaml');
    writeFileSync(file, MANIFEST);
    assert.equal(
      words(await kubectl('apply', '-f', file)).filter(([, what]) => what === 'created').length,
      4,
    );
    assert.equal(
      words(await kubectl('apply', '-f', file)).filter(([, what]) => what === 'unchanged').length,
      4,
    );
    writeFileSync(file, MANIFEST.replace('{name: A, value: a}', '{name: B, value: b}'));
    assert.match(await kubectl('apply', '-f', file), /deployment\.apps\/freezewatch configured/);
    const container = '{.spec.template.spec.containers[0].env}';
    const env = await kubectl(
      'get',
      'deployment',
      'freezewatch',
      '-n',
      'team-a',
      '-o',
      `jsonpath=${container}`,
    );
    assert.deepEqual(JSON.parse(env), [{ name: 'B', value: 'b' }]);
    const reader = '--as=system:serviceaccount:team-a:reader';
    assert.equal(await kubectl('auth', 'can-i', 'list', 'pods', reader), 'yes\n');
    await assert.rejects(kubectl('auth', 'can-i', 'delete', 'vmbackups', reader), /Command failed/);
  });

  it('patch merges', async () => {
    await kubectl(
      'patch',
      'vmbackup',
      'good',
      '-n',
      'team-a',
      '--type=merge',
      '-p',
      '{"spec":{"type":"snapshot"}}',
    );
    assert.equal(
      (cluster.store.get('vmbackup', 'team-a', 'good')?.spec as { readonly type: string }).type,
      'snapshot',
    );
  });

  it('api-resources and describe find what they need', async () => {
    assert.match(
      await kubectl('api-resources'),
      /^virtualmachinebackups +vmbackup,vmbackups +harvesterhci.io\/v1beta1 +true/m,
    );
    assert.match(
      await kubectl('describe', 'pod', 'virt-api-1', '-n', 'harvester-system'),
      /^Name: +virt-api-1$/m,
    );
  });
});
