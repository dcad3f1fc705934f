import type { DashboardFile } from './dashboard-file.ts';
import { dashboardPage } from './page.ts';
import { panelData, type TimeRange } from './panel-data.ts';
import type { PrometheusClient, Series } from './prometheus.ts';
import { type Choice, interpolated, offeredVariables, paced } from './variables.ts';

interface PreviewOptions {
  readonly prometheus: PrometheusClient;
  readonly range: TimeRange;
  /** How much faster than real time the world behind Prometheus runs. */
  readonly speed: number;
  /** Chosen values of variables; all of each other. */
  readonly choice: Choice;
}

/** The page of a dashboard with what its queries say. */
export async function previewPage(
  dashboard: DashboardFile,
  { prometheus, range, speed, choice }: PreviewOptions,
): Promise<string> {
  const variables = await offeredVariables(dashboard, prometheus);
  const question = { prometheus, variables, choice, range, pace: { speed, stepSeconds: 1 } };
  const panels = await Promise.all(
    dashboard.panels.map(async (panel) => ({ panel, data: await panelData(panel, question) })),
  );
  const marks = await Promise.all(
    dashboard.annotations.list.map(({ expr }) =>
      prometheus.queryRange(
        paced(interpolated(expr, variables, choice), question.pace),
        range.start,
        range.end,
        1,
      ),
    ),
  );
  return dashboardPage({
    dashboard,
    variables,
    choice,
    panels,
    marks: marks.flatMap(beginnings),
    range,
    speed,
  });
}

/** When an annotation began: the first moment of each run of values. */
const beginnings = (series: readonly Series[]): readonly number[] =>
  series.flatMap(({ points }) =>
    points.map(([time]) => time).filter((time, index, times) => time - (times[index - 1] ?? -Infinity) > 2),
  );
