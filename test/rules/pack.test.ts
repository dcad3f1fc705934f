import assert from 'node:assert/strict';
import { projectRoot } from '../../src/project-root.ts';
import { ruleProblems } from '../../tools/rules/check-rules.ts';
import { readRulePack } from '../../tools/rules/rule-pack.ts';

describe('the rule pack', () => {
  it('keeps what it promises: tests, severities, runbooks, known metrics, ranges and units', () => {
    assert.deepEqual(ruleProblems(readRulePack(projectRoot())), []);
  });
});
