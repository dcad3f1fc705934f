import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Fault } from '../../simulator/api-server/faults.ts';
import { incident } from '../../simulator/scenarios/incident.ts';
import { type SimulatedCluster, type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { shows } from './live-metrics.ts';
import { type Program, programs } from './program.ts';

interface Trouble {
  /** Returns the kubeconfig to use. */
  readonly prepare: () => string;
  readonly cure: RegExp;
  readonly kind: string;
}

const warningsOf = ({ stderr }: Program): readonly string[] =>
  stderr.split('\n').filter((line) => line.includes('level=warn'));

describe('freezewatch serve, where the API server is not as it should be,', function () {
  this.timeout(30_000);
  const start = programs();
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-outages-'));
  const kubeconfig = join(directory, 'kubeconfig.yaml');
  let simulation: Simulation;
  let cluster: SimulatedCluster;

  before(async () => {
    simulation = await startSimulation({ scenario: incident });
    cluster = simulation.cluster('prod');
    writeFileSync(kubeconfig, cluster.kubeconfig);
  });
  afterEach(() => cluster.server.faults.clear());
  after(async () => {
    await simulation.close();
    rmSync(directory, { recursive: true });
  });

  const serve = (file: string): Program =>
    start(['serve', '--kubeconfig', file, '--web.listen-address', '127.0.0.1:0']);
  const withFault = (fault: Fault) => (): string => {
    cluster.server.faults.inject(fault);
    return kubeconfig;
  };
  const troubles: Readonly<Record<string, Trouble>> = {
    'does not answer': {
      prepare: () => {
        const file = join(directory, 'nobody.yaml');
        writeFileSync(file, cluster.kubeconfig.replace(cluster.url, 'http://127.0.0.1:9'));
        return file;
      },
      cure: /nothing answers at http:\/\/127\.0\.0\.1:9/,
      kind: 'unreachable',
    },
    'does not know us': {
      prepare: withFault({ type: 'status', code: 401 }),
      cure: /does not accept our credentials/,
      kind: 'unauthorized',
    },
    'speaks nonsense': {
      prepare: withFault({ type: 'nonsense' }),
      cure: /does not answer like a Kubernetes API server/,
      kind: 'nonsense',
    },
  };
  for (const [title, { prepare, cure, kind }] of Object.entries(troubles)) {
    it(`stays up and says once what to do, when it ${title}`, async () => {
      const program = serve(prepare());
      const url = await program.url();
      const errors = new RegExp(
        `^freezewatch_source_errors_total\\{source="virtualmachinebackups",kind="${kind}"\\} [2-9]`,
      );
      await shows(url, errors);
      await shows(url, /^freezewatch_source_up\{source="virtualmachinebackups"\} 0$/);
      const warnings = warningsOf(program);
      assert.equal(warnings.length, 1, program.stderr);
      assert.match(warnings[0] ?? '', cure);
      assert.equal((await fetch(`${url}/readyz`)).status, 503);
      assert.equal((await fetch(`${url}/livez`)).status, 200);
      assert.equal((await program.end('SIGTERM', 5_000)).code, 0);
    });
  }

  it('is ready although one kind is forbidden, and names the missing RBAC rule', async () => {
    cluster.server.faults.inject({ type: 'status', code: 403 }, { request: /backupvolumes/ });
    const program = serve(kubeconfig);
    const url = await program.ready();
    await shows(url, /^freezewatch_source_up\{source="longhorn_backupvolumes"\} 0$/);
    await shows(
      url,
      /^freezewatch_source_errors_total\{source="longhorn_backupvolumes",kind="forbidden"\} [1-9]/,
    );
    const warnings = warningsOf(program);
    assert.equal(warnings.length, 1, program.stderr);
    assert.match(warnings[0] ?? '', /longhorn-system with the rule .*longhorn\.io.*backupvolumes/);
  });
});
