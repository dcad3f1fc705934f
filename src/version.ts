import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project-root.ts';

/** Set by the bundler (scripts/build.mjs); not there when the sources run directly. */
declare const FREEZEWATCH_VERSION: string | undefined;

/** The version of this program, as package.json has it. */
export const VERSION: string =
  typeof FREEZEWATCH_VERSION === 'string' ? FREEZEWATCH_VERSION : versionOfSources();

function versionOfSources(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8'));
  const found =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest && manifest.version;
  return typeof found === 'string' ? found : 'unknown';
}
