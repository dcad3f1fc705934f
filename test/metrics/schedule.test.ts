import assert from 'node:assert/strict';
import * as schedule from '../../src/metrics/schedule.ts';
import { aSchedule, aView, NOW_MS } from '../builders.ts';
import { seriesOf } from './series.ts';

const LABELS = 'namespace="prod",schedule="nightly"';
const HOURS = { days: [1, 2, 3, 4, 5], fromMinute: 8 * 60, toMinute: 18 * 60, timeZone: 'UTC' };

describe('the metrics of a schedule', () => {
  it('name the one cause it is suspended by', () => {
    const view = aView({ schedules: [aSchedule({ suspendedBy: 'failures' })] });
    assert.deepEqual(seriesOf(schedule.scheduleSuspended, view), [
      `harvester_vmbackup_schedule_suspended{${LABELS},cause="failures"} 1`,
      `harvester_vmbackup_schedule_suspended{${LABELS},cause="target"} 0`,
      `harvester_vmbackup_schedule_suspended{${LABELS},cause="user"} 0`,
    ]);
  });

  it('have the next run only while there is one', () => {
    const next = (suspendedBy: 'user' | undefined) =>
      seriesOf(schedule.scheduleNextRun, aView({ schedules: [aSchedule({ suspendedBy })] }));
    const at = Date.UTC(2025, 2, 6, 2) / 1_000;
    assert.equal(new Date(NOW_MS).toISOString(), '2025-03-05T12:00:00.000Z');
    assert.deepEqual(next(undefined), [
      `harvester_vmbackup_schedule_next_run_timestamp_seconds{${LABELS}} ${at}`,
    ]);
    assert.deepEqual(next('user'), []);
  });

  it('have the longest gap of the pattern, and no gap for an invalid pattern', () => {
    const interval = (cron: string) =>
      seriesOf(schedule.scheduleInterval, aView({ schedules: [aSchedule({ cron })] }));
    assert.deepEqual(interval('0 2 * * *'), [
      `harvester_vmbackup_schedule_interval_seconds{${LABELS}} 86400`,
    ]);
    assert.deepEqual(interval('nightly'), []);
  });

  it('count the runs inside the business hours, if those are set and the schedule is not suspended', () => {
    const runs = (overrides: Parameters<typeof aSchedule>[0], businessHours: typeof HOURS | undefined) =>
      seriesOf(
        schedule.scheduleBusinessHoursRuns,
        aView({ schedules: [aSchedule({ cron: '0 9 * * *', ...overrides })], businessHours }),
      );
    const line = (value: number): string =>
      `harvester_vmbackup_schedule_business_hours_runs{${LABELS}} ${value}`;
    assert.deepEqual(runs({}, HOURS), [line(5)]);
    assert.deepEqual(runs({ cron: '0 2 * * *' }, HOURS), [line(0)]);
    assert.deepEqual(runs({ suspendedBy: 'failures' }, HOURS), [line(0)]);
    assert.deepEqual(runs({}, undefined), []);
  });
});
