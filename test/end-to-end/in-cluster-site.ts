import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Identity, serviceAccountIdentity } from '../../simulator/api-server/access-control.ts';
import { type ApiServer, type ApiServerOptions, startApiServer } from '../../simulator/api-server/server.ts';
import { kindsServed } from '../../simulator/kinds.ts';
import type { KubeObject } from '../../simulator/kube-object.ts';
import { KubeObjectStore } from '../../simulator/kube-object-store.ts';
import { PodLogs } from '../../simulator/pod-logs.ts';
import { aPodObject, aVmiObject } from '../inputs/embedded-cluster.ts';

export const SERVICE_ACCOUNT = { namespace: 'harvester-system', name: 'freezewatch' } as const;
export const VIRT_API = { namespace: 'harvester-system', name: 'virt-api-1' } as const;
export const ADMIN_TOKEN = 'admin';
const NAMESPACES = ['kube-system', 'harvester-system', 'longhorn-system', 'cattle-dashboards', 'team-a'];
const ACCOUNT_FILES = 'var/run/secrets/kubernetes.io/serviceaccount';

/** A key and its self-signed certificate for 127.0.0.1; undefined where there is no openssl. */
function selfSigned(): NonNullable<ApiServerOptions['tls']> | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'freezewatch-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  try {
    const { status } = spawnSync('openssl', [
      ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert],
    ]);
    return status === 0 ? { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') } : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A cluster as a pod sees it: TLS, RBAC, and the token and authority of its service account in files. */
export class InClusterSite {
  readonly store: KubeObjectStore;
  readonly logs: PodLogs;
  readonly server: ApiServer;
  /** What is put before the paths of the service account's files. */
  readonly prefix: string;
  readonly #tokens: Map<string, Identity>;

  private constructor(parts: {
    readonly store: KubeObjectStore;
    readonly logs: PodLogs;
    readonly server: ApiServer;
    readonly prefix: string;
    readonly tokens: Map<string, Identity>;
  }) {
    this.store = parts.store;
    this.logs = parts.logs;
    this.server = parts.server;
    this.prefix = parts.prefix;
    this.#tokens = parts.tokens;
  }

  static async start(tls: NonNullable<ApiServerOptions['tls']>): Promise<InClusterSite> {
    const installed = {
      kubevirt: true,
      harvester: { errorColumn: 'date', schedules: true },
      longhorn: { backupTargets: true },
      monitoring: true,
    } as const;
    const now = (): Date => new Date();
    const store = new KubeObjectStore({ kinds: kindsServed(installed), now });
    const logs = new PodLogs({ now });
    const tokens = new Map<string, Identity>([
      [ADMIN_TOKEN, { username: 'admin', groups: ['system:masters'] }],
    ]);
    const server = await startApiServer({ store, logs, tls, access: { tokens }, podMetrics: () => [] });
    const prefix = mkdtempSync(join(tmpdir(), 'freezewatch-pod-'));
    const site = new InClusterSite({ store, logs, server, prefix, tokens });
    for (const object of guestObjects()) store.apply(object);
    site.#write('ca.crt', tls.cert);
    site.#write('namespace', SERVICE_ACCOUNT.namespace);
    site.rotateToken('first');
    return site;
  }

  /** Gives the service account another token, in its file as the kubelet does; the old ones are worth nothing. */
  rotateToken(token: string): void {
    for (const [known] of this.#tokens) if (known !== ADMIN_TOKEN) this.#tokens.delete(known);
    this.#tokens.set(token, serviceAccountIdentity(SERVICE_ACCOUNT.namespace, SERVICE_ACCOUNT.name));
    this.#write('token', token);
  }

  /** What a pod finds in its environment. */
  get environment(): { readonly KUBERNETES_SERVICE_HOST: string; readonly KUBERNETES_SERVICE_PORT: string } {
    const { hostname, port } = new URL(this.server.url);
    return { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  }

  /** `403 list pods …` for each request of the exporter that was refused. */
  get refused(): readonly string[] {
    return this.server.requests
      .filter(
        ({ status, userAgent }) => status >= 400 && status !== 404 && userAgent.startsWith('freezewatch/'),
      )
      .map(({ status, method, path }) => `${status} ${method} ${path}`);
  }

  async close(): Promise<void> {
    await this.server.close();
    rmSync(this.prefix, { recursive: true });
  }

  #write(name: string, text: string): void {
    const file = join(this.prefix, ACCOUNT_FILES, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/**
 * A fresh site for every test of the suite it is called in, with the environment of a pod; the suite is skipped, and says
 * so, where there is no openssl.
 */
export function inClusterSite(): () => InClusterSite {
  const outside = { ...process.env };
  let tls: ApiServerOptions['tls'];
  let site: InClusterSite | undefined;
  before(function () {
    tls = selfSigned();
    if (tls !== undefined) return;
    process.stderr.write(
      'SKIPPED: the exporter in a cluster: there is no openssl to make a certificate with\n',
    );
    this.skip();
  });
  beforeEach(async () => {
    assert.ok(tls);
    site = await InClusterSite.start(tls);
    Object.assign(process.env, site.environment);
  });
  afterEach(async () => {
    for (const name of Object.keys(site?.environment ?? {})) {
      if (outside[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = outside[name];
    }
    await site?.close();
    site = undefined;
  });
  return () => {
    assert.ok(site);
    return site;
  };
}

/** One VM with its launcher, and the pods of KubeVirt: something behind every log that is followed. */
const guestObjects = (): readonly KubeObject[] => [
  ...NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
  aPodObject(VIRT_API.namespace, VIRT_API.name, 'virt-api', ['virt-api']),
  aPodObject('team-a', 'virt-launcher-web-01-abcde', 'virt-launcher', ['compute'], {
    'kubevirt.io/domain': 'web-01',
  }),
  aVmiObject('team-a', 'web-01'),
];
