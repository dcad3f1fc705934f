import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as breakLoop from '../../src/commands/break-loop.ts';
import { serviceAccountIdentity } from '../../simulator/api-server/access-control.ts';
import { scenarioNamed } from '../../simulator/scenarios.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { policyRules } from '../../tools/deploy/policy-rules.ts';
import { runCommand } from './run-command.ts';

const TOKEN = 'token-of-the-person-on-call';
const breaking = { ...breakLoop, name: 'break-loop' } as const;

describe('the role of break-loop', function () {
  this.timeout(30_000);
  let simulation: Simulation;

  before(async () => {
    const tokens = new Map([[TOKEN, serviceAccountIdentity('default', 'on-call')]]);
    simulation = await startSimulation({
      scenario: scenarioNamed('incident'),
      server: { access: { tokens } },
    });
    const { store } = simulation.cluster('prod');
    const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'break-loop' };
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    store.apply({
      apiVersion,
      kind: role.kind,
      metadata: { name: role.name },
      rules: policyRules().breakLoop,
    });
    store.apply({
      apiVersion,
      kind: 'ClusterRoleBinding',
      metadata: { name: role.name },
      roleRef: role,
      subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: 'on-call' }],
    });
  });
  after(() => simulation.close());

  it('is enough to find what drives a loop and to delete it, and nothing it asks for is denied', async () => {
    const { server } = simulation.cluster('prod');
    const run = (...args: readonly string[]) => runCommand(breaking, server.kubeconfig(TOKEN), ...args);
    let plan = '';
    while (!plan.includes('driving a freeze loop: 14.')) {
      plan = (await run('--namespace', 'erp', '--vm', 'app-01')).stdout;
      await sleep(50);
    }
    const { exitCode, stdout, stderr } = await run('--namespace', 'erp', '--vm', 'app-01', '--apply');
    assert.equal(exitCode, 0, stdout + stderr);
    assert.deepEqual(
      server.requests.filter(({ status }) => status === 401 || status === 403).map(({ path }) => path),
      [],
    );
    assert.equal(
      server.requests.filter(({ method, status }) => method === 'DELETE' && status === 200).length,
      14,
    );
  });
});
