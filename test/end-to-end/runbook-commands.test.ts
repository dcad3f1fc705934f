import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { secretBackups } from '../../simulator/objects/vm-backup.ts';
import { type Block, expectationsOf, pages, variablesOf } from '../docs/runbook-pages.ts';
import { type IncidentShell, openIncidentShell, type Outcome } from './incident-shell.ts';
import { requireKubectl } from './kubectl.ts';

const DEADLINE_MS = 20_000;
const POLL_MS = 500;
/** What is in the copies of Secrets that every simulated VMBackup holds. */
const SECRETS = secretBackups('db-01').flatMap(({ data }) => Object.values(data));

/** What is wrong with the outcome of a block; undefined: it kept its promise. */
function problemOf(block: Block, { code, stdout, stderr }: Outcome): string | undefined {
  if (code !== 0) return `exit code ${code}: ${stderr}`;
  const complaints = stderr.replace(/^No resources found.*\n/gm, '');
  if (complaints !== '') return `on stderr: ${complaints}`;
  if (SECRETS.some((secret) => stdout.includes(secret))) return 'it prints a Secret';
  const missed = expectationsOf(block).find((expected) => !expected.test(stdout));
  return missed && `no ${missed.source} in:\n${stdout.slice(0, 2_000)}`;
}

describe('the commands of the runbooks, in the incident', function () {
  this.timeout(3 * DEADLINE_MS);
  let shell: IncidentShell | undefined;

  before(async function () {
    requireKubectl(this, 'the commands of the runbooks are not tried');
    shell = await openIncidentShell();
  });

  after(async () => {
    await shell?.close();
  });

  /** The incident needs a moment to write its first logs: what fails is tried again until the deadline. */
  async function lastProblem(block: Block, script: string): Promise<string | undefined> {
    assert.ok(shell !== undefined);
    const endMs = performance.now() + DEADLINE_MS;
    for (;;) {
      const problem = problemOf(block, await shell.run(script, DEADLINE_MS));
      if (problem === undefined || performance.now() > endMs) return problem;
      await sleep(POLL_MS);
    }
  }

  for (const page of pages) {
    const blocks = page.blocks.filter(({ mark }) => mark === 'read-only');
    if (blocks.length === 0) continue;
    it(`${page.name}: each read-only block succeeds and shows what it says`, async () => {
      for (const block of blocks) {
        const problem = await lastProblem(block, `${variablesOf(page)}\n${block.text}`);
        assert.equal(problem, undefined, block.text);
      }
    });
  }
});
