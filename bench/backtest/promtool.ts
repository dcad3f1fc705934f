import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Series, Trace } from './trace.ts';

/** An alert that fired in a trace, with its labels, from its first to its last minute, and for how many in all. */
export interface Firing {
  readonly alert: string;
  readonly severity: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly firstMinute: number;
  readonly firingMinutes: number;
}

const text = (series: Series): string =>
  `${series.name}{${Object.entries(series.labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;

/** promtool repeats a value with `x`; without it a week of a constant is a megabyte. */
function compressed(values: readonly (number | undefined)[]): string {
  const words: string[] = [];
  for (let index = 0; index < values.length;) {
    let end = index + 1;
    while (end < values.length && values[end] === values[index]) end += 1;
    const value = values[index];
    const repeats = end - index - 1;
    if (value === undefined) words.push(`_x${String(end - index)}`);
    else words.push(repeats > 0 ? `${String(value)}x${String(repeats)}` : String(value));
    index = end;
  }
  return words.join(' ');
}

/**
 * Runs rule files over a trace and tells which alerts fired. promtool compares what its own engine recorded in `ALERTS`
 * with an expectation that never holds, and prints what it got.
 */
export async function firings(
  ruleFiles: readonly string[],
  groupOrder: readonly string[],
  trace: Trace,
): Promise<Firing[]> {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-'));
  const during = `[${String(trace.minutes)}m:1m]`;
  const ask = (expr: string) => ({
    expr,
    eval_time: `${String(trace.minutes)}m`,
    exp_samples: [{ labels: 'never', value: 0 }],
  });
  const test = {
    rule_files: ruleFiles,
    evaluation_interval: '1m',
    // Without it promtool draws the order of groups by lot, and with it a minute.
    group_eval_order: groupOrder,
    tests: [
      {
        interval: '1m',
        input_series: trace.series.map((series) => ({
          series: text(series),
          values: compressed(series.values),
        })),
        promql_expr_test: [
          ask(`min_over_time(timestamp(ALERTS{alertstate="firing"})${during})`),
          ask(`count_over_time(ALERTS{alertstate="firing"}${during})`),
        ],
      },
    ],
  };
  try {
    const file = join(folder, 'trace.json');
    await writeFile(file, JSON.stringify(test));
    return parse(await output('promtool', ['test', 'rules', file]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the program wrote on both streams, whatever its exit code. */
const output = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(program, [...args], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error !== null && error.code === 'ENOENT')
        reject(new Error(`${program} is not on PATH`, { cause: error }));
      else resolve(stdout + stderr);
    });
  });

function parse(report: string): Firing[] {
  const [first, count] = [...report.matchAll(/got:\s*"?(.*)"?$/gm)].map(([, line]) => samples(line ?? ''));
  if (first === undefined || count === undefined) throw new Error(`promtool: ${report.slice(0, 2_000)}`);
  return [...first].map(([key, { labels, value }]) => {
    const { alertname = '', severity = '', ...rest } = labels;
    return {
      alert: alertname,
      severity,
      labels: rest,
      firstMinute: value / 60,
      firingMinutes: count.get(key)?.value ?? 0,
    };
  });
}

function samples(
  line: string,
): Map<string, { readonly labels: Record<string, string>; readonly value: number }> {
  const found = new Map<string, { labels: Record<string, string>; value: number }>();
  for (const [, body = '', value = ''] of line.matchAll(
    /(?:ALERTS)?\{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\} ([0-9.E+-]+)/g,
  )) {
    const labels: Record<string, string> = {};
    for (const [, name = '', text = ''] of body.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) labels[name] = text;
    found.set(body, { labels, value: Number(value) });
  }
  return found;
}
