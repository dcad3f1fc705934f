import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Kind, resources, verbsOf } from '../../src/model/resources.ts';
import { findHelm } from '../../tools/deploy/helm.ts';
import { type Manifest, ROOT } from '../deploy/manifests.ts';
import {
  allRead,
  forbidden,
  isUp,
  manifest,
  permissions,
  runExporter,
  until,
} from './in-cluster-exporter.ts';
import { ADMIN_TOKEN, inClusterSite } from './in-cluster-site.ts';

const table = resources({ kubevirt: 'harvester-system', longhorn: 'longhorn-system' });
const WATCHED_KINDS = (Object.keys(table) as Kind[]).filter((kind) => verbsOf(kind).includes('watch')).length;

/** Not `spawnSync`: the API server that the program talks to runs in this process. */
async function run(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const child = spawn(program, args, { env: { ...process.env, ...environment } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

describe('the installed exporter in a cluster', function () {
  this.timeout(20_000);
  const site = inClusterSite();
  const install = (objects: readonly Manifest[]): void => {
    for (const object of objects) site().store.apply(object);
  };

  for (const mode of ['off', 'suspects', 'all'] as const) {
    it(`may do all it does with launcher logs ${mode}, and asks for nothing else`, async () => {
      install(permissions(mode));
      await runExporter(site(), mode, async (exporter) => {
        await allRead(site(), mode, exporter);
        assert.deepEqual(forbidden(exporter), []);
      });
      assert.deepEqual(site().refused, []);
    });
  }

  it('may not follow a launcher with the permissions of mode off', async () => {
    install(permissions('off'));
    await runExporter(site(), 'all', async (exporter) => {
      await until('the launchers are forbidden', () => forbidden(exporter).includes('virt_launcher_pods'));
    });
  });

  it('goes on when its token is rotated while it runs', async () => {
    install(permissions('suspects'));
    await runExporter(site(), 'suspects', async (exporter) => {
      await allRead(site(), 'suspects', exporter);
      site().rotateToken('second');
      // Open watches outlive the old token; after this every one of them has to sign in anew.
      site().server.killConnections();
      const signedIn = (): number =>
        site().server.requests.filter(({ status, path }) => status === 200 && path.includes('watch=')).length;
      const watches = signedIn();
      await until('every watch is open again', () => signedIn() >= watches + WATCHED_KINDS);
      assert.ok(isUp(exporter, 'virtualmachinebackups'));
      assert.deepEqual(forbidden(exporter), []);
    });
    const unauthorized = site().refused.filter((line) => !line.startsWith('401 '));
    assert.deepEqual(unauthorized, []);
  });

  it('is installed with kubectl apply, twice, and finds itself allowed', async function () {
    if (spawnSync('kubectl', ['version', '--client']).status !== 0) {
      process.stderr.write('SKIPPED: kubectl apply of deploy/freezewatch.yaml: there is no kubectl\n');
      this.skip();
    }
    const kubeconfig = join(site().prefix, 'kubeconfig');
    writeFileSync(kubeconfig, site().server.kubeconfig(ADMIN_TOKEN));
    const file = join(ROOT, 'deploy/freezewatch.yaml');
    for (const outcome of ['created', 'unchanged']) {
      const { code, output } = await run('kubectl', ['apply', '-f', file, '--kubeconfig', kubeconfig]);
      assert.equal(code, 0, output);
      const lines = output.trim().split('\n');
      assert.equal(lines.length, manifest.length);
      assert.deepEqual(
        lines.filter((line) => !line.endsWith(` ${outcome}`)),
        [],
      );
    }
    await runExporter(site(), 'suspects', (exporter) => allRead(site(), 'suspects', exporter));
    assert.deepEqual(site().refused, []);
  });

  it('is what helm would install in this cluster, and the notes of helm say where to look', async function () {
    const helm = findHelm();
    if (helm === undefined) {
      process.stderr.write('SKIPPED: helm install: there is no helm; .ci/checks/deploy builds it with Go\n');
      this.skip();
    }
    const kubeconfig = join(site().prefix, 'kubeconfig');
    writeFileSync(kubeconfig, site().server.kubeconfig(ADMIN_TOKEN));
    const chart = ['install', 'freezewatch', join(ROOT, 'deploy/chart'), '--namespace', 'harvester-system'];
    // Helm sends protobuf, which the embedded API server does not take: with this driver it only asks what is served.
    const records = join(site().prefix, 'releases');
    writeFileSync(records, '[]');
    const { code, output } = await run(helm, [...chart, '--kubeconfig', kubeconfig], {
      HELM_DRIVER: 'memory',
      HELM_MEMORY_DRIVER_DATA: records,
    });
    assert.equal(code, 0, output);
    assert.match(output, /port-forward service\/freezewatch 9965:9965[^]*namespaceOverride/);
  });
});
