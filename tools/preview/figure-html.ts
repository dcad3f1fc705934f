import type { PanelJson } from './dashboard-file.ts';
import { figure } from './figures.ts';
import { escaped } from './html.ts';
import { namedSeries } from './legend.ts';
import type { TargetData } from './panel-data.ts';

const INK = '#111217';

/** The figures of a stat panel, each on its colour. */
export function statHtml(
  { options = {}, fieldConfig }: PanelJson,
  data: readonly TargetData[],
  speed: number,
): string {
  const field = fieldConfig?.defaults ?? {};
  const cells = namedSeries(data).map(({ name, points }) => {
    const { text, colour } = figure(points.at(-1)?.[1] ?? NaN, field, speed);
    const style =
      options.colorMode === 'background' ? `background:${colour};color:${INK}` : `color:${colour}`;
    const caption = options.textMode === 'value_and_name' ? `<small>${escaped(name)}</small>` : '';
    return `<div class="stat" style="${style}">${caption}<b>${escaped(text)}</b></div>`;
  });
  return `<div class="stats">${cells.join('')}</div>`;
}

/** The bars of a bar gauge. */
export function barGaugeHtml({ fieldConfig }: PanelJson, data: readonly TargetData[], speed: number): string {
  const field = fieldConfig?.defaults ?? {};
  const series = namedSeries(data).map(({ name, points }) => ({ name, value: points.at(-1)?.[1] ?? 0 }));
  const most = field.max ?? Math.max(1, ...series.map(({ value }) => value));
  const bars = series.map(({ name, value }) => {
    const { text, colour } = figure(value, field, speed);
    const width = Math.max(0.5, Math.min(100, (value / most) * 100));
    return `<div class="bar"><span>${escaped(name)}</span><i><u style="width:${width}%;background:${colour}"></u></i><b style="color:${colour}">${escaped(text)}</b></div>`;
  });
  const wide = series.some(({ name }) => name.length > 9) ? ' wide' : '';
  return `<div class="bars${wide}">${bars.join('')}</div>`;
}
