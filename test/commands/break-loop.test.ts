import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import * as breakLoop from '../../src/commands/break-loop.ts';
import * as diagnose from '../../src/commands/diagnose.ts';
import { decodeVmBackup, type VmBackup } from '../../src/model/objects/vm-backup.ts';
import type { Faults } from '../../simulator/api-server/faults.ts';
import { type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { scenarioNamed } from '../../simulator/scenarios.ts';
import { type CommandRun, runCommand } from './run-command.ts';

const breaking = { ...breakLoop, name: 'break-loop' } as const;
const validate = new Ajv({ strict: true }).compile(
  JSON.parse(readFileSync(new URL('../../docs/api-findings.schema.json', import.meta.url), 'utf8')) as object,
);
const diagnosing = { ...diagnose, name: 'diagnose' } as const;

describe('break-loop and diagnose on the incident', () => {
  let simulation: Simulation;
  const run = (module: Parameters<typeof runCommand>[0], ...args: readonly string[]): Promise<CommandRun> =>
    runCommand(module, simulation.cluster('prod').kubeconfig, ...args);
  const backups = (): readonly VmBackup[] =>
    simulation.cluster('prod').store.list('virtualmachinebackups.harvesterhci.io').map(decodeVmBackup);
  const faults = (): Faults => simulation.cluster('prod').server.faults;

  before(async () => {
    simulation = await startSimulation({ scenario: scenarioNamed('incident'), speed: 60 });
    await untilRetried();
  });
  after(() => simulation.close());

  /** Every seeded VMBackup was tried by this process: its error is of now. */
  async function untilRetried(): Promise<void> {
    for (let stdout = ''; !stdout.includes('driving a freeze loop: 48.');) ({ stdout } = await run(breaking));
  }

  it('changes nothing without --apply, and says what it would', async () => {
    const before = backups().length;
    const { exitCode, stdout } = await run(breaking, '--namespace', 'erp', '--vm', 'app-01');
    assert.equal(exitCode, 1);
    assert.match(stdout, /^14 VMBackups in error; safe to delete, and driving a freeze loop: 14\.$/m);
    assert.match(stdout, /^Nothing was changed\. Add --apply/m);
    assert.equal(backups().length, before);
  });

  it('diagnoses the loops with exit code 1', async () => {
    const { exitCode, stdout } = await run(diagnosing);
    assert.equal(exitCode, 1);
    assert.match(stdout, /^ *ACT NOW {2}VM erp\/db-01 is frozen again and again$/m);
    assert.match(stdout, /^ACT NOW {2}Backups of target .* are being lost$/m);
    assert.ok(!stdout.includes('\u001b'));
  });

  it('diagnoses as JSON that follows the schema of the API', async () => {
    const { stdout } = await run(diagnosing, '-o', 'json');
    const { clusters } = JSON.parse(stdout) as { readonly clusters: readonly unknown[] };
    assert.equal(clusters.length, 1);
    assert.ok(validate(clusters[0]), JSON.stringify(validate.errors));
  });

  it('refuses what it may not verify, and names the missing rule', async () => {
    const end = faults().inject({ type: 'status', code: 403 }, { request: /\/volumesnapshots\// });
    const { exitCode, stdout } = await run(breaking, '--vm', 'app-01', '--apply');
    end();
    assert.equal(exitCode, 1);
    assert.match(stdout, /safe to delete, and driving a freeze loop: 0\.$/m);
    assert.match(
      stdout,
      /apiGroups: \["snapshot\.storage\.k8s\.io"\], resources: \["volumesnapshots"\], verbs: \["get"\]/,
    );
  });

  it('refuses a VMBackup that has a VolumeSnapshot: its data may be there', async () => {
    const { name = '', volumes = [] } =
      backups().find(({ vm, error }) => vm === 'app-01' && error !== undefined) ?? {};
    const volume = volumes[0]?.name ?? '';
    const { store } = simulation.cluster('prod');
    const snapshot = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot' };
    store.apply({ ...snapshot, metadata: { namespace: 'erp', name: volume } });
    const { exitCode, stdout } = await run(breaking, '--vm', 'app-01');
    store.remove('volumesnapshots.snapshot.storage.k8s.io', 'erp', volume);
    assert.equal(exitCode, 1);
    assert.match(stdout, /driving a freeze loop: 13\.$/m);
    assert.match(
      stdout,
      new RegExp(`^Not deleted:\n  erp/${name} .*\n      VolumeSnapshot ${volume} exists`, 'm'),
    );
  });

  it('stops at the first deletion that is refused', async () => {
    const before = backups().length;
    const end = faults().inject({ type: 'status', code: 403 }, { request: /^DELETE / });
    const { exitCode, stderr } = await run(breaking, '--vm', 'app-01', '--apply');
    end();
    assert.equal(exitCode, 1);
    assert.match(stderr, /^\[1\/14\] .*verbs: \["get","delete"\]/m);
    assert.match(stderr, /^Stopped: 13 more were not touched\.$/m);
    assert.equal(backups().length, before);
  });

  for (const module of [breaking, diagnosing]) {
    it(`${module.name} ends with 2 and names the server when that does not answer`, async () => {
      const end = faults().inject({ type: 'destroy' });
      const { exitCode, stderr } = await run(module);
      end();
      assert.equal(exitCode, 2);
      assert.match(stderr, /^freezewatch: could not look at /);
    });
  }

  it('deletes what is safe with --apply, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await run(breaking, '--vm', 'app-01', '--apply');
    assert.equal(stderr, '');
    assert.equal(exitCode, 0);
    assert.equal(stdout.match(/^\[\d+\/14\] erp\/svmb-\S+: deleted$/gm)?.length, 14);
    const others = await run(breaking, '--vm', 'db-01');
    assert.match(others.stdout, /^34 VMBackups in error;/m);
  });
});
