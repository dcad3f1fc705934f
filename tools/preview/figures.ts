import type { FieldJson, MappingJson } from './dashboard-file.ts';

/** A value as it is shown: in words, and in the colour of its threshold or mapping. */
export interface Figure {
  readonly text: string;
  readonly colour: string;
}

/** Grafana's named colours in its dark theme. */
const COLOURS: Readonly<Record<string, string>> = {
  green: '#73bf69',
  yellow: '#fade2a',
  orange: '#ff9830',
  red: '#f2495c',
  blue: '#5794f2',
  purple: '#b877d9',
  'light-blue': '#8ab8ff',
  text: '#ccccdc',
  transparent: '#ccccdc',
};

/** The colours Grafana gives to series in turn. */
export const PALETTE: readonly string[] = [
  ...['#73bf69', '#f2cc0c', '#8ab8ff', '#ff780a', '#f2495c', '#5794f2'],
  ...['#b877d9', '#705da0', '#37872d', '#fade2a'],
];

export const cssColour = (name: string): string => COLOURS[name] ?? name;

/** A value in the words, the unit and the colour of its field. `speed`: how much faster than real time its world runs. */
export function figure(value: number, field: FieldJson, speed: number): Figure {
  const shown = inItsTime(value, field.unit, speed);
  const mapped = mapping(String(value), field.mappings);
  const text = mapped?.text ?? inUnit(shown, field.unit ?? 'none', field.decimals);
  return { text, colour: cssColour(mapped?.color ?? thresholdColour(shown, field)) };
}

/** A label in the words and the colour of its field. */
export function wordFigure(text: string, field: FieldJson): Figure {
  const mapped = mapping(text, field.mappings);
  return { text: mapped?.text ?? text, colour: cssColour(mapped?.color ?? 'text') };
}

const mapping = (
  value: string,
  mappings: readonly MappingJson[] = [],
): { readonly text?: string; readonly color?: string } | undefined =>
  mappings.map(({ options }) => options[value]).find((found) => found !== undefined);

const thresholdColour = (value: number, { thresholds }: FieldJson): string =>
  thresholds?.steps.findLast((step, index) => index === 0 || value >= step.value)?.color ?? 'text';

/** Seconds of a compressed world stand for longer ones of the real world, and its rates for slower ones. */
export function inItsTime(value: number, unit: string | undefined, speed: number): number {
  if (unit === 's') return value * speed;
  if (unit === 'reqps') return value / speed;
  if (unit === 'dateTimeFromNow') return Date.now() + (value - Date.now()) * speed;
  return value;
}

/** A value as Grafana writes it in a unit. */
export function inUnit(value: number, unit: string, decimals?: number): string {
  switch (unit) {
    case 's':
      return inDuration(value);
    case 'percentunit':
      return `${rounded(value * 100, 1)}%`;
    case 'bytes':
      return inBytes(value);
    case 'reqps':
      return `${rounded(value, 2)} req/s`;
    case 'dateTimeFromNow':
      return value < Date.now()
        ? `${inDuration((Date.now() - value) / 1_000)} ago`
        : `in ${inDuration((value - Date.now()) / 1_000)}`;
    default:
      return value >= 10_000 && decimals === undefined
        ? `${rounded(value / 1_000, 1)} K`
        : rounded(value, decimals ?? 2);
  }
}

const DURATIONS: readonly (readonly [number, string])[] = [
  [86_400, 'days'],
  [3_600, 'hours'],
  [60, 'mins'],
  [1, 's'],
];
function inDuration(seconds: number): string {
  const [size, name] = DURATIONS.find(([limit]) => Math.abs(seconds) >= limit) ?? [1, 's'];
  return `${rounded(seconds / size, 1)} ${name}`;
}

const BYTES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const bytePower = (value: number): number =>
  value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), BYTES.length - 1);

/** The unit that a number of bytes is written in. */
export const byteUnit = (value: number): number => 1_024 ** bytePower(value);

function inBytes(value: number): string {
  const power = bytePower(value);
  return `${rounded(value / 1_024 ** power, 1)} ${BYTES[power] ?? ''}`;
}

const rounded = (value: number, decimals: number): string => String(Number(value.toFixed(decimals)));
