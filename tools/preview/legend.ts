import type { Labels } from './prometheus.ts';
import type { TargetData } from './panel-data.ts';

export interface NamedSeries {
  readonly name: string;
  readonly points: readonly (readonly [number, number])[];
}

/** A legend with its `{{label}}` filled in; a missing label is empty. */
export const filledLegend = (legend: string, labels: Labels): string =>
  legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => labels[name] ?? '').trim();

/** Every series of a panel by the name in its legend, in a stable order. */
export const namedSeries = (data: readonly TargetData[]): readonly NamedSeries[] =>
  data.flatMap(({ legend, series }) =>
    series
      .map(({ labels, points }) => ({ name: filledLegend(legend, labels), points }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  );
