import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { healthyTraces } from './healthy-traces.ts';
import { verdictOn } from './judge.ts';
import { leakTraces } from './leak-traces.ts';
import { firings } from './promtool.ts';
import { healthyTable, leakTable, score, type Row } from './table.ts';
import type { Trace } from './trace.ts';
import { traceDifferences } from '../../test/parity/trace-differences.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Causes before symptoms. */
const SUBJECTS = ['freeze', 'backup', 'target', 'virt-handler', 'exporter'];
const RULE_FILES = [
  ...SUBJECTS.map((subject) => file(`../../rules/${subject}.yaml`)),
  file('baselines.yaml'),
];
const GROUPS = [...SUBJECTS.map((subject) => `harvester-${subject}`), 'baselines'];

/** The alerts that announce a leak; every other one may fire in a leak trace and is not counted. */
const ANNOUNCES_A_LEAK = /^Harvester(VMFreezeLoop|VMBackupFreezeLoop|FreezeLoopWill|VirtHandler)/;

/** What the page shows differently from the alerts, by trace. */
const disagreements = new Map<string, readonly string[]>();

async function judged(trace: Trace): Promise<Row> {
  const all = await firings(RULE_FILES, GROUPS, trace);
  disagreements.set(trace.name, traceDifferences(trace, all));
  const by = (accepts: (alert: string) => boolean) =>
    verdictOn(
      trace,
      all.filter(({ alert }) => accepts(alert)),
    );
  const isOurs = (alert: string): boolean =>
    !alert.startsWith('Baseline') && (trace.leak === undefined || ANNOUNCES_A_LEAK.test(alert));
  return {
    trace,
    ours: by(isOurs),
    predictLinear: by((alert) => alert === 'BaselinePredictLinear'),
    ninetyPercent: by((alert) => alert === 'BaselineNinetyPercent'),
  };
}

/** Runs every trace, as many at a time as there are cores; rows in the order of the traces. */
async function backtest(traces: readonly Trace[]): Promise<Row[]> {
  const rows: Row[] = [];
  const waiting = [...traces.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      rows[next[0]] = await judged(next[1]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return rows;
}

const only = process.argv[2] ?? '';
const rows = await backtest([...leakTraces(), ...healthyTraces()].filter(({ name }) => name.includes(only)));
console.log(leakTable(rows.filter(({ trace }) => trace.leak !== undefined)));
console.log();
console.log(healthyTable(rows.filter(({ trace }) => trace.leak === undefined)));
console.log();
console.log(score(rows));
const disagreeing = [...disagreements].filter(([, differences]) => differences.length > 0);
console.log(`page and alerts agree: ${disagreements.size - disagreeing.length}/${disagreements.size}`);
for (const [name, differences] of disagreeing) console.log(`${name}\n  ${differences.join('\n  ')}`);
process.exitCode = rows.every(({ ours }) => ours.right) ? 0 : 1;
