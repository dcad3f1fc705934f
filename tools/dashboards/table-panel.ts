import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { always, type ThresholdStep } from './alert-bounds.ts';
import { type DataLink, dataLink } from './link.ts';
import { byThreshold, described, type PanelBuilder, type PanelSpec } from './panel.ts';
import { tableQuery, type Query } from './query.ts';

/** A column: a label of the queries, or the value of one of them. */
interface Column {
  readonly header: string;
  /** The label, or the query whose value it shows. */
  readonly from: string | Query;
  readonly unit?: string;
  readonly decimals?: number;
  readonly thresholds?: readonly ThresholdStep[];
  readonly mappings?: readonly ValueMapping[];
  readonly link?: DataLink;
  readonly width?: number;
  /** For a query that only says which rows there are. */
  readonly hidden?: boolean;
}

interface TableSpec extends Omit<PanelSpec, 'queries' | 'links' | 'thresholds' | 'unit'> {
  readonly columns: readonly Column[];
  /** The header of the column that sorts the table, largest first unless said otherwise. */
  readonly sortBy: string;
  readonly ascending?: boolean;
}

/** One row per combination of labels. Queries that share their labels share their rows. */
export function table({ columns, sortBy, ascending = false, ...spec }: TableSpec): PanelBuilder {
  const queries = columns.flatMap(({ from }) => (typeof from === 'string' ? [] : [from]));
  const panel = described(new TableBuilder(), { ...spec, unit: 'short', queries })
    .targets(queries.map(tableQuery))
    .colorScheme(byThreshold())
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: organised(columns, queries) })
    .sortBy([new TableSortByFieldStateBuilder().displayName(sortBy).desc(!ascending)]);
  for (const column of columns.filter(({ hidden }) => hidden !== true)) {
    const properties = columnProperties(column);
    if (properties.length > 0) panel.overrideByName(column.header, properties);
  }
  return panel;
}

/** Grafana numbers the values of several queries, and calls that of one just `Value`. */
const fieldOf = ({ from }: Column, queries: readonly Query[]): string => {
  if (typeof from === 'string') return from;
  return queries.length === 1
    ? 'Value'
    : `Value #${String.fromCharCode('A'.charCodeAt(0) + queries.indexOf(from))}`;
};

function organised(columns: readonly Column[], queries: readonly Query[]): object {
  const hidden = columns.filter((column) => column.hidden === true);
  const shown = columns.filter((column) => column.hidden !== true);
  return {
    excludeByName: Object.fromEntries(
      ['Time', ...hidden.map((column) => fieldOf(column, queries))].map((name) => [name, true]),
    ),
    indexByName: Object.fromEntries(shown.map((column, index) => [fieldOf(column, queries), index])),
    renameByName: Object.fromEntries(shown.map((column) => [fieldOf(column, queries), column.header])),
  };
}

/** The colours of the thresholds, else those of the mappings alone. */
const colours = ({ thresholds, mappings }: Column): readonly ThresholdStep[] | undefined =>
  thresholds ?? (mappings === undefined ? undefined : always('transparent'));

function columnProperties(column: Column): DynamicConfigValue[] {
  const { unit, decimals, mappings, link, width } = column;
  const coloured = colours(column);
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(mappings === undefined ? [] : [{ id: 'mappings', value: mappings }]),
    ...(coloured === undefined
      ? []
      : [
          {
            id: 'thresholds',
            value: {
              mode: 'absolute',
              steps: coloured.map(({ value, colour }) => ({ value, color: colour })),
            },
          },
          // The name of Grafana 9.1; later ones migrate it to cellOptions.
          { id: 'custom.displayMode', value: 'color-background' },
        ]),
    ...(link === undefined ? [] : [{ id: 'links', value: [dataLink(link)] }]),
    ...(width === undefined ? [] : [{ id: 'custom.width', value: width }]),
  ];
}
