import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Server as TlsHttpServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { listenAddressText, type ListenAddress } from '../config/listen-address.ts';
import { ConfigError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { LiveWebConfig } from '../web-config/live-web-config.ts';

interface ListenOptions {
  readonly address: ListenAddress;
  /** undefined: plain HTTP, open to all. */
  readonly webConfigFile?: string | undefined;
  readonly logger: Logger;
}

export interface WebServer {
  /** Where this machine reaches it, without a trailing slash. */
  readonly url: string;
  /** Takes no new connections, lets running requests finish, and cuts those that have not after the deadline. */
  readonly close: (deadlineMs: number) => Promise<void>;
}

/** Scrapers keep connections between scrapes, which are commonly a minute apart. */
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 75_000 };

/** Serves the application; throws ConfigError when the address or the web configuration cannot be used. */
export async function listen(app: RequestListener, options: ListenOptions): Promise<WebServer> {
  const { address, webConfigFile, logger } = options;
  if (webConfigFile === undefined) return started(createServer(LIMITS, app), 'http', address);
  // Most exporters have no such file, and need neither its YAML parser nor bcrypt.
  const [{ createLiveWebConfig }, { createProtectedServer }] = await Promise.all([
    import('../web-config/live-web-config.ts'),
    import('./protected-server.ts'),
  ]);
  const live: LiveWebConfig = createLiveWebConfig(webConfigFile, logger);
  const server = createProtectedServer(app, live, LIMITS, logger);
  return started(server, live().tls === undefined ? 'http' : 'https', address);
}

async function started(
  server: Server | TlsHttpServer,
  scheme: string,
  address: ListenAddress,
): Promise<WebServer> {
  const sockets = openSockets(server);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(unusable(address, error)));
    // Without a host, Node listens on every address, IPv4 and IPv6.
    server.listen({ port: address.port, ...(address.host !== '' && { host: address.host }) }, resolve);
  });
  server.removeAllListeners('error');
  const { port } = server.address() as AddressInfo; // it listens on TCP
  const host =
    address.host === '' || address.host === '0.0.0.0' || address.host === '::' ? 'localhost' : address.host;
  return {
    url: `${scheme}://${listenAddressText({ host, port })}`,
    close: (deadlineMs) => closed(server, sockets, deadlineMs),
  };
}

function unusable(address: ListenAddress, error: NodeJS.ErrnoException): Error {
  const reasons: Partial<Record<string, string>> = {
    EADDRINUSE: 'is already in use: stop what listens there, or choose another address',
    EACCES: 'may not be used by this user: choose a port above 1023',
    EADDRNOTAVAIL: 'is not an address of this machine',
    ENOTFOUND: 'is not a name that can be resolved',
  };
  const reason = reasons[error.code ?? ''];
  if (reason === undefined) return error;
  return new ConfigError([`--web.listen-address: ${listenAddressText(address)} ${reason}`], error);
}

function closed(
  server: Server | TlsHttpServer,
  sockets: ReadonlySet<Socket>,
  deadlineMs: number,
): Promise<void> {
  return new Promise((resolve) => {
    const deadline = setTimeout(() => {
      // The server does not list connections that are still in their TLS handshake.
      for (const socket of sockets) socket.destroy();
    }, deadlineMs);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
    // A connection whose last request finishes from now on would otherwise be kept for the next one.
    server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) =>
      response.setHeader('Connection', 'close'),
    );
    server.keepAliveTimeout = 1;
    server.closeIdleConnections();
  });
}

/** The TCP connections of a server that are open now. */
function openSockets(server: Server | TlsHttpServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}
