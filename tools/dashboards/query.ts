import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';

/** The data source of every query: the Prometheus that the reader chose. */
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' } as const;

/**
 * The label matcher of the chosen clusters. The empty alternative keeps what carries no label `cluster`: a single
 * cluster has none at all, and with `--cluster-name` alone only our own metrics of the cluster have it.
 */
export const CLUSTER = 'cluster=~"$cluster|"';

export interface Query {
  readonly expr: string;
  /** The legend, with `{{label}}`; for a table, nothing. */
  readonly legend?: string;
}

/** The newest value of each series: for figures. */
export const instantQuery = (query: Query, index: number): DataqueryBuilder =>
  baseQuery(query, index).instant();

/** The newest value of each series, its labels as columns: for tables. */
export const tableQuery = (query: Query, index: number): DataqueryBuilder =>
  baseQuery(query, index).instant().format(PromQueryFormat.Table);

/** Values over the time range: for curves. */
export const rangeQuery = (query: Query, index: number): DataqueryBuilder => baseQuery(query, index).range();

/** Harvester scrapes once a minute, so no step is shorter, and `$__rate_interval` is four minutes or more. */
const baseQuery = ({ expr, legend }: Query, index: number): DataqueryBuilder => {
  const query = new DataqueryBuilder()
    .datasource(DATASOURCE)
    .refId(String.fromCharCode('A'.charCodeAt(0) + index))
    .expr(expr.replace(/\s*\n\s*/g, ' ').trim())
    .interval('1m');
  return legend === undefined ? query : query.legendFormat(legend);
};
