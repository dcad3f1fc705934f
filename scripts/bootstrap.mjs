// Makes a fresh clone ready and then runs a command: `node scripts/bootstrap.mjs [--build] [--tools] -- command arguments`.
// Plain JavaScript without dependencies, for any Node: it has to be able to say that this Node is too old.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const LEAST_NODE = [20, 19];

function fail(message) {
  console.error(message);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])) return;
  fail(
    `freezewatch needs Node ${LEAST_NODE.join('.')} or newer; this is ${process.versions.node} (${process.execPath}).`,
  );
}

/** Runs a step that is only worth reading when it fails. */
function quietly(progress, command, args) {
  console.error(progress);
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status === 0) return;
  fail(
    `${stdout ?? ''}${stderr ?? ''}\n${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ` with exit code ${status}`}.`,
  );
}

/** npm leaves a copy of the lock file in node_modules, without the entry of the project itself. */
function isInstalled() {
  const copy = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(copy)) return false;
  const { packages: wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { packages: present } = JSON.parse(readFileSync(copy, 'utf8'));
  // Packages for other platforms are in the lock file, and rightly not on the disk.
  return Object.entries(wanted).every(
    ([path, { version, optional }]) =>
      path === '' || present[path]?.version === version || (optional === true && present[path] === undefined),
  );
}

function newestChange(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newestChange(join(path, name))));
}

function isBuilt() {
  const bundle = join(root, 'dist', 'cli.js');
  if (!existsSync(bundle)) return false;
  const inputs = ['src', 'simulator', 'package.json', 'package-lock.json', join('scripts', 'build.mjs')];
  return Math.max(...inputs.map((input) => newestChange(join(root, input)))) <= statSync(bundle).mtimeMs;
}

/** Runs the command in our place: same terminal, same signals, same exit code. */
function run([command, ...args]) {
  const PATH = [join(root, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${command}: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

const separator = process.argv.indexOf('--');
const steps = process.argv.slice(2, separator);
const command = process.argv.slice(separator + 1);

checkNode();
if (!isInstalled()) quietly('Installing the packages (npm ci) …', 'npm', ['ci', '--no-fund', '--no-audit']);
if (steps.includes('--build') && !isBuilt())
  quietly('Building …', process.execPath, [join('scripts', 'build.mjs')]);
if (steps.includes('--tools')) {
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', join('scripts', 'test-tools.ts')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
run(command);
