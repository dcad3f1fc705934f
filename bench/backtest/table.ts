import type { Verdict } from './judge.ts';
import type { Trace } from './trace.ts';

/** One line of the backtest: a trace and what each set of rules made of it. */
export interface Row {
  readonly trace: Trace;
  readonly ours: Verdict;
  readonly predictLinear: Verdict;
  readonly ninetyPercent: Verdict;
}

const minute = (value: number | undefined): string => (value === undefined ? '-' : String(value));
const share = ({ lead }: Verdict): string => (lead === undefined ? '-' : `${(100 * lead).toFixed(0)} %`);
const mark = ({ right }: Verdict, text: string): string => (right ? text : `${text} ✗`);

/** The leak traces: minutes from the trace's start, and the lead as a share of the time from leak start to OOM. */
export const leakTable = (rows: readonly Row[]): string =>
  aligned([
    ['leak trace', 'start', 'OOM', 'warning', 'critical', 'lead', 'predict_linear', '90 %', 'first alert'],
    ...rows.map(({ trace, ours, predictLinear, ninetyPercent }) => [
      trace.name,
      minute(trace.leak?.startMinute),
      minute(trace.leak?.oomMinutes[0]),
      minute(ours.firstWarning),
      minute(ours.firstCritical),
      mark(ours, share(ours)),
      mark(predictLinear, share(predictLinear)),
      mark(ninetyPercent, share(ninetyPercent)),
      ours.alerts[0] ?? '-',
    ]),
  ]);

/** The healthy traces: every alert is a false one. */
export const healthyTable = (rows: readonly Row[]): string =>
  aligned([
    ['healthy trace', 'ours', 'predict_linear', '90 %'],
    ...rows.map(({ trace, ...verdicts }) => [
      trace.name,
      ...[verdicts.ours, verdicts.predictLinear, verdicts.ninetyPercent].map((verdict) =>
        verdict.right ? 'silent' : `FALSE ${verdict.alerts.join(', ')}`,
      ),
    ]),
  ]);

/** How many traces each set of rules judged right. */
export function score(rows: readonly Row[]): string {
  const right = (of: (row: Row) => Verdict): string =>
    `${String(rows.filter((row) => of(row).right).length)}/${String(rows.length)}`;
  return `right: ours ${right((row) => row.ours)}, predict_linear ${right((row) => row.predictLinear)}, 90 % of the limit ${right((row) => row.ninetyPercent)}`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
