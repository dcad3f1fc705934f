import { parse, stringify } from 'yaml';

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** The only numbers that mean a time in our rules: a minute, an hour and a day, in seconds. */
const SECONDS: ReadonlySet<string> = new Set(['60', '3600', '86400']);

/** One token of PromQL that matters here; comments, strings and names are taken whole and left alone. */
const TOKEN =
  /#.*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|[A-Za-z_][\w:]*|(?<duration>(?:\d+(?:ms|[smhdwy]))+)(?!\w)|(?<number>\d[\w.]*(?:(?<=[eE])[+-]\d+)?|\.\d+)/g;

/** A PromQL duration (`1h30m`) divided by the speed, in milliseconds, at least one. */
export function compressedDuration(duration: string, speed: number): string {
  let ms = 0;
  for (const [, amount, unit] of duration.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    ms += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  }
  return `${Math.max(1, Math.round(ms / speed))}ms`;
}

/** A PromQL expression for a world that runs `speed` times faster: every duration and every second shrinks. */
export const compressedExpression = (expression: string, speed: number): string =>
  expression.replace(TOKEN, (token: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as { readonly duration?: string; readonly number?: string };
    if (groups.duration !== undefined) return compressedDuration(groups.duration, speed);
    if (groups.number !== undefined && SECONDS.has(groups.number))
      return String(Number(groups.number) / speed);
    return token;
  });

/**
 * A Prometheus rule file for a world that runs `speed` times faster than real time: durations, intervals and seconds are
 * divided by it, in the queries of annotations too. What annotations say in words stays. Throws for what is no rule file.
 */
export function compressedRules(yamlText: string, speed: number): string {
  const file: unknown = parse(yamlText);
  if (!isRecord(file) || !Array.isArray(file.groups)) throw new Error('not a file of Prometheus rules');
  return stringify({
    ...file,
    groups: file.groups.map((group: unknown) => compressedGroup(group, speed)),
  });
}

function compressedGroup(group: unknown, speed: number): unknown {
  if (!isRecord(group) || !Array.isArray(group.rules)) throw new Error('not a group of Prometheus rules');
  return withDurations(
    { ...group, rules: group.rules.map((rule: unknown) => compressedRule(rule, speed)) },
    ['interval', 'query_offset'],
    speed,
  );
}

function compressedRule(rule: unknown, speed: number): unknown {
  if (!isRecord(rule) || typeof rule.expr !== 'string') throw new Error('not a Prometheus rule');
  const { annotations } = rule;
  return withDurations(
    {
      ...rule,
      expr: compressedExpression(rule.expr, speed),
      ...(isRecord(annotations) ? { annotations: compressedQueries(annotations, speed) } : {}),
    },
    ['for', 'keep_firing_for'],
    speed,
  );
}

/** Our templates quote their queries with backticks, and nothing else. */
const compressedQueries = (annotations: Readonly<Record<string, unknown>>, speed: number): object =>
  Object.fromEntries(
    Object.entries(annotations).map(([name, text]) => [
      name,
      typeof text === 'string'
        ? text.replace(/`([^`]*)`/g, (_, query: string) => `\`${compressedExpression(query, speed)}\``)
        : text,
    ]),
  );

function withDurations(
  fields: Readonly<Record<string, unknown>>,
  names: readonly string[],
  speed: number,
): Record<string, unknown> {
  const shrunk = { ...fields };
  for (const name of names) {
    const duration = shrunk[name];
    if (typeof duration === 'string') shrunk[name] = compressedDuration(duration, speed);
  }
  return shrunk;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
