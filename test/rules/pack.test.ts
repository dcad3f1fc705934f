import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';
import { readAlertExpectations } from '../../src/tools/rules/alert-tests.ts';
import { ruleProblems } from '../../src/tools/rules/check-rules.ts';
import { readRuleFiles } from '../../src/tools/rules/rule-files.ts';

const runbookPages = (): ReadonlySet<string> => {
  const folder = join(projectRoot(), 'docs/runbooks');
  return new Set(existsSync(folder) ? readdirSync(folder).map((name) => name.replace(/\.md$/, '')) : []);
};

describe('the rule pack', () => {
  it('keeps what it promises: tests, severities, runbooks, known metrics, ranges and units', () => {
    const problems = ruleProblems({
      files: readRuleFiles(join(projectRoot(), 'rules')),
      expectations: readAlertExpectations(import.meta.dirname),
      runbooks: runbookPages(),
    });
    assert.deepEqual(problems, []);
  });
});
