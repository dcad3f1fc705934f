import assert from 'node:assert/strict';
import { businessHoursRuns, longestGapMs, nextRunMs } from '../../../src/model/backups/schedule.ts';
import { scheduleInterval, scheduleNextRun } from '../../../src/metrics/schedule.ts';
import { seriesOf } from '../../metrics/series.ts';
import { HOUR_MS, MINUTE_MS, NOW_MS, aSchedule, aView } from '../../builders.ts';

describe('a schedule written @every', () => {
  it('has its interval, in whole seconds', () => {
    const gaps: readonly [string, number | undefined][] = [
      ['@every 6h', 6 * HOUR_MS],
      ['@every 1h30m', 90 * MINUTE_MS],
      ['@every 90m', 90 * MINUTE_MS],
      ['@every 24h', 24 * HOUR_MS],
      ['@every 3600.9s', HOUR_MS],
      ['@every 20ms', 1_000],
      ['@every', undefined],
      ['@every  6h', undefined],
      ['@every soon', undefined],
    ];
    for (const [cron, gap] of gaps) assert.equal(longestGapMs(cron), gap, cron);
  });

  it('runs an interval after the one before, counted from its beginning', () => {
    const since = NOW_MS - 7 * HOUR_MS;
    assert.equal(nextRunMs('@every 6h', NOW_MS, since), since + 12 * HOUR_MS);
    assert.equal(nextRunMs('@every 6h', since + 6 * HOUR_MS, since), since + 12 * HOUR_MS);
  });

  it('has the series of any other', () => {
    const view = aView({ schedules: [aSchedule({ cron: '@every 6h', createdMs: NOW_MS - HOUR_MS })] });
    assert.deepEqual(
      [...seriesOf(scheduleInterval, view), ...seriesOf(scheduleNextRun, view)],
      [
        'harvester_vmbackup_schedule_interval_seconds{namespace="prod",schedule="nightly"} 21600',
        `harvester_vmbackup_schedule_next_run_timestamp_seconds{namespace="prod",schedule="nightly"} ${(NOW_MS + 5 * HOUR_MS) / 1_000}`,
      ],
    );
  });

  it('has runs in business hours', () => {
    const hours = { days: [0, 1, 2, 3, 4, 5, 6], fromMinute: 0, toMinute: 720, timeZone: 'UTC' };
    assert.equal(businessHoursRuns('@every 12h', hours, NOW_MS, NOW_MS), 7);
  });
});
