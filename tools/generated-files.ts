import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scrapeErrors } from '../src/http/exposition.ts';
import { catalogue } from '../src/metrics/catalogue.ts';
import { alertsDocs } from './alerts-docs.ts';
import { configurationDocs } from './configuration-docs.ts';
import { boards, generatedDashboards } from './dashboards/generated-dashboards.ts';
import { deployFiles } from './deploy/deploy-files.ts';
import type { GeneratedFile } from './generated-file.ts';
import { metricsDocs } from './metrics-docs.ts';
import { runbookFiles } from './runbook-files.ts';
import { generatedRules } from './rules/generated-rules.ts';
import { prometheusRule } from './rules/prometheus-rule.ts';
import { readRuleFiles } from './rules/rule-files.ts';

/**
 * Everything that is computed from the declarations and committed; `root` is where the hand-written inputs are. Each is
 * computed when it is asked for: later files are made of earlier ones, as they are on the disk by then.
 */
export function* generatedFiles(root: string): Generator<GeneratedFile, void> {
  yield* generatedRules(root, boards());
  const rules = readRuleFiles(join(root, 'rules'));
  yield { path: 'docs/metrics.md', text: metricsDocs([...catalogue, scrapeErrors]) };
  yield { path: 'docs/configuration.md', text: configurationDocs() };
  yield { path: 'docs/alerts.md', text: alertsDocs(ruleTexts(root)) };
  yield { path: 'deploy/prometheus-rule.yaml', text: prometheusRule(rules) };
  yield* generatedDashboards();
  yield* runbookFiles(root, rules);
  yield* deployFiles(root);
}

const ruleTexts = (root: string) =>
  readdirSync(join(root, 'rules'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(root, 'rules', name), 'utf8') }));
