import assert from 'node:assert/strict';
import { isBusinessTime } from '../../../src/model/backups/business-hours.ts';

describe('isBusinessTime', () => {
  const office = { days: [1, 2, 3, 4, 5], fromMinute: 480, toMinute: 1_080, timeZone: 'Europe/Berlin' };
  const night = { days: [5], fromMinute: 1_320, toMinute: 360, timeZone: 'UTC' };
  const cases = {
    'the first minute': [office, '2025-03-03T07:00:00Z', true],
    'the minute before': [office, '2025-03-03T06:59:59Z', false],
    'the last second': [office, '2025-03-03T16:59:59Z', true],
    'the end': [office, '2025-03-03T17:00:00Z', false],
    'the first minute in summer time': [office, '2025-07-07T06:00:00Z', true],
    'a Sunday': [office, '2025-03-02T10:00:00Z', false],
    'Friday night': [night, '2025-03-07T23:00:00Z', true],
    'the morning after Friday': [night, '2025-03-08T05:59:00Z', true],
    'the morning of Friday': [night, '2025-03-07T05:59:00Z', false],
    'midnight of a whole day': [
      { ...night, days: [0], fromMinute: 0, toMinute: 1_440 },
      '2025-03-02T00:00:00Z',
      true,
    ],
  } as const;
  for (const [title, [hours, at, expected]] of Object.entries(cases)) {
    it(`is ${expected} at ${title}`, () => assert.equal(isBusinessTime(hours, Date.parse(at)), expected));
  }
});
