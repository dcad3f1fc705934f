import { spawnSync } from 'node:child_process';
import { findProgram, programCache, PROGRAMS, type Program } from '../simulator/demo/programs.ts';
import { extractFromDebian, installFromDebian } from './debian-programs.ts';
import { installFromReleases } from './released-programs.ts';

const missing = (): readonly Program[] => PROGRAMS.filter((program) => findProgram(program) === undefined);

/** Tries one way to get the programs; says why it did not work. */
async function attempt(way: string, install: (directory: string) => Promise<void>): Promise<void> {
  if (missing().length === 0) return;
  console.error(`Getting ${missing().join(', ')} ${way} …`);
  try {
    await install(programCache());
  } catch (error) {
    console.error(`  that did not work: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const hasApt = spawnSync('apt-get', ['--version']).status === 0;
if (hasApt) {
  await attempt('as Debian packages', installFromDebian);
  await attempt('out of the Debian packages', extractFromDebian);
}
await attempt('from their releases on GitHub', installFromReleases);
if (missing().length > 0) {
  console.error(
    `The tests of rules and the end-to-end tests need ${missing().join(', ')}. Put them on PATH` +
      ' (packages prometheus and prometheus-alertmanager), or run "npm run test:unit", which needs Node alone.',
  );
  process.exit(1);
}
