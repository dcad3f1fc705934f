import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  LineInterpolation,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as StateTimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TimeSeriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { bySeries, byThreshold, described, type PanelBuilder, type PanelSpec } from './panel.ts';
import { rangeQuery } from './query.ts';

/** How the series of some names are drawn, where not like the others. */
export interface SeriesStyle {
  /** A regular expression on the legend. */
  readonly series: string;
  readonly colour?: string;
  readonly dashed?: boolean;
  /** On an axis of its own at the right, in this unit. */
  readonly rightAxis?: string;
}

interface TimeSeriesSpec extends PanelSpec {
  readonly stacked?: boolean;
  readonly steps?: boolean;
  readonly styles?: readonly SeriesStyle[];
}

/** Curves; the thresholds are dashed lines, so that each shows where its alert begins. */
export function timeSeries({
  stacked = false,
  steps = false,
  styles = [],
  ...spec
}: TimeSeriesSpec): PanelBuilder {
  const panel = described(new TimeSeriesBuilder(), spec)
    .targets(spec.queries.map(rangeQuery))
    .colorScheme(bySeries())
    .lineWidth(2)
    .fillOpacity(stacked ? 30 : 5)
    .showPoints(VisibilityMode.Never)
    .lineInterpolation(steps ? LineInterpolation.StepAfter : LineInterpolation.Linear)
    .legend(legend())
    .tooltip(tooltip())
    .thresholdsStyle(
      new GraphThresholdsStyleConfigBuilder().mode(
        spec.thresholds === undefined ? GraphThresholdsStyleMode.Off : GraphThresholdsStyleMode.Dashed,
      ),
    )
    .stacking(new StackingConfigBuilder().group('A').mode(stacked ? StackingMode.Normal : StackingMode.None));
  for (const style of styles) panel.overrideByRegexp(style.series, styleProperties(style));
  return panel;
}

/** One lane per series, coloured by its value over time. */
export const stateTimeline = (spec: PanelSpec): PanelBuilder =>
  described(new StateTimelineBuilder(), spec)
    .targets(spec.queries.map(rangeQuery))
    .colorScheme(byThreshold())
    .mergeValues(true)
    .legend(legend())
    .tooltip(tooltip());

function styleProperties({ colour, dashed, rightAxis }: SeriesStyle): DynamicConfigValue[] {
  return [
    ...(colour === undefined ? [] : [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }]),
    ...(dashed === true ? [{ id: 'custom.lineStyle', value: { fill: 'dash', dash: [8, 8] } }] : []),
    ...(dashed === true ? [{ id: 'custom.fillOpacity', value: 0 }] : []),
    ...(rightAxis === undefined
      ? []
      : [
          { id: 'unit', value: rightAxis },
          { id: 'custom.axisPlacement', value: 'right' },
        ]),
  ];
}

const legend = (): VizLegendOptionsBuilder =>
  new VizLegendOptionsBuilder()
    .displayMode(LegendDisplayMode.List)
    .placement(LegendPlacement.Bottom)
    .showLegend(true)
    .calcs([]);

const tooltip = (): VizTooltipOptionsBuilder =>
  new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending);
