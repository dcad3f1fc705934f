/** A straight scale from values to pixels. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

interface ScaleOptions {
  /** Pixels. */
  readonly from: number;
  readonly to: number;
  /** Ticks are round in this unit. */
  readonly unit?: number;
}

const TICKS = 4;

/** A scale over some values with about four round ticks. */
export function scale(low: number, high: number, { from, to, unit = 1 }: ScaleOptions): Scale {
  const span = high - low || 1;
  const step = roundStep(span / TICKS / unit) * unit;
  const first = Math.ceil(low / step) * step;
  const count = Math.floor((high - first) / step + 1e-9) + 1;
  const ticks = Array.from({ length: count }, (_, index) => first + index * step);
  return { at: (value) => from + ((value - low) / span) * (to - from), ticks };
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((each) => each * power >= wanted) ?? 10;
  return factor * power;
}
