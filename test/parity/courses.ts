import type { Series } from '../../bench/backtest/trace.ts';

/** How long Prometheus takes a sample for the present one: its look-back, in minutes. */
const LOOK_BACK_MINUTES = 5;
/** Labels that name a replica of the exporter or the scrape, and no object. */
const OF_THE_SCRAPE: ReadonlySet<string> = new Set(['instance', 'job', 'cluster']);

/** What a metric says of one object, minute by minute; NaN: it ended. A counter is given by its increases. */
export interface Course {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly values: readonly (number | undefined)[];
}

/** The series of one cluster, with replicas merged: of gauges the larger value counts, of counters the larger increase. */
export function coursesOf(series: readonly Series[]): readonly Course[] {
  const merged = new Map<
    string,
    { name: string; labels: Record<string, string>; values: Course['values'] }
  >();
  for (const { name, labels, values } of series) {
    const own = Object.fromEntries(Object.entries(labels).filter(([label]) => !OF_THE_SCRAPE.has(label)));
    const key = `${name}${JSON.stringify(Object.entries(own).sort())}`;
    const counted = name.endsWith('_total') ? increasesOf(values) : values;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { name, labels: own, values: counted });
    else known.values = largest(known.values, counted);
  }
  return [...merged.values()];
}

const largest = (left: Course['values'], right: Course['values']): Course['values'] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, minute) => {
    const present = [left[minute], right[minute]].filter((value) => value !== undefined);
    return present.length === 0 ? undefined : Math.max(...present);
  });

/** What was counted since the sample before; a smaller count is one that began again. */
function increasesOf(counts: Course['values']): Course['values'] {
  let last: number | undefined;
  return counts.map((count) => {
    if (count === undefined || Number.isNaN(count)) return count;
    const increase = last === undefined ? 0 : count < last ? count : count - last;
    last = count;
    return increase;
  });
}

/** The present value at a minute; undefined: there is none. */
export function valueAt({ values }: Course, minute: number): number | undefined {
  for (let at = minute; at > minute - LOOK_BACK_MINUTES && at >= 0; at -= 1) {
    const value = values[at];
    if (value !== undefined) return Number.isNaN(value) ? undefined : value;
  }
  return undefined;
}

/** The first minute of the time, up to this minute, in which the value was always as wanted; undefined: it is not. */
export function sinceMinute(
  course: Course,
  minute: number,
  isWanted: (value: number) => boolean = () => true,
): number | undefined {
  let since: number | undefined;
  for (let at = minute; at >= 0; at -= 1) {
    const value = valueAt(course, at);
    if (value === undefined || !isWanted(value)) break;
    since = at;
  }
  return since;
}

/** The newest minute in which a counter grew; undefined: it did not. */
export function grewAtMinute({ values }: Course, minute: number): number | undefined {
  for (let at = minute; at >= 0; at -= 1) if ((values[at] ?? 0) > 0) return at;
  return undefined;
}
