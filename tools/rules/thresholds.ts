import * as groups from '../../src/model/thresholds.ts';

/** The numbers that findings read, by group and field: `FREEZE_LOOP.fastCalls`. */
const THRESHOLDS: ReadonlyMap<string, unknown> = new Map(
  Object.entries(groups).flatMap(([group, fields]) =>
    Object.entries(fields).map(([field, value]): [string, unknown] => [`${group}.${field}`, value]),
  ),
);

const UNIT_MS: Readonly<Record<string, number>> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
/** A step is a minute: the rules are evaluated, and Harvester scrapes, once a minute. */
const STEP_MS = 60_000;

/**
 * The text of a rule source with the numbers of `thresholds.ts`: `${FREEZE_LOOP.fastCalls}`, or for what is in milliseconds
 * or steps `${FREEZE_FORECAST.warnsBeforeMs in hours}`. Throws for a name or unit that does not exist.
 */
export const withThresholds = (text: string): string =>
  text.replace(/\$\{([^}]*)\}/g, (_all, name: string) => String(threshold(name)));

function threshold(text: string): number {
  const [name = '', unit] = text.split(' in ');
  const value = THRESHOLDS.get(name);
  if (typeof value !== 'number') throw new Error(`src/model/thresholds.ts has no ${name}`);
  if (unit === undefined) return value;
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined) throw new Error(`no unit of a threshold: ${text}`);
  return (value * (name.endsWith('Ms') ? 1 : STEP_MS)) / unitMs;
}
