import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deployFiles } from './deploy/deploy-files.ts';
import { findHelm } from './deploy/helm.ts';
import { manifestFile } from './deploy/manifest.ts';

/** Compares the generated files of deploy/ with what they would be now; with `--write` writes them. */
const root = join(import.meta.dirname, '../..');
const helm = findHelm();
if (helm === undefined) {
  console.error('helm is missing: .ci/checks/deploy builds it with Go, or put it on PATH');
  process.exit(2);
}
const files = [...deployFiles(root), manifestFile(root, helm)];
const stale = files.filter(({ path, text }) => textOf(join(root, path)) !== text);
if (process.argv.includes('--write')) {
  for (const { path, text } of stale) writeFileSync(join(root, path), text);
}
const state = process.argv.includes('--write') ? 'written' : 'stale; run .ci/checks/deploy --write';
for (const { path } of stale) console.error(`${path}: ${state}`);
process.exitCode = stale.length > 0 && !process.argv.includes('--write') ? 1 : 0;

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
