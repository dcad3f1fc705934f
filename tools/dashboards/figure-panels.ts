import { PanelBuilder as BarGaugeBuilder } from '@grafana/grafana-foundation-sdk/bargauge';
import {
  BarGaugeDisplayMode,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueTextMode,
  ReduceDataOptionsBuilder,
  VizOrientation,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { byThreshold, described, type PanelBuilder, type PanelSpec } from './panel.ts';
import { instantQuery } from './query.ts';

interface StatSpec extends PanelSpec {
  /** Shows the names of the series instead of their values, or both. */
  readonly text?: 'value' | 'name' | 'both';
}

const TEXT_MODES = {
  value: BigValueTextMode.Value,
  name: BigValueTextMode.Name,
  both: BigValueTextMode.ValueAndName,
};

/** One figure per series, on its colour. */
export function stat({ text = 'value', ...spec }: StatSpec): PanelBuilder {
  return described(new StatBuilder(), spec)
    .targets(spec.queries.map(instantQuery))
    .colorScheme(byThreshold())
    .colorMode(spec.thresholds === undefined ? BigValueColorMode.Value : BigValueColorMode.Background)
    .graphMode(BigValueGraphMode.None)
    .textMode(TEXT_MODES[text])
    .reduceOptions(newest());
}

/** One bar per series, against a maximum. */
export function barGauge(spec: PanelSpec): PanelBuilder {
  return described(new BarGaugeBuilder(), spec)
    .targets(spec.queries.map(instantQuery))
    .colorScheme(byThreshold())
    .displayMode(BarGaugeDisplayMode.Basic)
    .orientation(VizOrientation.Horizontal)
    .showUnfilled(true)
    .reduceOptions(newest());
}

const newest = (): ReduceDataOptionsBuilder =>
  new ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);
