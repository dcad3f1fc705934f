import { Agent as HttpAgent, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { ApiError } from '../errors.ts';

/** What one request needs to be let in: headers, TLS material and the shared agent. */
export type Access = Pick<RequestOptions, 'agent' | 'auth' | 'servername'> & {
  readonly headers: OutgoingHttpHeaders;
};

/** Often enough to notice a dead peer behind a NAT before the idle timer of a stream does. */
const TCP_KEEP_ALIVE_MS = 30_000;

/**
 * The credentials of a kubeconfig, read anew for each request, so that rotated tokens and certificates are seen.
 * One keep-alive agent is kept while the TLS material stays the same: client-node makes one, and so one TLS
 * handshake, per request.
 */
export class Credentials {
  readonly #source: KubeConfig;
  #config: KubeConfig;
  #agent: { readonly identity: string; readonly agent: HttpAgent } | undefined;

  constructor(source: KubeConfig) {
    this.#source = source;
    this.#config = reloaded(source);
  }

  /** The server's URL without user info, path slash or query; fit for logs. */
  get server(): string {
    const { protocol, host, pathname } = new URL(this.#config.getCurrentCluster()?.server ?? 'http://unset');
    return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
  }

  /** Throws ApiError 401 when the kubeconfig's credentials cannot be had: a missing file, a failing plugin. */
  async access(): Promise<Access> {
    const options: RequestOptions = { headers: {} };
    try {
      await this.#config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new ApiError(401, 'Unauthorized', `no credentials: ${reasonOf(error)}`);
    }
    const { auth, servername } = options;
    return {
      headers: plainHeaders(options.headers),
      agent: this.#agentFor(options),
      ...(typeof auth === 'string' ? { auth } : {}),
      ...(servername === undefined ? {} : { servername }),
    };
  }

  /** Forgets what the library cached (a token for 60 s, a plugin's until it expires): the server said 401. */
  forget(): void {
    this.#config = reloaded(this.#source);
  }

  #agentFor(options: RequestOptions): HttpAgent {
    const identity = identityOf(options);
    if (this.#agent?.identity === identity) return this.#agent.agent;
    closeIdleSockets(this.#agent?.agent);
    const agent =
      this.#usesProxy() && options.agent instanceof HttpAgent ? options.agent : this.#newAgent(options);
    this.#agent = { identity, agent };
    return agent;
  }

  #usesProxy(): boolean {
    return Boolean(this.#config.getCurrentCluster()?.proxyUrl);
  }

  #newAgent({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): HttpAgent {
    const keepAlive = { keepAlive: true, keepAliveMsecs: TCP_KEEP_ALIVE_MS };
    if (this.server.startsWith('http:')) return new HttpAgent(keepAlive);
    const tls = { ca, cert, key, servername, rejectUnauthorized };
    return new HttpsAgent({ ...keepAlive, ...definedOnly(tls) });
  }
}

/** A copy with empty caches. `http://` is allowed as kubectl allows it; client-node wants `insecure-skip-tls-verify`. */
function reloaded({ clusters, users, contexts, currentContext }: KubeConfig): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: clusters.map((cluster) =>
      cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
    ),
    users,
    contexts,
    currentContext,
  });
  return config;
}

const identityOf = ({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): string =>
  JSON.stringify([textOf(ca), textOf(cert), textOf(key), servername, rejectUnauthorized]);

const textOf = (pem: unknown): string => (Buffer.isBuffer(pem) || typeof pem === 'string' ? String(pem) : '');

function closeIdleSockets(agent: HttpAgent | undefined): void {
  for (const sockets of Object.values(agent?.freeSockets ?? {}))
    for (const socket of sockets ?? []) socket.destroy();
}

const definedOnly = <T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

function plainHeaders(headers: RequestOptions['headers']): OutgoingHttpHeaders {
  // Typed as if it could be a list; what came back is the object that went in.
  return headers === undefined || Array.isArray(headers) ? {} : (headers as OutgoingHttpHeaders);
}

/** A plugin's own words may hold what it was given, so only the code of a system error is passed on. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return code === undefined
    ? 'the credential plugin of the kubeconfig failed'
    : `a credential file or plugin failed (${code})`;
}
