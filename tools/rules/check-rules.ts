import { expressionFacts } from './expression.ts';
import { knownMetrics } from './known-metrics.ts';
import { isAlert, rulesOf, type AlertingRule, type Rule } from './rule-files.ts';
import type { RulePack } from './rule-pack.ts';
import { runbookUrl } from '../../src/findings/runbook-url.ts';

const SEVERITIES: ReadonlySet<string> = new Set(['critical', 'warning', 'info']);
/** Harvester keeps 5 days, and scrapes every minute. */
const LONGEST_MINUTES = 5 * 24 * 60;
const SHORTEST_MINUTES = 5;
/** What Prometheus 2.42 does not have. */
const NEWER_FUNCTIONS: ReadonlySet<string> = new Set([
  ...[
    'sort_by_label',
    'sort_by_label_desc',
    'mad_over_time',
    'info',
    'limitk',
    'limit_ratio',
    'double_exponential_smoothing',
  ],
  ...[
    'histogram_avg',
    'histogram_stddev',
    'histogram_stdvar',
    'ts_of_max_over_time',
    'ts_of_min_over_time',
    'ts_of_last_over_time',
  ],
  ...['first_over_time', 'ts_of_first_over_time', 'start', 'end', 'step', 'range', 'histogram_quantiles'],
]);

/** Everything a rule pack promises beyond what promtool checks; each problem is one sentence that names the rule. */
export function ruleProblems(pack: RulePack): readonly string[] {
  const rules = rulesOf(pack.files);
  const known = knownMetrics(rules);
  return [
    ...rules.flatMap((rule) => expressionProblems(rule, known)),
    ...rules.filter(isAlert).flatMap((rule) => alertProblems(rule, pack)),
    ...repeated(rules.filter(isAlert).map(({ alert }) => alert)).map(
      (name) => `${name}: there are two of that name, and so two severities for one inhibition`,
    ),
  ];
}

const nameOf = (rule: Rule): string => (isAlert(rule) ? rule.alert : rule.record);

function expressionProblems(rule: Rule, known: ReadonlySet<string>): string[] {
  const name = nameOf(rule);
  const { valid, metrics, functions, rangeMinutes, wrongUnits } = expressionFacts(rule.expr);
  return [
    ...(valid ? [] : [`${name}: the expression is not PromQL`]),
    ...[...metrics]
      .filter((metric) => !known.has(metric))
      .map((metric) => `${name}: nobody exports ${metric}`),
    ...[...functions]
      .filter((each) => NEWER_FUNCTIONS.has(each))
      .map((each) => `${name}: Prometheus 2.42 has no ${each}`),
    ...rangeMinutes
      .filter((range) => range > LONGEST_MINUTES)
      .map(() => `${name}: a range is longer than Harvester's retention of 5 days`),
    ...rangeMinutes
      .filter((range) => range < SHORTEST_MINUTES)
      .map(() => `${name}: a range is shorter than 5 minutes, too few samples at one a minute`),
    ...wrongUnits.map(
      (comparison) => `${name}: write a time, and only a time, with 60, 3600 or 86400: ${comparison}`,
    ),
  ];
}

function alertProblems(
  { alert, labels, annotations }: AlertingRule,
  { expectations, runbooks }: RulePack,
): string[] {
  const own = expectations.filter((expectation) => expectation.alert === alert);
  const firing = own.flatMap(({ firingLabels }) => firingLabels);
  const missing = (['summary', 'description'] as const).filter((name) => (annotations[name] ?? '') === '');
  return [
    ...(SEVERITIES.has(labels.severity ?? '')
      ? []
      : [`${alert}: no severity of ${[...SEVERITIES].join(', ')}`]),
    ...missing.map((name) => `${alert}: no ${name}`),
    ...(annotations.description?.includes('Next: ') === true
      ? []
      : [`${alert}: the description does not say what to do next`]),
    ...(annotations.runbook_url === runbookUrl(alert)
      ? []
      : [`${alert}: runbook_url is not ${runbookUrl(alert)}`]),
    ...(runbooks.has(alert) ? [] : [`${alert}: no page docs/runbooks/${alert}.md`]),
    ...(firing.length > 0 ? [] : [`${alert}: no test in which it fires`]),
    ...(own.some(({ firingLabels }) => firingLabels.length === 0)
      ? []
      : [`${alert}: no test in which it is silent`]),
    ...(firing.every((each) => (each.namespace ?? '') !== '')
      ? []
      : [`${alert}: fires without a namespace, so Harvester's Alertmanager sends it to nobody`]),
  ];
}

const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];
