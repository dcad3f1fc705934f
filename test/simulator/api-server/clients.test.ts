import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { describe, it } from 'mocha';
import { serviceAccountIdentity } from '../../../simulator/api-server/access-control.ts';
import type { ApiServerOptions } from '../../../simulator/api-server/server.ts';
import { TestCluster } from './test-cluster.ts';

/** A key and a certificate for 127.0.0.1; undefined where there is no openssl. */
function selfSigned(): ApiServerOptions['tls'] {
  const folder = mkdtempSync(join(tmpdir(), 'freezewatch-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
  const made = spawnSync('openssl', [
    'req',
    '-x509',
    '-nodes',
    ...curve,
    ...subject,
    '-keyout',
    key,
    '-out',
    cert,
  ]);
  try {
    return made.status === 0
      ? { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
      : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function namespaces(kubeconfig: string): Promise<readonly (string | undefined)[]> {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  const { items } = await config.makeApiClient(CoreV1Api).listNamespace();
  return items.map(({ metadata }) => metadata?.name);
}

describe('the kubeconfig of the API server', () => {
  it('lets @kubernetes/client-node in over plain HTTP', async () => {
    const cluster = await TestCluster.start();
    try {
      assert.deepEqual(await namespaces(cluster.server.kubeconfig()), [
        'default',
        'harvester-system',
        'team-a',
      ]);
    } finally {
      await cluster.server.close();
    }
  });

  it('lets it in over TLS with a token, and not without', async function () {
    const tls = selfSigned();
    if (tls === undefined) {
      process.stderr.write(
        'SKIPPED: TLS of the simulated API server is not tested, because there is no openssl to make a certificate with\n',
      );
      this.skip();
    }
    const identity = { ...serviceAccountIdentity('default', 'x'), groups: ['system:masters'] };
    const cluster = await TestCluster.start({ tls, access: { tokens: new Map([['secret', identity]]) } });
    try {
      assert.match(cluster.server.url, /^https:/);
      assert.equal((await namespaces(cluster.server.kubeconfig('secret'))).length, 3);
      await assert.rejects(namespaces(cluster.server.kubeconfig()), /Unauthorized/);
    } finally {
      await cluster.server.close();
    }
  });
});
