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

describe('a trace of the backtest', () => {
  for (const trace of [...leakTraces(), ...healthyTraces()])
    it(`fires what the page shows: ${trace.name}`, async () => {
      assert.deepEqual(await differencesIn(trace), []);
    });
});
