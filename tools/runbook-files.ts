import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from './generated-file.ts';
import { isAlert, rulesOf, type RuleFile } from './rules/rule-files.ts';
import { withQuotedRule } from './runbook-quote.ts';

/** The runbooks, written by hand, each with the quote of its rule as it is now; an alert without a page has none. */
export const runbookFiles = (root: string, files: readonly RuleFile[]): readonly GeneratedFile[] =>
  rulesOf(files)
    .filter(isAlert)
    .flatMap((rule) => {
      const path = `docs/runbooks/${rule.alert}.md`;
      const file = join(root, path);
      return existsSync(file) ? [{ path, text: withQuotedRule(readFileSync(file, 'utf8'), rule) }] : [];
    });
