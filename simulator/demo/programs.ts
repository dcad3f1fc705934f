import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';

export const PROGRAMS = ['prometheus', 'promtool', 'alertmanager', 'amtool'] as const;
/** The programs of others that the demo and the tests use. */
export type Program = (typeof PROGRAMS)[number];

/** Debian has both an `alertmanager` of its own and this one. */
const DEBIAN_NAMES: Partial<Record<Program, string>> = { alertmanager: 'prometheus-alertmanager' };
/** Debian's Alertmanager does not start without this file of its package; that of the project has it built in. */
const DEBIAN_TEMPLATE = '/usr/share/prometheus/alertmanager/default.tmpl';

/** Where `npm test` puts programs that the machine does not have. */
export const programCache = (): string => join(projectRoot(), '.cache', 'bin');

/**
 * The path of a program that can start: from PATH, else from the cache of `npm test`; undefined when there is none.
 */
export function findProgram(
  program: Program,
  path = process.env.PATH ?? '',
  debianTemplate = DEBIAN_TEMPLATE,
): string | undefined {
  const debianName = existsSync(debianTemplate) ? DEBIAN_NAMES[program] : undefined;
  const names = debianName === undefined ? [program] : [debianName, program];
  const directories = [...path.split(delimiter).filter((directory) => directory !== ''), programCache()];
  return directories.flatMap((directory) => names.map((name) => join(directory, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
