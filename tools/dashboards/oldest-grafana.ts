import type { Panel, RowPanel, VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';

/** The schema of Grafana 9.1, the oldest that Harvester ships; a later Grafana migrates from it when it loads a dashboard. */
export const SCHEMA_VERSION = 36;
const PANEL_VERSION = '9.1.5';

/** What the SDK writes into the options of panels, and Grafana 9.1 does not know. */
const NEWER_OPTIONS: readonly string[] = [
  'wideLayout',
  'showPercentChange',
  'percentChangeColorMode',
  'valueMode',
  'namePlacement',
  'sizing',
  'maxVizHeight',
  'perPage',
  'cellHeight',
  'showTypeIcons',
];
const NEWER_VARIABLE_FIELDS: readonly string[] = [
  'allowCustomValue',
  'auto',
  'auto_min',
  'auto_count',
  'definition',
];

/** A panel without what only newer Grafanas know. */
export function oldPanel(panel: Panel | RowPanel): object {
  if (isRow(panel)) return panel;
  const options: unknown = panel.options;
  return {
    ...without(panel, ['repeatDirection']),
    pluginVersion: PANEL_VERSION,
    transformations: panel.transformations ?? [],
    options: without(options, panel.type === 'bargauge' ? [...NEWER_OPTIONS, 'legend'] : NEWER_OPTIONS),
  };
}

/** A variable without what only newer Grafanas know. */
export const oldVariable = (variable: VariableModel): object => ({
  hide: 0,
  ...without(variable, NEWER_VARIABLE_FIELDS),
});

const isRow = (panel: Panel | RowPanel): panel is RowPanel => panel.type === 'row';

function without(value: unknown, names: readonly string[]): object {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}
