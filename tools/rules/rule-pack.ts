import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readAlertExpectations, type AlertExpectation } from './alert-tests.ts';
import { readRuleFiles, type RuleFile } from './rule-files.ts';

/** The rules with everything that must exist beside them. */
export interface RulePack {
  readonly files: readonly RuleFile[];
  readonly expectations: readonly AlertExpectation[];
  /** Names of the alerts that have a page in docs/runbooks. */
  readonly runbooks: ReadonlySet<string>;
}

/** The rule pack of this repository; `root` is its root. */
export const readRulePack = (root: string): RulePack => ({
  files: readRuleFiles(join(root, 'rules')),
  expectations: readAlertExpectations(join(root, 'test/rules')),
  runbooks: pages(join(root, 'docs/runbooks')),
});

const pages = (folder: string): ReadonlySet<string> =>
  new Set(existsSync(folder) ? readdirSync(folder).map((name) => name.replace(/\.md$/, '')) : []);
