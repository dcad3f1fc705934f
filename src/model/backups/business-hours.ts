const MINUTES_PER_DAY = 1_440;
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** When people work. A window that ends before it begins runs past midnight and belongs to the day it begins on. */
export interface BusinessHours {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** Minutes after midnight; the first that belongs to the window, and the first that no longer does (up to 1440). */
  readonly fromMinute: number;
  readonly toMinute: number;
  /** An IANA name that `Intl` knows. */
  readonly timeZone: string;
}

/** Whether a moment, in milliseconds, lies inside the business hours on the clocks of their time zone. */
export function isBusinessTime(
  { days, fromMinute, toMinute, timeZone }: BusinessHours,
  atMs: number,
): boolean {
  const { day, minute } = localTime(timeZone, atMs);
  if (fromMinute < toMinute) return days.includes(day) && minute >= fromMinute && minute < toMinute;
  const yesterday = (day + 6) % 7;
  return (days.includes(day) && minute >= fromMinute) || (days.includes(yesterday) && minute < toMinute);
}

function localTime(timeZone: string, atMs: number): { readonly day: number; readonly minute: number } {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  return { day: WEEKDAYS.indexOf(parts.get('weekday') ?? ''), minute: minute % MINUTES_PER_DAY };
}

/** A formatter costs a thousand times what its use costs, and a scrape asks for thousands of moments of one zone. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  clocks.set(timeZone, clock);
  return clock;
}
