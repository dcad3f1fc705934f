import { scale } from './axis.ts';
import type { PanelJson } from './dashboard-file.ts';
import { figure } from './figures.ts';
import { escaped } from './html.ts';
import { namedSeries } from './legend.ts';
import type { TargetData, TimeRange } from './panel-data.ts';
import { frame, timeAxis } from './time-axis.ts';

interface Drawing {
  readonly panel: PanelJson;
  readonly data: readonly TargetData[];
  readonly range: TimeRange;
  readonly speed: number;
  readonly width: number;
  readonly height: number;
}

/** One lane per series, with the words of its value in each stretch that has room. */
export function stateTimelineHtml({ panel, data, range, speed, width, height }: Drawing): string {
  const series = namedSeries(data);
  const longest = Math.max(0, ...series.map(({ name }) => name.length));
  const box = frame(width, height, Math.min(width * 0.5, longest * 6.3 + 12));
  const x = scale(range.start, range.end, { from: box.left, to: box.right });
  const lane = (box.bottom - box.top) / Math.max(1, series.length);
  const field = panel.fieldConfig?.defaults ?? {};
  const lanes = series.map(({ name, points }, index) => {
    const top = box.top + index * lane + lane * 0.1;
    const label = `<text x="${box.left - 6}" y="${top + lane * 0.4 + 4}" text-anchor="end">${escaped(name)}</text>`;
    const stretches = stretched(points).map(({ from, to, value }) => {
      const { text, colour } = figure(value, field, speed);
      const room = x.at(to) - x.at(from);
      const words =
        room > text.length * 7
          ? `<text x="${x.at(from) + 5}" y="${top + lane * 0.4 + 4}" class="ink">${escaped(text)}</text>`
          : '';
      return `<rect x="${x.at(from)}" y="${top}" width="${Math.max(1, room)}" height="${lane * 0.8}" fill="${colour}" fill-opacity="0.85"/>${words}`;
    });
    return label + stretches.join('');
  });
  return `<svg width="${width}" height="${height}">${lanes.join('')}${timeAxis(range, box, speed)}</svg>`;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** Runs of equal values. */
const stretched = (points: readonly (readonly [number, number])[]): readonly Stretch[] =>
  points.reduce<readonly Stretch[]>((stretches, [time, value]) => {
    const last = stretches.at(-1);
    if (last === undefined) return [{ from: time, to: time, value }];
    const extended = { ...last, to: time };
    return last.value === value
      ? [...stretches.slice(0, -1), extended]
      : [...stretches.slice(0, -1), extended, { from: time, to: time, value }];
  }, []);
