const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:\d\d)$/;
/** The longest stamp of the kubelet has 35 characters: nanoseconds and an offset. */
const LONGEST_STAMP = 40;
const SPACE = 0x20;
const NS_PER_MS = 1_000_000n;
const NS_PER_SECOND = 1_000_000_000n;

/**
 * The moment an RFC 3339 stamp names, in nanoseconds since 1970; undefined for any other text. Stamps are compared
 * as moments: the kubelet trims trailing zeros, and writes the node's time zone.
 */
export function instantOf(stamp: string): bigint | undefined {
  const [, seconds, fraction = '', zone] = STAMP.exec(stamp) ?? [];
  const ms = Date.parse(`${seconds ?? ''}${zone ?? ''}`);
  return Number.isNaN(ms) ? undefined : BigInt(ms) * NS_PER_MS + BigInt(fraction.padEnd(9, '0'));
}

/** The moment of a Date, in nanoseconds since 1970. */
export const instantOfDate = (date: Date): bigint => BigInt(date.getTime()) * NS_PER_MS;

/** The start of the second an instant lies in: the finest `sinceTime` the API server understands. */
export const floorToSecond = (instant: bigint): bigint => instant - (instant % NS_PER_SECOND);

/** `2025-02-24T09:12:41Z`: the second an instant lies in, for `sinceTime`. */
export const secondText = (instant: bigint): string =>
  new Date(Number(instant / NS_PER_MS)).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** The text before the first space of a line, if it is short enough for a stamp; else empty. */
export function stampOf(line: Buffer): string {
  const end = line.subarray(0, LONGEST_STAMP + 1).indexOf(SPACE);
  return end === -1 ? '' : line.toString('latin1', 0, end);
}
