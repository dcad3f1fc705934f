import { compressedExpression } from '../../simulator/demo/compressed-rules.ts';
import type { DashboardFile, VariableJson } from './dashboard-file.ts';
import type { PrometheusClient } from './prometheus.ts';

/** The chosen values of each variable; none for "All". */
export type Choice = ReadonlyMap<string, readonly string[]>;

export interface Variable {
  readonly name: string;
  readonly label: string;
  readonly offered: readonly string[];
  /** What stands for all of them. */
  readonly allValue: string;
}

const LABEL_VALUES = /^label_values\((?<selector>.+),\s*(?<label>\w+)\)$/;

/** What each variable of a dashboard offers, resolved in order as Grafana does: a later one may depend on an earlier. */
export async function offeredVariables(
  { templating }: DashboardFile,
  prometheus: PrometheusClient,
): Promise<readonly Variable[]> {
  const resolved: Variable[] = [];
  for (const variable of templating.list.filter(({ type }) => type === 'query')) {
    const { selector, label } = labelValues(variable);
    const offered = await prometheus.labelValues(interpolated(selector, resolved, new Map()), label);
    resolved.push({
      name: variable.name,
      label: variable.label,
      offered,
      allValue: variable.allValue ?? '.*',
    });
  }
  return resolved;
}

function labelValues({ name, query }: VariableJson): { readonly selector: string; readonly label: string } {
  const { selector, label } = LABEL_VALUES.exec(query)?.groups ?? {};
  if (selector === undefined || label === undefined)
    throw new Error(`variable ${name}: not label_values(series, label): ${query}`);
  return { selector, label };
}

/** An expression with the chosen values in it, as Grafana writes them for a regular expression. */
export function interpolated(expr: string, variables: readonly Variable[], choice: Choice): string {
  return variables.reduce((text, { name, allValue }) => {
    const chosen = choice.get(name) ?? [];
    const value = chosen.length === 0 ? allValue : chosen.map(escaped).join('|');
    return text.replaceAll(`$${name}`, chosen.length > 1 ? `(${value})` : value);
  }, expr);
}

/** In PromQL's quotes a backslash of a regular expression is written twice. */
const escaped = (value: string): string => value.replace(/[\\^$*+?.()|[\]{}]/g, '\\\\$&');

export interface Pace {
  /** How much faster than real time the world behind Prometheus runs. */
  readonly speed: number;
  /** Of a range query, in real seconds. */
  readonly stepSeconds: number;
}

const SCRAPE_SECONDS = 60;

/** An expression in the time of its world, with the interval Grafana would put in: one more than the step, four scrapes at least. */
export function paced(expr: string, { speed, stepSeconds }: Pace): string {
  const seconds = Math.max(stepSeconds * speed + SCRAPE_SECONDS, 4 * SCRAPE_SECONDS);
  return compressedExpression(expr.replaceAll('$__rate_interval', `${Math.ceil(seconds)}s`), speed);
}
