import type { FieldJson, PanelJson } from './dashboard-file.ts';
import { type Figure, figure, wordFigure } from './figures.ts';
import { escaped } from './html.ts';
import type { TargetData } from './panel-data.ts';

type Cell = string | number;
/** Values by the name of the field, as Grafana's `merge` leaves them. */
type TableRow = Readonly<Record<string, Cell>>;

/** The table of a panel: merged, organised and sorted as its transformations say. */
export function tableHtml(panel: PanelJson, data: readonly TargetData[], speed: number): string {
  const { indexByName = {}, renameByName = {} } =
    panel.transformations?.find(({ id }) => id === 'organize')?.options ?? {};
  const rows = sorted(merged(data), panel, renameByName);
  const fields = Object.keys(renameByName)
    .filter((name) => rows.some((row) => name in row))
    .sort((a, b) => (indexByName[a] ?? 0) - (indexByName[b] ?? 0));
  const head = fields.map((name) => `<th>${escaped(renameByName[name] ?? name)}</th>`).join('');
  const body = rows.slice(0, 12).map((row) => {
    const cells = fields.map((name) =>
      cellHtml(row[name], fieldOf(panel, renameByName[name] ?? name), speed),
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** Rows of queries that agree in the labels they all have become one row. */
function merged(data: readonly TargetData[]): readonly TableRow[] {
  const answered = data.filter(({ series }) => series.length > 0);
  const shared = answered
    .map(
      ({ series }) =>
        new Set(series.flatMap(({ labels }) => Object.keys(labels).filter((name) => name !== '__name__'))),
    )
    .reduce<ReadonlySet<string> | undefined>(
      (all, names) => (all === undefined ? names : new Set([...all].filter((name) => names.has(name)))),
      undefined,
    );
  const rows = new Map<string, TableRow>();
  for (const { refId, series } of answered) {
    const value = data.length === 1 ? 'Value' : `Value #${refId}`;
    for (const { labels, points } of series) {
      const key = JSON.stringify([...(shared ?? [])].sort().map((name) => labels[name] ?? ''));
      rows.set(key, { ...labels, ...rows.get(key), [value]: points.at(-1)?.[1] ?? NaN });
    }
  }
  return [...rows.values()];
}

function sorted(
  rows: readonly TableRow[],
  { options }: PanelJson,
  renamed: Readonly<Record<string, string>>,
): readonly TableRow[] {
  const [by] = options?.sortBy ?? [];
  const field = Object.keys(renamed).find((name) => renamed[name] === by?.displayName);
  if (by === undefined || field === undefined) return rows;
  const order = (a: Cell | undefined, b: Cell | undefined): number =>
    typeof a === 'number' || typeof b === 'number'
      ? Number(a ?? -Infinity) - Number(b ?? -Infinity)
      : (a ?? '').localeCompare(b ?? '');
  return [...rows].sort((a, b) => order(a[field], b[field]) * (by.desc ? -1 : 1));
}

/** The defaults of a panel's fields with the overrides of one column. */
function fieldOf({ fieldConfig }: PanelJson, header: string): FieldJson & { readonly filled: boolean } {
  const properties =
    fieldConfig?.overrides.find(({ matcher }) => matcher.options === header)?.properties ?? [];
  const overridden = Object.fromEntries(properties.map(({ id, value }) => [id, value]));
  return { ...fieldConfig?.defaults, ...overridden, filled: 'custom.displayMode' in overridden };
}

function cellHtml(
  value: Cell | undefined,
  field: FieldJson & { readonly filled: boolean },
  speed: number,
): string {
  if (value === undefined || value === '' || Number.isNaN(value)) return '<td></td>';
  const shown: Figure = typeof value === 'number' ? figure(value, field, speed) : wordFigure(value, field);
  const plain = shown.colour === '#ccccdc';
  const style = field.filled && !plain ? ` style="background:${shown.colour};color:#111217"` : '';
  return `<td${style}>${escaped(shown.text)}</td>`;
}
