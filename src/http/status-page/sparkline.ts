import type { Trend } from '../../findings/finding.ts';
import { duration } from '../../findings/wording.ts';
import { html, type Html } from './html.ts';

const BAR = 5;
const GAP = 1;
const HEIGHT = 48;
const STEPS: ReadonlyMap<number, string> = new Map([
  [1_000, 'second'],
  [60_000, 'minute'],
]);

/** The course of a number as bars, with a text of the same meaning for screen readers. */
export function sparkline({ label, points, stepMs }: Trend): Html {
  const largest = Math.max(1, ...points);
  const width = points.length * (BAR + GAP);
  const bars = points
    .map((value, index) => barPath(index * (BAR + GAP), (value / largest) * HEIGHT))
    .join('');
  const step = STEPS.get(stepMs) ?? duration(stepMs);
  const span = duration(points.length * stepMs);
  const text = `${label} per ${step} in the last ${span}: at most ${Math.max(...points)}, now ${points.at(-2) ?? 0}`;
  return html`<figure>
    <figcaption>${text}</figcaption>
    <svg viewBox="0 0 ${width} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <path d="${bars}" />
    </svg>
    <p class="axis" aria-hidden="true"><span>${span} ago</span><span>now</span></p>
  </figure>`;
}

/** At least a hair's breadth, so that the axis is seen where nothing happened. */
const barPath = (x: number, height: number): string =>
  `M${x} ${HEIGHT}v${(-Math.max(1, height)).toFixed(1)}h${BAR}V${HEIGHT}z`;
