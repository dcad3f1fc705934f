import { type DashboardFile, type PanelJson } from '../../tools/preview/dashboard-file.ts';
import { generatedDashboards } from '../../tools/dashboards/generated-dashboards.ts';

/** The dashboards as they are generated now, by path. */
export const dashboards: ReadonlyMap<string, DashboardFile> = new Map(
  generatedDashboards().map(({ path, text }) => [path, JSON.parse(text) as DashboardFile]),
);

export interface PlacedPanel {
  /** The file and the title, for messages. */
  readonly where: string;
  readonly panel: PanelJson;
}

/** Every panel of a dashboard but its headings. */
export const panelsOf = (dashboard: DashboardFile): readonly PanelJson[] =>
  dashboard.panels.filter(({ type }) => type !== 'row');

/** Every panel of every dashboard but the headings. */
export const allPanels: readonly PlacedPanel[] = [...dashboards].flatMap(([path, dashboard]) =>
  panelsOf(dashboard).map((panel) => ({ where: `${path}: ${panel.title}`, panel })),
);
