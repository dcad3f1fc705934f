import { Cron } from 'croner';
import { parseGoDurationMs } from '../objects/go-duration.ts';
import { type BusinessHours, isBusinessTime } from './business-hours.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
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

/**
 * The interval of `@every 6h`, which is counted from the schedule's beginning, not by the clock, in whole seconds
 * (robfig/cron 1.2 and 3 Every); undefined for any other pattern.
 */
function everyMs(pattern: string): number | undefined {
  const text = /^@every (\S+)$/.exec(pattern)?.[1];
  const ms = text === undefined ? undefined : parseGoDurationMs(text);
  return ms === undefined ? undefined : Math.max(1_000, ms - (ms % 1_000));
}

/**
 * The next run after a moment, in milliseconds; undefined for a pattern that is invalid or never runs. `sinceMs` is when
 * the schedule began: Kubernetes counts `@every` from there (CronJob controller).
 */
export function nextRunMs(pattern: string, afterMs: number, sinceMs = 0): number | undefined {
  const every = everyMs(pattern);
  if (every !== undefined) return sinceMs + (Math.floor((afterMs - sinceMs) / every) + 1) * every;
  return cronOf(pattern)?.nextRun(new Date(afterMs))?.getTime();
}

/** The longest time between two runs of a pattern, in milliseconds; undefined when it has no two runs. */
export const longestGapMs: (pattern: string) => number | undefined = remembered((pattern) => {
  const every = everyMs(pattern);
  if (every !== undefined) return every;
  const cron = cronOf(pattern);
  const first = cron?.nextRun(new Date(ANCHOR_MS - 1))?.getTime();
  if (cron === undefined || first === undefined) return undefined;
  // Each day that matches has the same runs, so one such day and the distances between such days are enough.
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
export function businessHoursRuns(
  pattern: string,
  hours: BusinessHours,
  nowMs: number,
  sinceMs = 0,
): number | undefined {
  const every = everyMs(pattern);
  const cron = every === undefined ? cronOf(pattern) : undefined;
  if (every === undefined && cron === undefined) return undefined;
  const runs =
    cron === undefined
      ? everyRuns(Math.max(every ?? HOUR_MS, MINUTE_MS), nowMs, sinceMs)
      : runsBetween(cron, nowMs, nowMs + 7 * DAY_MS);
  return runs.filter((run) => isBusinessTime(hours, run)).length;
}

/** Harvester refuses less than an hour; a minute bounds the work for one that came in otherwise. */
function everyRuns(every: number, nowMs: number, sinceMs: number): readonly number[] {
  const first = sinceMs + (Math.floor((nowMs - sinceMs) / every) + 1) * every;
  const count = Math.max(0, Math.ceil((nowMs + 7 * DAY_MS - first) / every));
  return Array.from({ length: count }, (_, index) => first + index * every);
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
