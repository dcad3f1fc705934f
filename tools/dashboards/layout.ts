import type { Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { RowBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from './panel.ts';

/** A heading, and the panels below it from left to right; each line is filled up to 24 columns. */
export interface Row {
  readonly title: string;
  readonly panels: readonly PanelBuilder[];
}

const COLUMNS = 24;
/** Above every id of a panel. */
const FIRST_ROW_ID = 1_000;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** The rows and panels with their places on Grafana's grid. */
export function laidOut(rows: readonly Row[]): readonly (Panel | RowPanel)[] {
  const all: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const [index, { title, panels }] of rows.entries()) {
    all.push(heading(title, FIRST_ROW_ID + index, y));
    const built = placed(panels, y + 1);
    all.push(...built);
    y = Math.max(...built.map(bottom));
  }
  return all;
}

const heading = (title: string, id: number, y: number): RowPanel =>
  new RowBuilder(title).id(id).collapsed(false).gridPos({ x: 0, y, w: COLUMNS, h: 1 }).build();

/** Each panel goes beside the last; where it does not fit, below the lowest so far that is above its columns. */
function placed(panels: readonly PanelBuilder[], top: number): readonly Panel[] {
  const floor = Array.from({ length: COLUMNS }, () => top);
  return panels.map((builder) => {
    const panel = builder.build();
    const { w = COLUMNS, h = 1 } = panel.gridPos ?? {};
    const { x, y } = lowestFree(floor, w);
    floor.fill(y + h, x, x + w);
    return { ...panel, gridPos: { x, y, w, h } };
  });
}

/** The highest place for a panel of that width; the leftmost of several. */
function lowestFree(floor: readonly number[], width: number): Place {
  const places = Array.from({ length: COLUMNS - width + 1 }, (_, x) => ({
    x,
    y: Math.max(...floor.slice(x, x + width)),
  }));
  return places.reduce((best, place) => (place.y < best.y ? place : best));
}

const bottom = ({ gridPos }: Panel): number => (gridPos?.y ?? 0) + (gridPos?.h ?? 0);
