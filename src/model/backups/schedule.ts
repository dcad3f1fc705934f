import { Cron } from 'croner';
import { type BusinessHours, isBusinessTime } from './business-hours.ts';

const DAY_MS = 86_400_000;
/** A leap year's cycle: no pattern of months, days and weekdays that Kubernetes accepts repeats more slowly in practice. */
const HORIZON_DAYS = 8 * 366;
const MATCHING_DAYS = 400;
/** Any fixed Monday: the longest gap of a pattern does not depend on today. */
const ANCHOR_MS = Date.UTC(2024, 0, 1);
/** Schedules with distinct patterns that are remembered. */
const REMEMBERED = 1_000;

/** CronJobs run by the clock of kube-controller-manager: UTC on Harvester's nodes. undefined: not a cron pattern. */
function cronOf(pattern: string): Cron | undefined {
  try {
    return new Cron(pattern, { timezone: 'UTC', paused: true, mode: '5-part' });
  } catch {
    return undefined;
  }
}

/** The next run after a moment, in milliseconds; undefined for a pattern that is invalid or never runs. */
export function nextRunMs(pattern: string, afterMs: number): number | undefined {
  return cronOf(pattern)?.nextRun(new Date(afterMs))?.getTime();
}

/** The longest time between two runs of a pattern, in milliseconds; undefined when it has no two runs. */
export const longestGapMs: (pattern: string) => number | undefined = remembered((pattern) => {
  const cron = cronOf(pattern);
  const first = cron?.nextRun(new Date(ANCHOR_MS - 1))?.getTime();
  if (cron === undefined || first === undefined) return undefined;
  // Each day that matches has the same runs, so one day and the distances between such days tell all.
  const day = first - (first % DAY_MS);
  const runs = runsBetween(cron, day - 1, day + DAY_MS - 1);
  const lastOfDay = (runs.at(-1) ?? first) - day;
  let longest = Math.max(0, ...runs.slice(1).map((run, index) => run - (runs[index] ?? run)));
  let from = day;
  for (let days = 0; days < MATCHING_DAYS && from - ANCHOR_MS < HORIZON_DAYS * DAY_MS; days += 1) {
    const next = cron.nextRun(new Date(from + DAY_MS - 1))?.getTime();
    if (next === undefined) break;
    longest = Math.max(longest, next - (from + lastOfDay));
    from = next - (next % DAY_MS);
  }
  return longest === 0 ? undefined : longest;
});

/** How many runs of the next 7 days begin inside the business hours; undefined for an invalid pattern. */
export function businessHoursRuns(pattern: string, hours: BusinessHours, nowMs: number): number | undefined {
  const cron = cronOf(pattern);
  if (cron === undefined) return undefined;
  return runsBetween(cron, nowMs, nowMs + 7 * DAY_MS).filter((run) => isBusinessTime(hours, run)).length;
}

function runsBetween(cron: Cron, afterMs: number, untilMs: number): readonly number[] {
  const runs: number[] = [];
  for (let at = afterMs; ;) {
    const run = cron.nextRun(new Date(at))?.getTime();
    if (run === undefined || run > untilMs) return runs;
    runs.push(run);
    at = run;
  }
}

/** A pure function of a text that keeps its last results. */
function remembered<R>(compute: (text: string) => R): (text: string) => R {
  const results = new Map<string, { readonly result: R }>();
  return (text) => {
    const known = results.get(text) ?? { result: compute(text) };
    if (results.size >= REMEMBERED) results.clear();
    results.set(text, known);
    return known.result;
  };
}
