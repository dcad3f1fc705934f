import assert from 'node:assert/strict';
import { CHECKS, KINDS_OF_LOGS, OWNERS } from '../../src/findings/checks.ts';
import { KINDS, type Kind, namespaceRole, resources, sourceOf } from '../../src/model/resources.ts';
import { startSimulation } from '../../simulator/simulation.ts';
import type { SimulatedWorldCluster } from '../../simulator/cluster.ts';
import { kindKey } from '../../simulator/kube-object.ts';
import { SCENARIOS } from '../../simulator/scenarios.ts';

describe('the table of kinds', () => {
  it('names each source once', () => {
    const sources = KINDS.map(sourceOf);
    assert.deepEqual(
      sources.filter((source, index) => sources.indexOf(source) !== index),
      [],
    );
  });

  it('puts the namespace of a product where a kind lies in one', () => {
    const table = resources({ kubevirt: 'k', longhorn: 'l' });
    for (const kind of KINDS) {
      const role = namespaceRole(kind);
      assert.equal(
        table[kind].namespace,
        role === undefined ? undefined : { kubevirt: 'k', longhorn: 'l' }[role],
      );
    }
  });

  for (const kind of KINDS) {
    it(`has a check that says so while ${kind} cannot be read`, () => {
      const known = [...CHECKS.flatMap(({ needs, better = [] }) => [needs, ...better]), ...KINDS_OF_LOGS];
      assert.ok(
        [...known, ...OWNERS].includes(kind),
        `no check of src/findings/checks.ts needs ${kind}, or is better with it: add it to one`,
      );
    });
  }

  it('has a fixture of each kind in the simulator, which decodes', async () => {
    const missing = new Set<Kind>(KINDS);
    for (const scenario of SCENARIOS) {
      const simulation = await startSimulation({ scenario, speed: 1 });
      try {
        for (const { cluster } of simulation.clusters)
          for (const kind of missing) if (decodedObjects(cluster, kind) > 0) missing.delete(kind);
      } finally {
        await simulation.close();
      }
    }
    // metrics.k8s.io keeps no objects: the simulator computes its lists.
    assert.deepEqual([...missing], ['virtHandlerMemory'], 'the simulator has no fixture of these kinds');
  });
});

function decodedObjects({ site }: SimulatedWorldCluster, kind: Kind): number {
  const { kubevirtNamespace: kubevirt, longhornNamespace: longhorn } = site.spec;
  const resource = resources({ kubevirt, longhorn })[kind];
  const key = kindKey(resource);
  if (site.store.kind(key) === undefined) return 0;
  const name = resource.fieldSelector?.split('=')[1];
  const [label = '', value] = resource.labelSelector?.split('=') ?? [];
  const objects = [...site.store.list(key)].filter(
    ({ metadata }) =>
      (name === undefined || metadata.name === name) && (label === '' || metadata.labels?.[label] === value),
  );
  for (const object of objects) resource.decode(object);
  return objects.length;
}
