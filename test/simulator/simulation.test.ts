import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { VirtualClock } from '../../simulator/clock.ts';
import { scenarioNamed } from '../../simulator/scenarios.ts';
import type { Simulation } from '../../simulator/simulation.ts';
import { startSimulation } from '../../simulator/simulation.ts';
import { MINUTE_MS, START } from './world-of.ts';

interface Listed {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly namespace: string } }[];
}

async function listed(url: string): Promise<Listed['items']> {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  return ((await response.json()) as Listed).items;
}

describe('a simulation', () => {
  const clock = new VirtualClock(START);
  let simulation: Simulation;

  before(async () => {
    simulation = await startSimulation({ scenario: scenarioNamed('incident'), clock });
  });
  after(() => simulation.close());

  it('serves each cluster by a kubeconfig of its own', () => {
    const { kubeconfig, url } = simulation.cluster('prod');
    const config = parse(kubeconfig) as {
      clusters: { cluster: { server: string } }[];
      'current-context': string;
    };
    assert.equal(config.clusters[0]?.cluster.server, url);
    assert.equal(config['current-context'], 'prod');
  });

  it('serves the memory of the virt-handlers as metrics.k8s.io does', async () => {
    const { url } = simulation.cluster('prod');
    const items = await listed(
      `${url}/apis/metrics.k8s.io/v1beta1/namespaces/harvester-system/pods?labelSelector=kubevirt.io%3Dvirt-handler`,
    );
    assert.equal(items.length, 3);
  });

  it('stops the loop of a VMBackup that is deleted through the API, at once', async () => {
    const { url, truth } = simulation.cluster('prod');
    const path = `${url}/apis/harvesterhci.io/v1beta1/virtualmachinebackups`;
    const errors = new Set(
      truth()
        .vmBackups.filter(({ state, vm }) => state === 'error' && vm === 'app-01')
        .map(({ name }) => name),
    );
    for (const { metadata } of await listed(path)) {
      if (!errors.has(metadata.name)) continue;
      const one = `${url}/apis/harvesterhci.io/v1beta1/namespaces/${metadata.namespace}/virtualmachinebackups/${metadata.name}`;
      assert.equal((await fetch(one, { method: 'DELETE' })).status, 200);
    }
    clock.advance(2_000);
    const since = clock.now();
    clock.advance(10 * MINUTE_MS);
    const loops = new Set(truth(since).freezeCalls.map(({ vm }) => vm));
    assert.deepEqual([...loops], ['db-01']);
  });

  it('starts a backup that a user asks for through the API', async () => {
    const { url, truth } = simulation.cluster('prod');
    const backup = {
      apiVersion: 'harvesterhci.io/v1beta1',
      kind: 'VirtualMachineBackup',
      metadata: { name: 'by-hand', namespace: 'shop' },
      spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'web-02' }, type: 'backup' },
    };
    const response = await fetch(
      `${url}/apis/harvesterhci.io/v1beta1/namespaces/shop/virtualmachinebackups`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(backup),
      },
    );
    assert.equal(response.status, 201);
    clock.advance(10 * MINUTE_MS);
    assert.equal(truth().vmBackups.find(({ name }) => name === 'by-hand')?.state, 'ready');
  });
});
