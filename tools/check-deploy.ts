import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { deployFiles } from './deploy/deploy-files.ts';
import { findHelm } from './deploy/helm.ts';
import { manifestFile, renderedChartObjects } from './deploy/manifest.ts';
import { rbacFiles } from './deploy/rbac-template.ts';
import type { GeneratedFile } from './generated-file.ts';

/** Compares the generated files of deploy/ with what they would be now; with `--write` writes them. */
const root = join(import.meta.dirname, '..');
const helm = findHelm();
if (helm === undefined) {
  console.error('helm is missing: .ci/checks/deploy builds it with Go, or put it on PATH');
  process.exit(2);
}
const isWriting = process.argv.includes('--write');
// In this order: the manifest is rendered from templates that are generated too.
const steps: readonly (() => readonly GeneratedFile[])[] = [
  rbacFiles,
  () => [manifestFile(root, renderedChartObjects(root, helm))],
  () => deployFiles(root),
];
for (const files of steps) {
  for (const { path, text } of files().filter(isStale)) {
    console.error(`${path}: ${isWriting ? 'written' : 'stale; run .ci/checks/deploy --write'}`);
    if (isWriting) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    } else process.exitCode = 1;
  }
}

function isStale({ path, text }: GeneratedFile): boolean {
  const file = join(root, path);
  return !existsSync(file) || readFileSync(file, 'utf8') !== text;
}
