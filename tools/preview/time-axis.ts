import { scale } from './axis.ts';
import type { TimeRange } from './panel-data.ts';

/** Where the plot stands in its picture, in pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Room for a plot with labels at its left and below. */
export const frame = (width: number, height: number, left: number): Frame => ({
  width,
  height,
  left,
  right: width - 8,
  top: 6,
  bottom: height - 20,
});

const DIVISIONS = 6;

/** Ticks that count back from the end, in the time of the world behind. */
export function timeAxis(range: TimeRange, { left, right, bottom }: Frame, speed: number): string {
  const x = scale(range.start, range.end, { from: left, to: right });
  const span = range.end - range.start;
  return Array.from({ length: DIVISIONS }, (_, index) => range.end - (span * index) / DIVISIONS)
    .map((time) => {
      const minutes = Math.round(((range.end - time) * speed) / 60);
      const text =
        minutes === 0
          ? 'now'
          : minutes < 60
            ? `-${minutes}m`
            : `-${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, '0')}`;
      const anchor = minutes === 0 ? 'end' : 'middle';
      return `<text x="${x.at(time)}" y="${bottom + 15}" text-anchor="${anchor}">${text}</text>`;
    })
    .join('');
}
