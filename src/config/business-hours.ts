import type { BusinessHours } from '../model/backups/business-hours.ts';
import { InvalidValue } from './invalid-value.ts';

const EXAMPLE = 'Mon-Fri 08:00-18:00 Europe/Berlin';
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Parses days, times and an IANA time zone, as `Mon-Fri,Sun 08:00-18:00 Europe/Berlin`; throws InvalidValue. */
export function parseBusinessHours(text: string): BusinessHours {
  const [days, times, timeZone, ...rest] = text.trim().split(/\s+/);
  if (days === undefined || times === undefined || timeZone === undefined || rest.length > 0) {
    throw new InvalidValue(
      `${JSON.stringify(text)} needs days, times and a time zone: write it like ${EXAMPLE}`,
    );
  }
  return { days: parseDays(days), ...parseTimes(times), timeZone: parseTimeZone(timeZone) };
}

function parseDays(text: string): readonly number[] {
  const days = text.split(',').flatMap((part) => {
    const [first, last = first, ...rest] = part.split('-').map((name) => DAYS.indexOf(name.toLowerCase()));
    if (first === undefined || last === undefined || first < 0 || last < 0 || rest.length > 0) {
      throw new InvalidValue(
        `${JSON.stringify(part)} is no day or range of days: use Mon Tue Wed Thu Fri Sat Sun, as Mon-Fri`,
      );
    }
    // A range may run over the end of the week: Sat-Mon is three days.
    return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, offset) => (first + offset) % 7);
  });
  return [...new Set(days)].sort((a, b) => a - b);
}

function parseTimes(text: string): Pick<BusinessHours, 'fromMinute' | 'toMinute'> {
  const match = /^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$/.exec(text);
  const [fromHour = 99, fromRest = 99, toHour = 99, toRest = 99] = (match ?? []).slice(1).map(Number);
  const fromMinute = fromHour * 60 + fromRest;
  const toMinute = toHour * 60 + toRest;
  if (fromRest > 59 || toRest > 59 || fromMinute >= 1_440 || toMinute > 1_440) {
    throw new InvalidValue(
      `${JSON.stringify(text)} are no times from 00:00 to 24:00: write them like 08:00-18:00`,
    );
  }
  if (fromMinute === toMinute)
    throw new InvalidValue(`${JSON.stringify(text)} begins when it ends: 00:00-24:00 is the whole day`);
  return { fromMinute, toMinute };
}

function parseTimeZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidValue(
      `${JSON.stringify(name)} is no IANA time zone: use a name like Europe/Berlin, or UTC`,
    );
  }
}
