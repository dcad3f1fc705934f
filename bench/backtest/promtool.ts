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

/** Which rules judge a trace; without `groupOrder` promtool draws the order of groups by lot, and with it a minute. */
export interface RuleSet {
  readonly files: readonly string[];
  readonly groupOrder: readonly string[];
}

/**
 * Runs rule files over a trace and returns the alerts that fired. promtool compares what its own engine recorded in `ALERTS`
 * with an expectation that never holds, and prints what it got.
 */
export async function firings(
  files: readonly string[],
  groupOrder: readonly string[],
  trace: Trace,
): Promise<Firing[]> {
  const during = `[${String(trace.minutes)}m:1m]`;
  const [first, count] = await answers({ files, groupOrder }, trace, [
    { expr: `min_over_time(timestamp(ALERTS{alertstate="firing"})${during})`, minute: trace.minutes },
    { expr: `count_over_time(ALERTS{alertstate="firing"}${during})`, minute: trace.minutes },
  ]);
  return [...(first ?? [])].map(([key, { labels, value }]) => {
    const { alertname = '', severity = '', ...rest } = labels;
    return {
      alert: alertname,
      severity,
      labels: rest,
      firstMinute: value / 60,
      firingMinutes: count?.get(key)?.value ?? 0,
    };
  });
}

/** The labels of the alerts that fire at a minute of a trace, `alertname` among them. */
export async function firingAt(
  rules: RuleSet,
  trace: Trace,
  minute: number,
): Promise<readonly Readonly<Record<string, string>>[]> {
  const [firing] = await answers(rules, trace, [{ expr: 'ALERTS{alertstate="firing"}', minute }]);
  return [...(firing ?? [])].map(([, { labels }]) => labels);
}

interface Question {
  readonly expr: string;
  readonly minute: number;
}
type Answer = ReadonlyMap<
  string,
  { readonly labels: Readonly<Record<string, string>>; readonly value: number }
>;

async function answers(
  { files, groupOrder }: RuleSet,
  trace: Trace,
  questions: readonly Question[],
): Promise<readonly Answer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'backtest-'));
  const test = {
    rule_files: files,
    evaluation_interval: '1m',
    group_eval_order: groupOrder,
    tests: [
      {
        interval: '1m',
        input_series: trace.series.map((series) => ({
          series: text(series),
          values: compressed(series.values),
        })),
        promql_expr_test: questions.map(({ expr, minute }) => ({
          expr,
          eval_time: `${String(minute)}m`,
          exp_samples: [{ labels: 'never', value: 0 }],
        })),
      },
    ],
  };
  try {
    const file = join(folder, 'trace.json');
    await writeFile(file, JSON.stringify(test));
    return parse(await output('promtool', ['test', 'rules', file]), questions.length);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the program wrote on both streams, with any exit code. */
const output = (program: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(program, [...args], { maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error !== null && error.code === 'ENOENT')
        reject(new Error(`${program} is not on PATH`, { cause: error }));
      else resolve(stdout + stderr);
    });
  });

function parse(report: string, expected: number): readonly Answer[] {
  const found = [...report.matchAll(/got:\s*"?(.*)"?$/gm)].map(([, line]) => samples(line ?? ''));
  if (found.length !== expected) throw new Error(`promtool: ${report.slice(0, 2_000)}`);
  return found;
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
