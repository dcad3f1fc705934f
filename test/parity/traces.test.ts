import assert from 'node:assert/strict';
import { join } from 'node:path';
import { healthyTraces } from '../../bench/backtest/healthy-traces.ts';
import { leakTraces } from '../../bench/backtest/leak-traces.ts';
import { firings } from '../../bench/backtest/promtool.ts';
import { projectRoot } from '../../src/project-root.ts';
import { traceDifferences } from './trace-differences.ts';

/** Causes before symptoms. */
const SUBJECTS = ['freeze', 'backup', 'target', 'virt-handler', 'exporter'];
const FILES = SUBJECTS.map((subject) => join(projectRoot(), 'rules', `${subject}.yaml`));
const GROUPS = SUBJECTS.map((subject) => `harvester-${subject}`);
/** One of each shape of loop, leak and healthy life; `npm run backtest` compares all of them. */
const NAMES = [
  'loop 3/s, KubeVirt <= 1.3',
  '60 calls an hour, KubeVirt 1.4-1.6',
  'slow loop, logs not readable',
  'bursts of 3 min at 3/s every hour',
  'loop 1/s, scrape gaps',
  'loop 1/s, exporter restarts, two replicas',
  'three nodes, a loop on one',
  'random loop 6: 1.32/s for 24 of 38 min',
  'teeth of 30 min, memory alone',
  'hourly backups of a VM with 24 volumes',
];

describe('a trace of the backtest', function () {
  this.timeout(60_000);
  const traces = new Map([...leakTraces(), ...healthyTraces()].map((trace) => [trace.name, trace]));
  for (const name of NAMES)
    it(`fires what the page shows: ${name}`, async () => {
      const trace = traces.get(name);
      assert.ok(trace !== undefined);
      assert.deepEqual(traceDifferences(trace, await firings(FILES, GROUPS, trace)), []);
    });
});
