import type { DashboardFile } from './dashboard-file.ts';
import { dashboardPage } from './page.ts';
import { panelData, type TimeRange } from './panel-data.ts';
import type { PrometheusClient } from './prometheus.ts';
import { offeredVariables } from './variables.ts';

export interface PreviewOptions {
  readonly prometheus: PrometheusClient;
  readonly range: TimeRange;
  /** How much faster than real time the world behind Prometheus runs. */
  readonly speed: number;
}

/** The page of a dashboard with what its queries say, all of each variable chosen. */
export async function previewPage(
  dashboard: DashboardFile,
  { prometheus, range, speed }: PreviewOptions,
): Promise<string> {
  const variables = await offeredVariables(dashboard, prometheus);
  const question = { prometheus, variables, choice: new Map(), range, pace: { speed, stepSeconds: 1 } };
  const panels = await Promise.all(
    dashboard.panels.map(async (panel) => ({ panel, data: await panelData(panel, question) })),
  );
  return dashboardPage({ dashboard, variables, panels, range, speed });
}
