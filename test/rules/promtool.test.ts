import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';
import { promtool } from './promtool.ts';

const run = (...args: readonly string[]): { readonly status: number | null; readonly report: string } => {
  const { status, stdout, stderr } = spawnSync(promtool(), [...args], { encoding: 'utf8' });
  return { status, report: stdout + stderr };
};

describe('promtool', function () {
  this.timeout(120_000);

  it('finds nothing to object to in the rule files', () => {
    const folder = join(projectRoot(), 'rules');
    const files = readdirSync(folder).map((name) => join(folder, name));
    const { status, report } = run('check', 'rules', '--lint=all', '--lint-fatal', ...files);
    assert.equal(status, 0, report);
  });

  for (const name of readdirSync(import.meta.dirname).filter((file) => file.endsWith('.test.yaml'))) {
    it(`sees the alerts of ${name} fire and keep silent when they must`, () => {
      const { status, report } = run('test', 'rules', join(import.meta.dirname, name));
      assert.equal(status, 0, report);
    });
  }
});
