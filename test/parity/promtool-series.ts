import type { Series } from '../../bench/backtest/trace.ts';

/** A series of a rule test: `name{label="value"}` and its values in promtool's notation. */
export function seriesOf(selector: string, notation: string): Series {
  const [, name = '', body = ''] = /^\s*([\w:]+)\s*(?:\{([\s\S]*)\})?\s*$/.exec(selector) ?? [];
  const labels = Object.fromEntries(
    Array.from(body.matchAll(/(\w+)\s*=\s*"([^"]*)"/g), ([, label = '', value = '']) => [label, value]),
  );
  return { name, labels, values: notation.trim().split(/\s+/).flatMap(expanded) };
}

/** `1`, `_`, `stale`, `_x3` (three), `1x3` and `1+2x3` (four each). */
function expanded(word: string): readonly (number | undefined)[] {
  if (word === 'stale') return [Number.NaN];
  const gap = /^_(?:x(\d+))?$/.exec(word);
  if (gap !== null) return Array.from({ length: Number(gap[1] ?? 1) }, () => undefined);
  const found = /^(-?[\d.]+(?:e\d+)?)(?:([+-][\d.]+(?:e\d+)?))?(?:x(\d+))?$/i.exec(word);
  if (found === null) throw new Error(`values of a series: ${word}`);
  const [, first, step = '0', repeats = '0'] = found;
  return Array.from({ length: Number(repeats) + 1 }, (_, index) => Number(first) + index * Number(step));
}
