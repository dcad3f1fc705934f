import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';

/** Skips what needs kubectl where there is none, and says so. */
export function requireKubectl(test: Context, what: string): void {
  if (spawnSync('kubectl', ['version', '--client']).status === 0) return;
  process.stderr.write(`SKIPPED: ${what}, because there is no kubectl on the PATH\n`);
  test.skip();
}
