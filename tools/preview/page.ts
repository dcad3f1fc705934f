import type { DashboardFile, PanelJson } from './dashboard-file.ts';
import { barGaugeHtml, statHtml } from './figure-html.ts';
import { escaped } from './html.ts';
import { namedSeries } from './legend.ts';
import type { TargetData, TimeRange } from './panel-data.ts';
import { stateTimelineHtml } from './state-timeline-svg.ts';
import { tableHtml } from './table-html.ts';
import { frame } from './time-axis.ts';
import { timeSeriesHtml } from './time-series-svg.ts';
import type { Choice, Variable } from './variables.ts';

/** Width of the picture in pixels. */
export const PAGE_WIDTH = 1_600;
const COLUMN = (PAGE_WIDTH - 24) / 24;
const ROW = 38;
const GAP = 8;
const TITLE_HEIGHT = 30;
const LEGEND_LINE = 20;
const CHARACTER = 7.5;

const STYLE = `
  * { box-sizing: border-box; margin: 0 }
  body { width: ${PAGE_WIDTH}px; background: #111217; color: #ccccdc; font: 13px/1.3 'Inter', 'DejaVu Sans', sans-serif; padding: 12px }
  header { display: flex; gap: 14px; align-items: center; height: 40px }
  header h1 { font-size: 18px; font-weight: 500; margin-right: auto }
  header span { background: #22252b; border: 1px solid #34373f; padding: 5px 10px; border-radius: 2px }
  header em { color: #111217; background: #fade2a; padding: 5px 10px; border-radius: 2px; font-style: normal; font-weight: 600 }
  main { position: relative }
  section { position: absolute; background: #181b1f; border: 1px solid #25282e; overflow: hidden }
  section.row { background: none; border: 0; font-size: 15px; font-weight: 500; padding: 9px 4px }
  h2 { font-size: 13px; font-weight: 500; padding: 7px 8px; height: ${TITLE_HEIGHT}px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
  .stats { display: flex; gap: 4px; height: calc(100% - ${TITLE_HEIGHT}px); padding: 0 6px 6px }
  .stat { flex: 1; display: flex; flex-direction: column; align-items: center; justify-content: center; border-radius: 2px; text-align: center }
  .stat b { font-size: 28px; font-weight: 500 } .stat small { font-size: 14px }
  .bars { padding: 0 10px } .bar { margin-bottom: 9px; display: grid; grid-template-columns: 60px 1fr 54px; gap: 6px; align-items: center }
  .bar i { background: #22252b; height: 20px; display: block } .bar u { display: block; height: 100% } .bar b { font-weight: 500; text-align: right }
  .bars.wide .bar { grid-template-columns: 150px 1fr 44px }
  svg text { fill: #9fa2ab; font-size: 11px } svg text.ink { fill: #111217; font-size: 12px }
  .legend { display: flex; flex-wrap: wrap; gap: 2px 14px; padding: 2px 10px; overflow: hidden; font-size: 12px }
  .legend i { display: inline-block; width: 16px; margin-right: 5px; vertical-align: middle }
  table { width: 100%; border-collapse: collapse; font-size: 12.5px } th { text-align: left; color: #6e9fff; font-weight: 500 }
  th, td { padding: 4px 8px; border-bottom: 1px solid #25282e; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; max-width: 330px }
  .none { height: calc(100% - ${TITLE_HEIGHT}px); display: flex; align-items: center; justify-content: center; color: #8e9099; padding: 0 12px; text-align: center }
`;

interface DrawnPanel {
  readonly panel: PanelJson;
  readonly data: readonly TargetData[];
}

interface PageContent {
  readonly dashboard: DashboardFile;
  readonly variables: readonly Variable[];
  readonly choice: Choice;
  readonly panels: readonly DrawnPanel[];
  /** Moments that all curves are marked at, in seconds. */
  readonly marks: readonly number[];
  readonly range: TimeRange;
  /** How much faster than real time the world behind runs. */
  readonly speed: number;
}

/** A dashboard as a page that needs nothing else, in Grafana's layout; it says that it is not Grafana. */
export function dashboardPage({
  dashboard,
  variables,
  choice,
  panels,
  marks,
  range,
  speed,
}: PageContent): string {
  const bottom = Math.max(...panels.map(({ panel: { gridPos } }) => gridPos.y + gridPos.h));
  const chosen = variables
    .map(({ name, label }) => `<span>${escaped(`${label}: ${choice.get(name)?.join(', ') ?? 'All'}`)}</span>`)
    .join('');
  const hours = Math.round(((range.end - range.start) * speed) / 360) / 10;
  return `<!doctype html><meta charset="utf-8"><title>${escaped(dashboard.title)}</title><style>${STYLE}</style>
<header><h1>${escaped(dashboard.title)}</h1>${chosen}<span>Last ${hours} hours</span><em>preview, not Grafana</em></header>
<main style="height:${bottom * ROW}px">${panels.map((each) => panelHtml(each, { range, speed, marks })).join('\n')}</main>`;
}

function panelHtml({ panel, data }: DrawnPanel, time: DrawnTime): string {
  const { x, y, w, h } = panel.gridPos;
  const place = `left:${x * COLUMN}px;top:${y * ROW}px;width:${w * COLUMN - GAP}px;height:${h * ROW - GAP}px`;
  if (panel.type === 'row')
    return `<section class="row" style="${place}">▾ ${escaped(panel.title)}</section>`;
  const size = { width: w * COLUMN - GAP - 4, height: h * ROW - GAP - TITLE_HEIGHT - 4 };
  const body = data.some(({ series }) => series.length > 0)
    ? bodyHtml({ panel, data }, time, size)
    : `<div class="none">${escaped(panel.fieldConfig?.defaults.noValue ?? 'No data')}</div>`;
  return `<section style="${place}"><h2>${escaped(panel.title)}</h2>${body}</section>`;
}

type DrawnTime = Pick<PageContent, 'range' | 'speed' | 'marks'>;

interface Size {
  readonly width: number;
  readonly height: number;
}

function bodyHtml(
  { panel, data }: DrawnPanel,
  { range, speed, marks }: DrawnTime,
  { width, height }: Size,
): string {
  switch (panel.type) {
    case 'stat':
      return statHtml(panel, data, speed);
    case 'bargauge':
      return barGaugeHtml(panel, data, speed);
    case 'table':
      return tableHtml(panel, data, speed);
    case 'state-timeline':
      return stateTimelineHtml({ panel, data, range, speed, width, height });
    case 'timeseries':
      return timeSeriesHtml({
        panel,
        data,
        range,
        speed,
        marks,
        frame: frame(width, height - legendHeight(data, width), 62),
      });
    default:
      throw new Error(`no preview for a panel of type ${panel.type}`);
  }
}

/** One line, or two where the names need them. */
function legendHeight(data: readonly TargetData[], width: number): number {
  const characters = namedSeries(data).reduce((sum, { name }) => sum + name.length + 6, 0);
  return LEGEND_LINE * Math.min(3, Math.ceil((characters * CHARACTER) / width)) + 4;
}
