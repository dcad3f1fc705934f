import { scale, type Scale } from './axis.ts';
import type { FieldJson, PanelJson } from './dashboard-file.ts';
import { byteUnit, cssColour, inItsTime, inUnit, PALETTE } from './figures.ts';
import { escaped } from './html.ts';
import { namedSeries, type NamedSeries } from './legend.ts';
import type { TargetData, TimeRange } from './panel-data.ts';
import { timeAxis, type Frame } from './time-axis.ts';

interface Curve extends NamedSeries {
  readonly colour: string;
  readonly dashed: boolean;
}

interface Drawing {
  readonly panel: PanelJson;
  readonly data: readonly TargetData[];
  readonly range: TimeRange;
  readonly speed: number;
  /** Moments to mark, in seconds. */
  readonly marks: readonly number[];
  readonly frame: Frame;
}

/** The curves of a panel, with their legend. */
export function timeSeriesHtml({ panel, data, range, speed, marks, frame }: Drawing): string {
  const field = panel.fieldConfig?.defaults ?? {};
  const stacked = field.custom?.stacking?.mode === 'normal';
  const curves = styled(panel, namedSeries(data), field, speed);
  const drawn = stacked ? stackedCurves(curves) : curves;
  const values = drawn.flatMap(({ points }) => points.map(([, value]) => value)).filter(Number.isFinite);
  const lines =
    field.custom?.thresholdsStyle?.mode === 'dashed' ? (field.thresholds?.steps ?? []).slice(1) : [];
  const most = field.max ?? Math.max(...values, ...lines.map(({ value }) => value), Number.MIN_VALUE) * 1.06;
  const low = Math.min(field.min ?? 0, ...values);
  const y = scale(low, most || 1, {
    from: frame.bottom,
    to: frame.top,
    unit: field.unit === 'bytes' ? byteUnit(most) : 1,
  });
  const x = scale(range.start, range.end, { from: frame.left, to: frame.right });
  const steps = field.custom?.lineInterpolation === 'stepAfter';
  const parts = [
    grid(y, frame, field),
    timeAxis(range, frame, speed),
    ...marks.map((time) => mark(x.at(time), frame)),
    ...[...drawn]
      .reverse()
      .map((curve) => path(curve, x, y, { steps, filled: stacked, bottom: frame.bottom })),
    ...lines.map(
      ({ value, color }) =>
        `<line x1="${frame.left}" x2="${frame.right}" y1="${y.at(value)}" y2="${y.at(value)}" stroke="${cssColour(color)}" stroke-dasharray="6 5" stroke-width="1.5"/>`,
    ),
  ];
  return `<svg width="${frame.width}" height="${frame.height}">${parts.join('')}</svg>${legendHtml(curves)}`;
}

function styled(
  panel: PanelJson,
  series: readonly NamedSeries[],
  field: FieldJson,
  speed: number,
): readonly Curve[] {
  return series.map(({ name, points }, index) => {
    const properties = (panel.fieldConfig?.overrides ?? [])
      .filter(({ matcher }) => new RegExp(matcher.options.replace(/^\/|\/$/g, '')).test(name))
      .flatMap((override) => override.properties);
    const colour = properties.find(({ id }) => id === 'color')?.value as
      { readonly fixedColor?: string } | undefined;
    return {
      name,
      points: points.map(([time, value]) => [time, inItsTime(value, field.unit, speed)] as const),
      colour: cssColour(colour?.fixedColor ?? PALETTE[index % PALETTE.length] ?? 'text'),
      dashed: properties.some(({ id }) => id === 'custom.lineStyle'),
    };
  });
}

function stackedCurves(curves: readonly Curve[]): readonly Curve[] {
  const sums = new Map<number, number>();
  return curves.map((curve) => ({
    ...curve,
    points: curve.points.map(([time, value]) => {
      const sum = (sums.get(time) ?? 0) + value;
      sums.set(time, sum);
      return [time, sum] as const;
    }),
  }));
}

interface Stroke {
  readonly steps: boolean;
  readonly filled: boolean;
  readonly bottom: number;
}

function path(curve: Curve, x: Scale, y: Scale, stroke: Stroke): string {
  const shown = curve.points.filter(([, value]) => Number.isFinite(value));
  return segments(shown)
    .map((points) => segment({ ...curve, points }, x, y, stroke))
    .join('');
}

function segment(
  { points, colour, dashed }: Curve,
  x: Scale,
  y: Scale,
  { steps, filled, bottom }: Stroke,
): string {
  const line = points
    .map(([time, value], index) => {
      if (index === 0) return `M${x.at(time)},${y.at(value)}`;
      return steps ? `H${x.at(time)}V${y.at(value)}` : `L${x.at(time)},${y.at(value)}`;
    })
    .join('');
  const area = `<path d="${line}V${bottom}H${x.at(points[0]?.[0] ?? 0)}Z" style="fill:color-mix(in srgb, ${colour} 50%, #181b1f)"/>`;
  return `${filled ? area : ''}<path d="${line}" fill="none" stroke="${colour}" stroke-width="2"${dashed ? ' stroke-dasharray="8 6"' : ''}/>`;
}

const mark = (x: number, { top, bottom }: Frame): string =>
  `<line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}" stroke="${cssColour('red')}" stroke-dasharray="3 3"/><path d="M${x - 5},${bottom + 6}L${x + 5},${bottom + 6}L${x},${bottom}Z" fill="${cssColour('red')}"/>`;

type Point = Curve['points'][number];

/** The points in runs without a gap; a few missing samples are no gap. */
function segments(points: readonly Point[]): readonly (readonly Point[])[] {
  const gap = Math.max(3 * smallestGap(points), 1);
  const runs: Point[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run === undefined || last === undefined || point[0] - last[0] > gap) runs.push([point]);
    else run.push(point);
  }
  return runs;
}

const smallestGap = (points: readonly (readonly [number, number])[]): number =>
  points.reduce((least, [time], index) => {
    const before = points[index - 1];
    return before === undefined ? least : Math.min(least, time - before[0]);
  }, Infinity);

const grid = ({ ticks, at }: Scale, { left, right }: Frame, { unit = 'none' }: FieldJson): string =>
  ticks
    .map(
      (tick) =>
        `<line x1="${left}" x2="${right}" y1="${at(tick)}" y2="${at(tick)}" stroke="#2c2f36"/><text x="${left - 6}" y="${at(tick) + 4}" text-anchor="end">${escaped(inUnit(tick, unit))}</text>`,
    )
    .join('');

const legendHtml = (curves: readonly Curve[]): string =>
  `<div class="legend">${curves.map(({ name, colour, dashed }) => `<span><i style="border-top:3px ${dashed ? 'dashed' : 'solid'} ${colour}"></i>${escaped(name)}</span>`).join('')}</div>`;
