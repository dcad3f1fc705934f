/** What the exporter counts of its own work, by source or resource. It only grows. */
export class Tallies {
  readonly decodeErrors = new Map<string, number>();
  readonly logLines = new Map<string, number>();
  readonly logGaps = new Map<string, number>();
}

/** Adds to one tally; a name that was never counted starts at 0. */
export const add = (tally: Map<string, number>, name: string, amount = 1): void =>
  void tally.set(name, (tally.get(name) ?? 0) + amount);
