import * as groups from '../../src/model/thresholds.ts';

/** The numbers that findings read, by group and field: `FREEZE_LOOP.fastCalls`. */
const THRESHOLDS: ReadonlyMap<string, unknown> = new Map(
  Object.entries(groups).flatMap(([group, fields]) =>
    Object.entries(fields).map(([field, value]): [string, unknown] => [`${group}.${field}`, value]),
  ),
);

/** The text of a rule source with `${FREEZE_LOOP.fastCalls}` as the number. Throws for what `thresholds.ts` does not have. */
export const withThresholds = (text: string): string =>
  text.replace(/\$\{([^}]*)\}/g, (_all, name: string) => {
    const value = THRESHOLDS.get(name);
    if (typeof value !== 'number') throw new Error(`src/model/thresholds.ts has no ${name}`);
    return String(value);
  });
