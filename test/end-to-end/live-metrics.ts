import assert from 'node:assert/strict';
import { eventually } from './deadline.ts';

/** The series of a metrics page, sorted; comments are left out. */
export async function seriesAt(url: string): Promise<readonly string[]> {
  const response = await fetch(url);
  assert.equal(response.status, 200);
  const text = await response.text();
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .sort();
}

/** Waits until a series of the exporter at `url` matches, and returns it. */
export const shows = (url: string, pattern: RegExp): Promise<string> =>
  eventually(async () => (await seriesAt(`${url}/metrics`)).find((line) => pattern.test(line)), {
    within: 10_000,
    describe: () => `no series matches ${String(pattern)}`,
  });
