import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What Chart.yaml says of the chart. */
interface ChartMetadata {
  readonly version: string;
  readonly appVersion: string;
}

/** Reads deploy/chart/Chart.yaml below `root`; throws when it lacks a version. */
export function chartMetadata(root: string): ChartMetadata {
  const chart: unknown = parse(readFileSync(join(root, 'deploy/chart/Chart.yaml'), 'utf8'));
  const textAt = (key: string): string => {
    const value: unknown = (chart as Readonly<Record<string, unknown>>)[key];
    if (typeof value === 'string') return value;
    throw new Error(`deploy/chart/Chart.yaml: ${key} is no text`);
  };
  return { version: textAt('version'), appVersion: textAt('appVersion') };
}
