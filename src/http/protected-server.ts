import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer, type Server as TlsHttpServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Logger } from '../logger.ts';
import { createBasicAuth, TooBusyError } from '../web-config/basic-auth.ts';
import { refusal } from '../web-config/client-certificate.ts';
import { asksForCertificates, type LiveWebConfig } from '../web-config/live-web-config.ts';

const HANDSHAKE_TIMEOUT_MS = 10_000;

/** The server a web configuration asks for; every connection and every request meets the configuration as it is then. */
export function createProtectedServer(
  app: RequestListener,
  live: LiveWebConfig,
  limits: ServerOptions,
  logger: Logger,
): Server | TlsHttpServer {
  const guarded = guard(app, live, logger);
  const { tls } = live();
  if (tls === undefined) return createServer(limits, guarded);
  const server = createTlsServer(
    {
      ...limits,
      ...tls.context,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      requestCert: asksForCertificates({ tls }),
      // `refusal` decides instead: Node has two policies, the exporter-toolkit five.
      rejectUnauthorized: false,
    },
    guarded,
  );
  followTls(server, live, logger);
  return server;
}

function guard(app: RequestListener, live: LiveWebConfig, logger: Logger): RequestListener {
  const isAllowed = createBasicAuth();
  return (request, response) => {
    const { headers, users } = live();
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (users.size === 0) {
      app(request, response);
      return;
    }
    isAllowed(users, request.headers.authorization).then(
      (allowed) => {
        if (allowed) app(request, response);
        else answer(response, 401, 'Unauthorized', { 'WWW-Authenticate': 'Basic' });
      },
      (error: unknown) => {
        if (error instanceof TooBusyError) {
          answer(response, 503, 'Too many passwords to check', { 'Retry-After': '1' });
          return;
        }
        logger.error('password could not be checked', { error: String(error) });
        response.writeHead(500).end();
      },
    );
  };
}

function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { ...headers, 'Content-Type': 'text/plain' }).end(`${text}\n`);
}

function followTls(server: TlsHttpServer, live: LiveWebConfig, logger: Logger): void {
  let used = live();
  // Before the server's own listener, which begins the handshake.
  server.prependListener('connection', () => {
    const config = live();
    if (config === used || config.tls === undefined) return;
    used = config;
    server.setSecureContext(config.tls.context);
  });
  // Before the server's own listener, which begins to read requests.
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    const { tls } = live();
    const reason = tls && refusal(tls, socket);
    if (reason === undefined) return;
    logger.warn('client refused', { reason, client: socket.remoteAddress });
    socket.destroy();
  });
  server.on('tlsClientError', (error: Error, socket: Socket) => {
    logger.debug('TLS handshake failed', { error: error.message, client: socket.remoteAddress });
  });
}
