import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = ['prometheus', 'prometheus-alertmanager'];
const BINARIES = ['prometheus', 'promtool', 'prometheus-alertmanager', 'amtool'];

/**
 * Takes the programs out of the Debian packages into `directory`. Nothing is installed: no services, no root. Only where
 * the machine has no package lists yet, `apt-get update` runs, as root or with a sudo that asks for no password.
 */
export function installFromDebian(directory: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'freezewatch-tools-'));
  try {
    if (!isDownloaded(scratch)) {
      run('apt-get', ['update', '-qq'], scratch, process.getuid?.() !== 0);
      if (!isDownloaded(scratch)) throw new Error(`apt-get knows no packages ${PACKAGES.join(', ')}`);
    }
    for (const file of readdirSync(scratch).filter((name) => name.endsWith('.deb')))
      run('dpkg', ['-x', file, '.'], scratch);
    mkdirSync(directory, { recursive: true });
    for (const name of BINARIES) {
      const unpacked = join(scratch, 'usr', 'bin', name);
      if (existsSync(unpacked)) copyFileSync(unpacked, join(directory, name));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return Promise.resolve();
}

const isDownloaded = (directory: string): boolean =>
  spawnSync('apt-get', ['download', '-qq', ...PACKAGES], { cwd: directory }).status === 0;

function run(command: string, args: readonly string[], directory: string, withSudo = false): void {
  const program = withSudo ? 'sudo' : command;
  const all = withSudo ? ['-n', command, ...args] : args;
  const { status, error, stderr } = spawnSync(program, all, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${all.join(' ')}: ${error?.message ?? stderr.trim()}`);
}
