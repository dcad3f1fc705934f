import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  type DashboardLink,
  FieldColorModeId,
  type FieldColorBuilder,
  FieldColorBuilder as ColourBuilder,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { ThresholdStep } from './alert-bounds.ts';
import { type DataLink, dataLinkBuilder } from './link.ts';
import { DATASOURCE, type Query } from './query.ts';

/** The fields of every panel of any type. */
export interface PanelSpec {
  /** Stable and unique in its dashboard: alerts link to it. */
  readonly id: number;
  readonly title: string;
  /** What it shows, and what to do when it is red. */
  readonly description: string;
  /** Of 24 columns. */
  readonly width: number;
  readonly height: number;
  /** Grafana's id of the unit. */
  readonly unit: string;
  /** What an empty panel means. */
  readonly noValue: string;
  readonly queries: readonly Query[];
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly thresholds?: readonly ThresholdStep[];
  readonly mappings?: readonly ValueMapping[];
  readonly links?: readonly DataLink[];
}

/** What the SDK's panel builders of every kind have in common. */
export interface PanelBuilder extends Builder<Panel> {
  id(id: number): this;
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: { type?: string; uid?: string }): this;
  gridPos(position: { x: number; y: number; w: number; h: number }): this;
  unit(unit: string): this;
  noValue(text: string): this;
  decimals(decimals: number): this;
  min(min: number): this;
  max(max: number): this;
  mappings(mappings: ValueMapping[]): this;
  thresholds(
    thresholds: Builder<{ mode: ThresholdsMode; steps: { value: number | null; color: string }[] }>,
  ): this;
  colorScheme(color: FieldColorBuilder): this;
  dataLinks(links: Builder<DashboardLink>[]): this;
}

/** The part of a panel that does not depend on its kind. Returns the builder. */
export function described<B extends PanelBuilder>(builder: B, spec: PanelSpec): B {
  builder
    .id(spec.id)
    .title(spec.title)
    .description(spec.description)
    .datasource(DATASOURCE)
    .gridPos({ x: 0, y: 0, w: spec.width, h: spec.height })
    .unit(spec.unit)
    .noValue(spec.noValue)
    .mappings([...(spec.mappings ?? [])])
    .thresholds(steps(spec.thresholds ?? [{ value: 0, colour: 'text' }]));
  if (spec.decimals !== undefined) builder.decimals(spec.decimals);
  if (spec.min !== undefined) builder.min(spec.min);
  if (spec.max !== undefined) builder.max(spec.max);
  if (spec.links !== undefined) builder.dataLinks(spec.links.map(dataLinkBuilder));
  return builder;
}

/** Colours values by their thresholds. */
export const byThreshold = (): FieldColorBuilder => new ColourBuilder().mode(FieldColorModeId.Thresholds);
/** Colours each series in a colour of its own. */
export const bySeries = (): FieldColorBuilder => new ColourBuilder().mode(FieldColorModeId.PaletteClassic);

const steps = (thresholds: readonly ThresholdStep[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps(thresholds.map(({ value, colour }) => ({ value, color: colour })));
