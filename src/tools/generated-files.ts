import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scrapeErrors } from '../http/exposition.ts';
import { catalogue } from '../metrics/catalogue.ts';
import { alertsDocs } from './alerts-docs.ts';
import { configurationDocs } from './configuration-docs.ts';
import { deployFiles } from './deploy/deploy-files.ts';
import { metricsDocs } from './metrics-docs.ts';
import { prometheusRule } from './rules/prometheus-rule.ts';
import { readRuleFiles } from './rules/rule-files.ts';

export interface GeneratedFile {
  /** Below the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Everything that is computed from the declarations and committed; `root` is where the hand-written inputs are. */
export function generatedFiles(root: string): readonly GeneratedFile[] {
  const rules = readRuleFiles(join(root, 'rules'));
  return [
    { path: 'docs/metrics.md', text: metricsDocs([...catalogue, scrapeErrors]) },
    { path: 'docs/configuration.md', text: configurationDocs() },
    { path: 'docs/alerts.md', text: alertsDocs(ruleTexts(root)) },
    { path: 'deploy/prometheus-rule.yaml', text: prometheusRule(rules) },
    ...deployFiles(root),
  ];
}

const ruleTexts = (root: string) =>
  readdirSync(join(root, 'rules'))
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(root, 'rules', name), 'utf8') }));
