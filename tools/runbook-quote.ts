import { alertTiming } from './alert-timing.ts';
import type { AlertingRule } from './rules/rule-files.ts';

const QUOTE = /^```promql\n[\s\S]*?^```$/m;

/** The Markdown block in which a runbook quotes its rule: times and severity as a comment, then the expression. */
export function quotedRule(rule: AlertingRule): string {
  const { waits, lingers } = alertTiming(rule);
  const facts = [
    `severity: ${rule.labels.severity ?? 'none'}`,
    `for: ${waits ?? '0s'}`,
    ...(lingers === undefined ? [] : [`keep_firing_for: ${lingers}`]),
  ];
  return ['```promql', `# ${facts.join(', ')}`, rule.expr.trim(), '```'].join('\n');
}

/** What a runbook quotes as its rule: the first PromQL block of the page; undefined without any. */
export const quoteIn = (page: string): string | undefined => QUOTE.exec(page)?.[0];

/** The page with the quote brought up to date; unchanged where there is no quote to replace. */
export const withQuotedRule = (page: string, rule: AlertingRule): string =>
  page.replace(QUOTE, () => quotedRule(rule));
