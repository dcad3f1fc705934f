import assert from 'node:assert/strict';
import fc from 'fast-check';
import { businessHoursRuns, longestGapMs, nextRunMs } from '../../../src/model/backups/schedule.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('longestGapMs', () => {
  const cases: readonly [string, number | undefined][] = [
    ['0 2 * * *', DAY_MS],
    ['0 * * * *', HOUR_MS],
    ['0 */6 * * *', 6 * HOUR_MS],
    ['0 2,5 * * *', 21 * HOUR_MS],
    ['0 2 * * 0', 7 * DAY_MS],
    ['0 2 * * 1-5', 3 * DAY_MS],
    ['30 1 1 * *', 31 * DAY_MS],
    ['0 2 31 * *', 61 * DAY_MS],
    ['0 0 * 1 *', 335 * DAY_MS + DAY_MS],
    ['@daily', DAY_MS],
    ['not a cron', undefined],
    ['0 2 30 2 *', undefined],
  ];
  for (const [pattern, expected] of cases) {
    it(`of "${pattern}" is ${expected === undefined ? 'unknown' : `${expected / HOUR_MS} h`}`, () => {
      assert.equal(longestGapMs(pattern), expected);
    });
  }

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (pattern) => (longestGapMs(pattern) ?? 1) > 0));
  });
});

describe('nextRunMs', () => {
  it('is in UTC, as kube-controller-manager runs on Harvester', () => {
    assert.equal(
      nextRunMs('0 2 * * *', Date.parse('2025-03-01T02:00:00Z')),
      Date.parse('2025-03-02T02:00:00Z'),
    );
  });

  it('is unknown for what is no pattern', () => {
    assert.equal(nextRunMs('every night', 0), undefined);
  });
});

describe('businessHoursRuns', () => {
  const hours = { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, toMinute: 18 * 60, timeZone: 'Europe/Berlin' };
  const monday = Date.parse('2025-03-03T00:00:00Z');

  it('counts the runs of the next 7 days inside the hours, by the clock of their zone', () => {
    // 07:00 UTC is 08:00 in Berlin in winter: inside; 17:00 UTC is 18:00: the end is outside.
    assert.equal(businessHoursRuns('0 7 * * *', hours, monday), 5);
    assert.equal(businessHoursRuns('0 17 * * *', hours, monday), 0);
    assert.equal(businessHoursRuns('0 2 * * *', hours, monday), 0);
    assert.equal(businessHoursRuns('0 * * * *', hours, monday), 50);
  });

  it('is unknown for what is no pattern', () => {
    assert.equal(businessHoursRuns('never', hours, monday), undefined);
  });
});
