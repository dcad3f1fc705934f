import { projectRoot } from '../../src/project-root.ts';
import { ruleProblems } from './check-rules.ts';
import { readRulePack } from './rule-pack.ts';

/** Prints every broken promise of the rule pack; exit code 1 if there is one. */
const problems = ruleProblems(readRulePack(projectRoot()));
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
