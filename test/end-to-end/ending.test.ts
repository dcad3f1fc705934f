import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingPrograms } from '../../simulator/demo/monitoring.ts';
import { incident } from '../../simulator/scenarios/incident.ts';
import { type SimulatedCluster, type Simulation, startSimulation } from '../../simulator/simulation.ts';
import { eventually, when } from './deadline.ts';
import { type Program, programs } from './program.ts';

const ANY_PORT = ['--web.listen-address', '127.0.0.1:0'];
const CLI = join(import.meta.dirname, '..', '..', 'dist', 'cli.js');
const TRIES = 15;
const SIGHUP_IS_CAUGHT = 1n;

describe('the end of freezewatch', function () {
  this.timeout(60_000);
  const start = programs();
  const directory = mkdtempSync(join(tmpdir(), 'freezewatch-ending-'));
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

  it(`comes with 0 from SIGTERM at any moment of serve`, async () => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const program = start(['serve', '--kubeconfig', kubeconfig, ...ANY_PORT]);
      await hasBegun(program);
      // The first tries come at the very beginning, the last ones while the cluster is being read.
      await sleep((Math.random() * 600 * attempt) / TRIES);
      const { code, signal } = await program.end('SIGTERM', 5_000);
      assert.deepEqual([code, signal], [0, null], program.output);
    }
  });

  for (const command of ['diagnose', 'break-loop']) {
    for (const [signal, expected] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const) {
      it(`comes at once, with ${expected} and without a stack, from ${signal} in ${command}`, async () => {
        cluster.server.faults.inject({ type: 'hang' }, { request: /virtualmachinebackups/ });
        const asked = cluster.server.requests.length;
        const program = start([command, '--kubeconfig', kubeconfig]);
        await eventually(() => when(cluster.server.requests.length > asked), {
          within: 10_000,
          describe: () => program.output,
        });
        const { code } = await program.end(signal, 2_000);
        assert.deepEqual([code, program.output], [expected, '']);
      });
    }
  }

  it('takes Prometheus and Alertmanager of the demo with it, also when its terminal is closed', async function () {
    if (missingPrograms().length > 0 || !existsSync('/proc/self/task')) {
      process.stderr.write(
        'SKIPPED: no demo with Prometheus is ended: there is no Prometheus, no Alertmanager, or no /proc\n',
      );
      this.skip();
    }
    const program = start(['demo', ...ANY_PORT]);
    await program.printed(/(Prometheus: |Alerts: )/, 30_000);
    const { code, signal } = await program.end('SIGHUP', 10_000);
    assert.deepEqual([code, signal], [129, null], program.output);
    assert.deepEqual(processesNaming(program.directory), []);
  });

  it('is not that of the demo when Prometheus does not start: one line says so', async () => {
    const broken = join(directory, 'prometheus');
    writeFileSync(broken, '#!/bin/sh\necho "no such storage" >&2\nexit 1\n');
    chmodSync(broken, 0o755);
    writeFileSync(join(directory, 'alertmanager'), readFileSync(broken));
    chmodSync(join(directory, 'alertmanager'), 0o755);
    const program = start(['demo', ...ANY_PORT], {
      PATH: [directory, process.env.PATH ?? ''].join(delimiter),
    });
    const said = await program.printed(/^(Alerts: .*)$/m, 30_000);
    assert.match(said, /does not start: no such storage$/);
    const { code } = await program.end('SIGINT', 10_000);
    assert.deepEqual([code, program.stderr], [130, '']);
  });

  it('comes without a stack when nobody reads what it says', async () => {
    for (const args of [['diagnose', '--kubeconfig', kubeconfig], ['help']]) {
      const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      await once(child, 'close');
      assert.deepEqual([child.signalCode, stderr], [null, '']);
    }
  });

  it('does not come when nobody reads the log of serve', async () => {
    const child = spawn(process.execPath, [CLI, 'serve', '--kubeconfig', kubeconfig, ...ANY_PORT], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [text] = (await once(child.stderr, 'data')) as [Buffer];
    const [, url = ''] = /url=(\S+)/.exec(String(text)) ?? [];
    child.stderr.destroy();
    cluster.server.faults.inject({ type: 'destroy' });
    cluster.server.killConnections();
    await eventually(
      async () => when((await (await fetch(`${url}/metrics`)).text()).includes('kind="unreachable"')),
      { within: 10_000, describe: () => 'no failure was noticed' },
    );
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await exit, [0, null]);
  });
});

/** Before, Node.js itself ends at a signal. */
async function hasBegun(program: Program): Promise<void> {
  const status = `/proc/${program.pid}/status`;
  if (!existsSync(status)) return sleep(200);
  await eventually(
    () => {
      const [, mask = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(status, 'utf8')) ?? [];
      return when((BigInt(`0x${mask}`) & SIGHUP_IS_CAUGHT) !== 0n);
    },
    { within: 10_000, every: 1, describe: () => 'the program does not begin' },
  );
}

/** The command lines of all processes that have this text in them. */
const processesNaming = (text: string): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLineOf)
    .filter((line) => line.includes(text));

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
