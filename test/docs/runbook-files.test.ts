import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleFile } from '../../tools/rules/rule-files.ts';
import { runbookFiles } from '../../tools/runbook-files.ts';

const RULES = ruleFile(
  'x.yaml',
  `groups: [{ name: x, rules: [
    { record: a, expr: b },
    { alert: HarvesterX, expr: up == 0, labels: { severity: warning } },
    { alert: HarvesterWithoutPage, expr: up == 1, labels: { severity: info } }] }]`,
);

describe('the runbooks as npm run generate writes them', () => {
  it('quote the present rule and keep the rest; a missing page is not created', () => {
    const root = mkdtempSync(join(tmpdir(), 'freezewatch-docs-'));
    try {
      mkdirSync(join(root, 'docs/runbooks'), { recursive: true });
      const page = (quote: string): string => `# HarvesterX\n\n\`\`\`promql\n${quote}\n\`\`\`\n\nBy hand.\n`;
      writeFileSync(join(root, 'docs/runbooks/HarvesterX.md'), page('old'));
      assert.deepEqual(runbookFiles(root, [RULES]), [
        { path: 'docs/runbooks/HarvesterX.md', text: page('# severity: warning, for: 0s\nup == 0') },
      ]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
