import type { Board } from './dashboard-json.ts';
import { UID } from './link.ts';

/** How a rule names the panel that explains it: `freeze/Goroutines by (node)`, the labels being variables to set. */
const PANEL = /^(?<name>\w+)\/(?<title>.+?)(?: by \((?<labels>\w+(?:, \w+)*)\))?$/;

/**
 * The annotation `dashboard` of an alert: a path below the address of Grafana, with the alert's labels in its variables.
 * An empty variable would select no series, so a label that may be absent is set only if it is there.
 * Throws for a panel or a variable that no dashboard has.
 */
export function dashboardPath(panel: string, boards: readonly Board[]): string {
  const { name, title, labels } = PANEL.exec(panel)?.groups ?? {};
  if (name === undefined) throw new Error(`expected "board/title of a panel by (labels)": ${panel}`);
  const board = boards.find((each) => each.name === name);
  if (board === undefined) throw new Error(`there is no dashboard ${name}: ${panel}`);
  const variables = ['cluster', ...(labels?.split(', ') ?? [])];
  const unknown = variables.find((each) => !variablesOf(board).includes(each));
  if (unknown !== undefined) throw new Error(`dashboard ${name} has no variable ${unknown}: ${panel}`);
  const settings = variables.map(
    (each) => `{{ with $labels.${each} }}&var-${each}={{ . | urlquery }}{{ end }}`,
  );
  return `/d/${UID[board.name]}?viewPanel=${panelId(board, title ?? '')}${settings.join('')}`;
}

/** The number by which Grafana knows a panel; its name is its title, which only one panel of the dashboard may have. */
function panelId({ name, rows }: Board, title: string): number {
  const panels = rows.flatMap((row) => row.panels.map((panel) => panel.build()));
  const [found, another] = panels.filter((panel) => panel.title === title);
  if (found?.id === undefined) throw new Error(`dashboard ${name} has no panel "${title}"`);
  if (another !== undefined) throw new Error(`dashboard ${name} has two panels "${title}"`);
  return found.id;
}

const variablesOf = ({ variables }: Board): readonly string[] => [
  'cluster',
  ...variables.map(({ name }) => name),
];
