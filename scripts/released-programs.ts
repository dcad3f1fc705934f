import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Release {
  readonly project: string;
  readonly version: string;
  readonly programs: readonly string[];
}

const RELEASES: readonly Release[] = [
  { project: 'prometheus', version: '3.5.0', programs: ['prometheus', 'promtool'] },
  { project: 'alertmanager', version: '0.28.1', programs: ['alertmanager', 'amtool'] },
];
const ARCHITECTURES: Partial<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
const DOWNLOAD_TIMEOUT_MS = 120_000;

/**
 * Unpacks the programs of the pinned releases into `directory`. Each archive must have the checksum that the release's own
 * sha256sums.txt states: that proves a complete download over HTTPS, not who built the release.
 */
export async function installFromReleases(directory: string, site = 'https://github.com'): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'freezewatch-tools-'));
  try {
    mkdirSync(directory, { recursive: true });
    for (const release of RELEASES) await install(release, directory, scratch, site);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function install(
  { project, version, programs }: Release,
  directory: string,
  scratch: string,
  site: string,
): Promise<void> {
  const name = `${project}-${version}.${process.platform}-${ARCHITECTURES[process.arch] ?? process.arch}`;
  const base = `${site}/prometheus/${project}/releases/download/v${version}`;
  const [archive, sums] = await Promise.all([
    download(`${base}/${name}.tar.gz`),
    download(`${base}/sha256sums.txt`),
  ]);
  const checksum = createHash('sha256').update(archive).digest('hex');
  const stated = sums
    .toString()
    .split('\n')
    .find((line) => line.endsWith(`${name}.tar.gz`))
    ?.split(/\s+/)[0];
  if (stated !== checksum)
    throw new Error(`${name}.tar.gz has checksum ${checksum}, but the release states ${stated ?? 'none'}`);
  const file = join(scratch, `${name}.tar.gz`);
  writeFileSync(file, archive);
  const members = programs.map((program) => `${name}/${program}`);
  const { status, stderr } = spawnSync(
    'tar',
    ['-xzf', file, '-C', directory, '--strip-components=1', ...members],
    {
      encoding: 'utf8',
    },
  );
  if (status !== 0) throw new Error(`tar: ${stderr.trim()}`);
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(DOWNLOAD_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${url}: HTTP ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
