import type { PanelJson } from './dashboard-file.ts';
import type { PrometheusClient, Series } from './prometheus.ts';
import { type Choice, interpolated, type Pace, paced, type Variable } from './variables.ts';

export interface TimeRange {
  /** In seconds. */
  readonly start: number;
  readonly end: number;
}

export interface TargetData {
  readonly refId: string;
  readonly legend: string;
  readonly series: readonly Series[];
}

interface Question {
  readonly prometheus: PrometheusClient;
  readonly variables: readonly Variable[];
  readonly choice: Choice;
  readonly range: TimeRange;
  readonly pace: Pace;
}

/** The answer to every query of a panel. */
export const panelData = (
  { targets = [] }: PanelJson,
  { prometheus, variables, choice, range, pace }: Question,
): Promise<readonly TargetData[]> =>
  Promise.all(
    targets.map(async ({ refId, expr, legendFormat = '', instant = false }) => {
      const asked = paced(interpolated(expr, variables, choice), pace);
      const series = instant
        ? await prometheus.query(asked, range.end)
        : await prometheus.queryRange(asked, range.start, range.end, pace.stepSeconds);
      return { refId, legend: legendFormat, series };
    }),
  );
