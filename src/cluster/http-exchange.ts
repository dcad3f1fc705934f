import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { ConnectionError } from '../errors.ts';
import type { Access } from './credentials.ts';
import { connectionError } from './http-failure.ts';

export interface Exchange {
  readonly method: 'GET' | 'DELETE' | 'PATCH';
  readonly server: string;
  /** Path and query, below the server's URL. */
  readonly path: string;
  readonly access: Access;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Until the head of the answer. */
  readonly headTimeoutMs: number;
  readonly onConnected?: () => void;
}

/** How long a connection may take. An answer may take longer. */
const CONNECT_TIMEOUT_MS = 30_000;

/**
 * Sends one request and resolves at the head of the answer, of any status. Rejects with ConnectionError, or
 * with the signal's reason once that is aborted; an abort also ends the answer's body.
 */
export async function answerTo(exchange: Exchange): Promise<IncomingMessage> {
  const { signal, server, method } = exchange;
  signal.throwIfAborted();
  try {
    return await attempt(exchange);
  } catch (error) {
    signal.throwIfAborted();
    // The server had closed the keep-alive connection meanwhile and never saw the request, so it may go again.
    if (error instanceof StaleConnection && method === 'GET') return answerTo(exchange);
    throw connectionError(error instanceof StaleConnection ? error.cause : error, 'connect', server);
  }
}

class StaleConnection extends Error {
  override readonly name = 'StaleConnection';
}

function attempt(exchange: Exchange): Promise<IncomingMessage> {
  const { server, signal, headTimeoutMs, body, onConnected } = exchange;
  return new Promise((resolve, reject) => {
    const request = clientRequest(exchange);
    const timer = setTimeout(() => {
      request.destroy(
        new ConnectionError('timeout', `${server}: no answer within ${headTimeoutMs / 1000} s`),
      );
    }, headTimeoutMs);
    // Without an error: a socket that is on its way back to the pool has no listener for one, and the process would die.
    const abort = (): void => {
      request.destroy();
    };
    signal.addEventListener('abort', abort, { once: true });
    const forgetConnecting = whenConnected(request, server, onConnected);
    request.once('close', () => {
      clearTimeout(timer);
      forgetConnecting();
      signal.removeEventListener('abort', abort);
    });
    request.once('response', (response) => {
      clearTimeout(timer);
      // An abort may come before the body is read: who reads it then gets the error all the same.
      response.on('error', () => undefined);
      resolve(response);
    });
    request.on('error', (error) =>
      reject(isStale(request, error) ? new StaleConnection('', { cause: error }) : error),
    );
    request.end(body);
  });
}

/** Destroys a request whose connection does not come about, TLS included. The returned function stops waiting for it. */
function whenConnected(
  request: ClientRequest,
  server: string,
  onConnected: () => void = () => undefined,
): () => void {
  const timer = setTimeout(() => {
    const silence = `${server}: no connection within ${CONNECT_TIMEOUT_MS / 1000} s`;
    request.destroy(new ConnectionError('unreachable', silence));
  }, CONNECT_TIMEOUT_MS);
  const connected = (): void => {
    clearTimeout(timer);
    onConnected();
  };
  request.once('socket', (socket) => {
    // For TLS through a proxy only the TCP connection stands; for a kept-alive connection TLS stands too.
    if (isShakingHands(socket)) socket.once('secureConnect', connected);
    else if (socket.connecting) socket.once('connect', connected);
    else connected();
  });
  return () => clearTimeout(timer);
}

function clientRequest({ server, path, method, headers, access, body }: Exchange): ClientRequest {
  const send = server.startsWith('https:') ? httpsRequest : httpRequest;
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  return send(`${server}${path}`, {
    ...access,
    method,
    headers: { ...access.headers, ...headers, ...length },
  });
}

const isShakingHands = (socket: Socket): boolean =>
  socket instanceof TLSSocket && 'secureConnecting' in socket && socket.secureConnecting === true;

const isStale = (request: ClientRequest, error: Error): boolean =>
  request.reusedSocket && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
