import type { Firing } from '../../bench/backtest/promtool.ts';
import type { Trace } from '../../bench/backtest/trace.ts';
import { dueAt, hasFinding, isSame, saidByAlert, textOf, TIMINGS } from './agreement.ts';
import { isComparable } from './explained.ts';
import { findingsOfSeries } from './findings-of-series.ts';

/** How often the page is looked at. */
const LOOK_MINUTES = 15;

/** What the alerts that fired in a trace and the findings of its series say differently. */
export function traceDifferences(trace: Trace, firings: readonly Firing[]): readonly string[] {
  const findingsAt = findingsOfSeries(trace.series);
  const fired = firings
    .filter(({ alert }) => TIMINGS.has(alert) && isComparable(alert))
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
