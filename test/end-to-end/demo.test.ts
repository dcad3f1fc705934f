import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { SCENARIOS } from '../../simulator/scenarios.ts';
import { eventually } from './deadline.ts';
import { seriesAt } from './live-metrics.ts';
import { type Program, programs } from './program.ts';

/** From the start of the process. */
const SHOWN_WITHIN_MS = 30_000;

describe('freezewatch demo', function () {
  this.timeout(60_000);
  const start = programs();
  const demo = (...args: readonly string[]): Program =>
    start(['demo', '--web.listen-address', '127.0.0.1:0', '--no-prometheus', ...args]);

  /** Waits until each pattern matches a line of a metrics page. */
  const shows = (program: Program, url: string, patterns: readonly RegExp[]): Promise<readonly string[]> =>
    eventually(
      async () => {
        const lines = await seriesAt(url);
        return patterns.every((pattern) => lines.some((line) => pattern.test(line))) ? lines : undefined;
      },
      { within: SHOWN_WITHIN_MS, every: 100, describe: () => `not all of it is shown:\n${program.output}` },
    );

  it('shows a VM in a freeze loop, backups in error and the virt-handlers within 30 s of its start', async () => {
    const begin = performance.now();
    const program = demo();
    const url = await program.printed(/metrics +(http:\S+)/);
    await shows(program, url, [
      /^harvester_vmi_freeze_requests_total\{namespace="erp",vm="db-01",action="freeze",result="success"\} [1-9]/,
      /^harvester_vmi_safety_unfreezes_total\{namespace="erp",vm="db-01"\} [1-9]/,
      /^harvester_vmbackups\{namespace="erp",type="backup",state="error"\} 48$/,
      /^harvester_vmbackup_problem\{.*reason="lh_backup_not_found",origin="imported"\} 1$/,
      /^harvester_virt_handler_info\{.*node="node-2",version="1\.2\.2",leak="per_freeze"\} 1$/,
      /^harvester_virt_handler_memory_working_set_bytes\{.*node="node-2"\} \d+/,
    ]);
    assert.ok(performance.now() - begin < SHOWN_WITHIN_MS);
    assert.match(program.stdout, /freezewatch on prod: critical: /);
  });

  it('says where to look, and ends with all its files on Ctrl-C', async () => {
    const program = demo();
    const page = await program.printed(/status page +(http:\S+)/);
    const kubeconfig = await program.printed(/--kubeconfig (\S+) get vmbackups/);
    assert.equal((await fetch(page)).status, 200);
    assert.ok(kubeconfig.startsWith(program.directory), 'it keeps to the place for temporary files');
    assert.match(program.stdout, /Ctrl-C/);
    const { code, signal } = await program.end('SIGINT', 10_000);
    assert.deepEqual([code, signal], [130, null]);
    assert.deepEqual(readdirSync(program.directory), []);
  });

  it('watches several clusters, each with its name as a label', async () => {
    const program = demo('--clusters', '2');
    await program.printed(/(Ctrl-C)/);
    const urls = Array.from(program.stdout.matchAll(/metrics +(http:\S+)/g), ([, url = '']) => url);
    assert.equal(urls.length, 2);
    const shown = await Promise.all(
      urls.map((url) => shows(program, url, [/^harvester_vmi_info\{/, /^harvester_virt_handler_info\{/])),
    );
    const clusters = shown.map((lines) => {
      const labels = lines
        .filter((line) => line.startsWith('harvester_'))
        .map((line) => /[{,]cluster="([^"]*)"/.exec(line)?.[1]);
      return [...new Set(labels)];
    });
    assert.deepEqual(clusters, [['prod'], ['staging']]);
  });

  it('lists all scenarios, with exit code 2, when it does not know one', async () => {
    const program = demo('--scenario', 'earthquake');
    assert.equal((await program.end(undefined, 10_000)).code, 2);
    for (const { name } of SCENARIOS) assert.ok(program.stderr.includes(name), name);
    assert.deepEqual(readdirSync(program.directory), []);
  });
});
