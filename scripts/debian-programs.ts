import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGES = ['prometheus', 'prometheus-alertmanager'];
const BINARIES = ['prometheus', 'promtool', 'prometheus-alertmanager', 'amtool'];

/**
 * Installs the Debian packages, as root or with a sudo that asks for no password, and starts no service. Debian's
 * Alertmanager needs files outside of its binary: /usr/share/prometheus/alertmanager/default.tmpl.
 */
export function installFromDebian(): Promise<void> {
  const environment = ['DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...PACKAGES];
  try {
    asRoot('env', [...environment, ...install]);
  } catch {
    // A fresh machine has no package lists yet.
    asRoot('apt-get', ['update', '-qq']);
    asRoot('env', [...environment, ...install]);
  }
  return Promise.resolve();
}

/** Takes the programs out of the Debian packages into `directory`; nothing is installed, and root is not needed. */
export function extractFromDebian(directory: string): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'freezewatch-tools-'));
  try {
    run('apt-get', ['download', '-qq', ...PACKAGES], scratch);
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

const asRoot = (command: string, args: readonly string[]): void =>
  process.getuid?.() === 0 ? run(command, args, '/') : run('sudo', ['-n', command, ...args], '/');

function run(program: string, args: readonly string[], directory: string): void {
  const { status, error, stderr } = spawnSync(program, args, { cwd: directory, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr.trim()}`);
}
