import assert from 'node:assert/strict';
import { join } from 'node:path';
import { healthyTraces } from '../../bench/backtest/healthy-traces.ts';
import { leakTraces } from '../../bench/backtest/leak-traces.ts';
import { firings } from '../../bench/backtest/promtool.ts';
import type { Trace } from '../../bench/backtest/trace.ts';
import { projectRoot } from '../../src/project-root.ts';
import { dueAt, hasFinding, isSame, saidByAlert, textOf, TIMINGS } from './agreement.ts';
import { isComparable } from './explained.ts';
import { findingsOfSeries } from './findings-of-series.ts';

/** Causes before symptoms. */
const SUBJECTS = ['freeze', 'backup', 'target', 'virt-handler', 'exporter'];
const FILES = SUBJECTS.map((subject) => join(projectRoot(), 'rules', `${subject}.yaml`));
const GROUPS = SUBJECTS.map((subject) => `harvester-${subject}`);
/** How often the page is looked at. */
const LOOK_MINUTES = 15;

/** What alerts and findings say differently in the course of a trace. */
async function differencesIn(trace: Trace): Promise<readonly string[]> {
  const findingsAt = findingsOfSeries(trace.series);
  const fired = (await firings(FILES, GROUPS, trace))
    .filter(({ alert }) => isComparable(alert))
    .map(({ alert, labels, firstMinute }) => ({ said: saidByAlert(alert, labels), firstMinute }));
  const missing = fired
    .filter(({ said, firstMinute }) => !hasFinding(said, findingsAt, firstMinute))
    .map(({ said, firstMinute }) => `only the alert at ${String(firstMinute)} min: ${textOf(said)}`);
  const tooMuch = new Map<string, number>();
  for (let minute = LOOK_MINUTES; minute < trace.minutes; minute += LOOK_MINUTES)
    for (const finding of dueAt(findingsAt, minute, (id) => TIMINGS.has(id) && isComparable(id)))
      if (!fired.some(({ said, firstMinute }) => firstMinute <= minute && isSame(said, finding)))
        tooMuch.set(textOf(finding), tooMuch.get(textOf(finding)) ?? minute);
  return [
    ...missing,
    ...Array.from(tooMuch, ([text, minute]) => `only the finding at ${String(minute)} min: ${text}`),
  ];
}

/** One of each shape of loop, leak and healthy life; all of them take promtool many minutes. */
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
      assert.deepEqual(await differencesIn(trace), []);
    });
});
