import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startSimulation, type Simulation } from '../../src/simulator/simulation.ts';
import { scenarioNamed } from '../../src/simulator/scenarios.ts';
import { type Block, expectationsOf, pages, variablesOf } from '../docs/runbook-pages.ts';

const DEADLINE_MS = 20_000;
const POLL_MS = 500;

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What is wrong with the outcome of a block; undefined: it kept its promise. */
function problemOf(block: Block, { code, stdout, stderr }: Outcome): string | undefined {
  if (code !== 0) return `exit code ${code}: ${stderr}`;
  if (stderr !== '') return `on stderr: ${stderr}`;
  const missed = expectationsOf(block).find((expected) => !expected.test(stdout));
  return missed && `no ${missed.source} in:\n${stdout.slice(0, 2_000)}`;
}

describe('the commands of the runbooks, in the incident', function () {
  this.timeout(2 * DEADLINE_MS);
  let simulation: Simulation;
  let folder: string;
  let closeAll: (() => Promise<void>) | undefined;

  before(async function () {
    if (spawnSync('kubectl', ['version', '--client']).status !== 0) {
      process.stderr.write(
        'SKIPPED: the commands of the runbooks are not tried, because there is no kubectl on the PATH\n',
      );
      this.skip();
    }
    simulation = await startSimulation({ scenario: scenarioNamed('incident'), speed: 20 });
    folder = mkdtempSync(join(tmpdir(), 'freezewatch-runbooks-'));
    closeAll = async () => {
      rmSync(folder, { recursive: true });
      await simulation.close();
    };
    writeFileSync(join(folder, 'config'), simulation.cluster('prod').kubeconfig);
  });

  after(async () => {
    await closeAll?.();
  });

  /** A POSIX shell that stops at the first command that fails or variable that is not set. */
  const run = (script: string): Promise<Outcome> =>
    new Promise((resolve) => {
      const environment = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'config') };
      const options = { env: environment, timeout: DEADLINE_MS };
      execFile('sh', ['-euc', script], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, stdout, stderr });
      });
    });

  for (const page of pages) {
    const blocks = page.blocks.filter(({ mark }) => mark === 'read-only');
    if (blocks.length === 0) continue;
    it(`${page.name}: each read-only block succeeds and shows what it says`, async () => {
      for (const block of blocks) {
        const endMs = performance.now() + DEADLINE_MS;
        const script = `${variablesOf(page)}\n${block.text}`;
        let problem = problemOf(block, await run(script));
        // The incident needs a moment to write its first logs.
        while (problem !== undefined && performance.now() < endMs) {
          await sleep(POLL_MS);
          problem = problemOf(block, await run(script));
        }
        assert.equal(problem, undefined, block.text);
      }
    });
  }
});
