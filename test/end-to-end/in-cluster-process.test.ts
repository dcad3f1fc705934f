import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { at, ROOT, theOne } from '../deploy/manifests.ts';
import { manifest, permissions, until } from './in-cluster-exporter.ts';
import { inClusterSite } from './in-cluster-site.ts';

/** Puts the files of a service account where a pod has them, for one process and without touching the machine. */
const IN_A_POD =
  'mount -t tmpfs tmpfs /run && mkdir -p /run/secrets && mount --bind "$0/var/run/secrets" /run/secrets && exec "$@"';
const UNSHARE = ['--mount', '--map-root-user', 'sh', '-c'] as const;

describe('the program in a pod', function () {
  this.timeout(30_000);
  const site = inClusterSite();
  let program: ChildProcess | undefined;

  before(function () {
    const { status } = spawnSync('unshare', [...UNSHARE, 'mount -t tmpfs tmpfs /run']);
    if (status === 0) return;
    process.stderr.write('SKIPPED: the program in a pod: this machine lets nobody make a mount namespace\n');
    this.skip();
  });
  afterEach(() => {
    if (program?.exitCode === null) program.kill('SIGKILL');
  });

  it('finds the cluster by itself, becomes ready, survives a new token, and ends with 0 at SIGTERM', async () => {
    for (const object of permissions('suspects')) site().store.apply(object);
    const container = at(theOne(manifest, 'Deployment'), 'spec.template.spec.containers.0');
    const args = [...(at(container, 'args') as readonly string[]), '--web.listen-address=127.0.0.1:0'];
    const node = [process.execPath, '--import', 'tsx', join(ROOT, 'src/cli.ts'), ...args];
    program = spawn('unshare', [...UNSHARE, IN_A_POD, site().prefix, ...node], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        NODE_OPTIONS: String(at(container, 'env.0.value')),
        ...site().environment,
      },
    });
    let log = '';
    program.stderr?.setEncoding('utf8').on('data', (text: string) => (log += text));

    const url = await serving(() => log);
    await answers(`${url}/readyz`);
    site().rotateToken('second');
    site().server.killConnections();
    const reads = (): number => site().server.requests.filter(({ status }) => status === 200).length;
    const before = reads();
    await until('it reads with the new token', () => reads() > before);
    await answers(`${url}/readyz`);
    assert.match(
      await (await fetch(`${url}/metrics`)).text(),
      /^freezewatch_source_up\{source="vi[^}]+\} 1$/m,
    );

    program.kill('SIGTERM');
    const [code] = (await once(program, 'exit')) as [number | null];
    assert.equal(code, 0, log);
    assert.deepEqual(
      site().refused.filter((line) => !line.startsWith('401 ')),
      [],
    );
  });
});

/** The URL that the log names once the program serves. */
async function serving(log: () => string): Promise<string> {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const [, url] = /url=(\S+)/.exec(log()) ?? [];
    if (url !== undefined) return url;
    assert.ok(performance.now() < deadline, `it does not serve: ${log()}`);
    await sleep(20);
  }
}

async function answers(url: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  for (;;) {
    const { status } = await fetch(url);
    if (status === 200) return;
    assert.ok(performance.now() < deadline, `${url} answers ${status}`);
    await sleep(50);
  }
}
