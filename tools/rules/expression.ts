import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** What a PromQL expression asks for, read off its syntax tree. */
interface ExpressionFacts {
  readonly valid: boolean;
  readonly metrics: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
  /** Ranges of matrix selectors and subqueries, in minutes. */
  readonly rangeMinutes: readonly number[];
  /** Comparisons whose number is a count where it should be a time, or the other way round; as written. */
  readonly wrongUnits: readonly string[];
}

const MINUTES: Readonly<Record<string, number>> = {
  ms: 1 / 60_000,
  s: 1 / 60,
  m: 1,
  h: 60,
  d: 1_440,
  w: 10_080,
  y: 525_600,
};
const COUNTING = /^(?:count_over_time|sum_over_time|changes|resets|count)\b/;
const IS_A_TIME = /\btime\(\)|_seconds\b/;
const TIME_UNIT = /\b(?:60|3600|86400)\b/;
const COMPARISONS: ReadonlySet<string> = new Set(['Gtr', 'Lss', 'Gte', 'Lte', 'EqlC', 'Neq']);

/** Reads an expression; `valid` is false when lezer found an error in it. */
export function expressionFacts(expression: string): ExpressionFacts {
  const text = ({ from, to }: { readonly from: number; readonly to: number }): string =>
    expression.slice(from, to);
  const metrics = new Set<string>();
  const functions = new Set<string>();
  const rangeMinutes: number[] = [];
  const wrongUnits: string[] = [];
  let valid = true;
  parser.parse(expression).iterate({
    enter: (cursor) => {
      const { node } = cursor;
      if (node.type.isError) valid = false;
      if (node.name === 'VectorSelector') {
        const name = node.getChild('Identifier');
        if (name !== null) metrics.add(text(name));
      }
      if (node.name === 'FunctionIdentifier' || node.name === 'AggregateOp') functions.add(text(node));
      if (node.name === 'MatrixSelector' || node.name === 'SubqueryExpr') {
        const range = node.getChild('DurationExpr');
        if (range !== null) rangeMinutes.push(minutes(text(range)));
      }
      if (node.name === 'BinaryExpr' && hasWrongUnit(node, text)) wrongUnits.push(text(node));
    },
  });
  return { valid, metrics, functions, rangeMinutes, wrongUnits };
}

/**
 * 60, 3600 and 86400 mean times in our rules and nothing else, and a time is written with one of them: the demo
 * compresses time by exactly these.
 */
function hasWrongUnit(node: SyntaxNode, text: (node: SyntaxNode) => string): boolean {
  const { firstChild: left, lastChild: right } = node;
  if (left === null || right === null || left.nextSibling === null) return false;
  if (!COMPARISONS.has(left.nextSibling.name) && !COMPARISONS.has(left.nextSibling.nextSibling?.name ?? ''))
    return false;
  const bound = text(right);
  if (!/^[\d.\s*/()]+$/.test(bound)) return false;
  if (COUNTING.test(text(left))) return TIME_UNIT.test(bound);
  const isTime = left.name !== 'BinaryExpr' ? IS_A_TIME.test(text(left)) : text(left).startsWith('time() -');
  return isTime && Number(bound) !== 0 && !TIME_UNIT.test(bound);
}

const minutes = (duration: string): number =>
  Array.from(duration.matchAll(/(\d+)(ms|[smhdwy])/g)).reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (MINUTES[unit ?? ''] ?? 0),
    0,
  );
