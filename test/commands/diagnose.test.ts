import assert from 'node:assert/strict';
import { parse, stringify } from 'yaml';
import * as diagnose from '../../src/commands/diagnose.ts';
import { scenarioNamed } from '../../simulator/scenarios.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { type CommandRun, runCommand } from './run-command.ts';

const diagnosing = { ...diagnose, name: 'diagnose' } as const;

interface KubeConfigParts {
  readonly clusters: readonly unknown[];
  readonly users: readonly unknown[];
  readonly contexts: readonly unknown[];
}

/** One kubeconfig with the contexts of several. */
function merged(kubeconfigs: readonly string[]): string {
  const parts = kubeconfigs.map((text) => parse(text) as KubeConfigParts);
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: parts.flatMap(({ clusters }) => clusters),
    users: parts.flatMap(({ users }) => users),
    contexts: parts.flatMap(({ contexts }) => contexts),
  });
}

describe('diagnose of two clusters with one backup target', () => {
  let simulation: Simulation;
  let kubeconfig: string;
  const run = (...args: readonly string[]): Promise<CommandRun> =>
    runCommand(diagnosing, kubeconfig, '--context', 'prod', '--context', 'staging', ...args);

  before(async () => {
    simulation = await startSimulation({ scenario: scenarioNamed('two-clusters'), speed: 1 });
    kubeconfig = merged(simulation.clusters.map((cluster) => cluster.kubeconfig));
  });
  after(() => simulation.close());

  it('finds it before anything is lost', async () => {
    const { exitCode, stdout } = await run();
    assert.equal(exitCode, 1);
    assert.match(stdout, /^ACT TODAY {2}Clusters prod, staging use one backup target: s3:\/\//m);
  });

  it('reports on the one that answers, and ends with 2', async () => {
    const end = simulation.cluster('staging').server.faults.inject({ type: 'destroy' });
    const { exitCode, stdout, stderr } = await run();
    end();
    assert.equal(exitCode, 2);
    assert.match(stdout, /^Cluster prod: /m);
    assert.match(stderr, /^freezewatch: could not look at staging: /);
  });
});

describe('diagnose of a healthy cluster', () => {
  it('ends with 0, and says what was checked', async () => {
    const simulation = await startSimulation({ scenario: scenarioNamed('healthy'), speed: 1 });
    try {
      const { exitCode, stdout } = await runCommand(diagnosing, simulation.cluster('prod').kubeconfig);
      assert.equal(exitCode, 0, stdout);
      assert.match(stdout, /^Cluster prod: Nothing is wrong in what was checked\./);
    } finally {
      await simulation.close();
    }
  });
});
