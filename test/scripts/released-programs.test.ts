import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { installFromReleases } from '../../scripts/released-programs.ts';
import { listen, type WebServer } from '../../src/http/web-server.ts';

const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

describe('installFromReleases', () => {
  let directory = '';
  let site: WebServer;
  let checksumOf: (archive: Buffer) => string;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'freezewatch-releases-'));
    checksumOf = (archive) => createHash('sha256').update(archive).digest('hex');
    site = await listen(
      (request, response) => {
        const name = basename(request.url ?? '');
        if (name !== 'sha256sums.txt')
          return void response.end(readFileSync(archiveOf(name.replace('.tar.gz', ''))));
        const [, project = '', version = ''] =
          /prometheus\/(\w+)\/releases\/download\/v([\d.]+)\//.exec(request.url ?? '') ?? [];
        const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64'];
        const archive = `${project}-${version}.${process.platform}-${arch}`;
        response.end(`${checksumOf(readFileSync(archiveOf(archive)))}  ${archive}.tar.gz\n`);
      },
      { address: { host: '127.0.0.1', port: 0 }, logger: silent },
    );
  });
  afterEach(async () => {
    await site.close(0);
    rmSync(directory, { recursive: true });
  });

  /** An archive as the projects publish them: programs and a licence in a folder of the archive's name. */
  function archiveOf(name: string): string {
    const archive = join(directory, `${name}.tar.gz`);
    if (existsSync(archive)) return archive;
    const folder = join(directory, name);
    mkdirSync(folder, { recursive: true });
    for (const file of ['prometheus', 'promtool', 'alertmanager', 'amtool', 'LICENSE'])
      writeFileSync(join(folder, file), file);
    spawnSync('tar', ['-czf', archive, '-C', directory, name]);
    return archive;
  }

  it('puts the programs, and nothing else, into the folder', async () => {
    await installFromReleases(join(directory, 'bin'), site.url);
    assert.deepEqual(readdirSync(join(directory, 'bin')).sort(), [
      'alertmanager',
      'amtool',
      'prometheus',
      'promtool',
    ]);
  });

  it('takes nothing from an archive without the stated checksum', async () => {
    checksumOf = () => '0'.repeat(64);
    await assert.rejects(installFromReleases(join(directory, 'bin'), site.url), {
      message: /the release states 0{64}/,
    });
    assert.deepEqual(readdirSync(join(directory, 'bin')), []);
  });
});
