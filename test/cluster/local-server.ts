import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { createApi, type Api } from '../../src/cluster/api.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface LocalServer {
  readonly url: string;
  /** Method and URL of each request, in order. */
  readonly requests: readonly string[];
  /** TCP connections accepted so far. */
  connections(): number;
  /** Replaces what is answered from now on. */
  answerWith(answer: Answer): void;
  close(): Promise<void>;
}

/** A real server on a free port of this machine that answers as told. */
export async function startLocalServer(answer: Answer): Promise<LocalServer> {
  const requests: string[] = [];
  let current = answer;
  let connections = 0;
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    current(request, response);
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    requests,
    connections: () => connections,
    answerWith: (next) => (current = next),
    close: () => closed(server),
  };
}

export const portOf = (server: Pick<Server, 'address'>): number => (server.address() as AddressInfo).port;

export async function closed(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}

export function kubeConfigFor(url: string, user: Readonly<Record<string, unknown>> = {}): KubeConfig {
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'test', server: url, skipTLSVerify: false },
    { name: 'tester', ...user },
  );
  return config;
}

export const apiFor = (server: Pick<LocalServer, 'url'>): Api =>
  createApi(kubeConfigFor(server.url), { userAgent: 'freezewatch/test' });

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

/** As an API server refuses. */
export const sendStatus = (response: ServerResponse, code: number, reason: string, message = reason): void =>
  sendJson(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message }, code);

/** Waits until the condition holds; fails after two seconds. */
export async function until(condition: () => boolean, what = 'the condition'): Promise<void> {
  const deadlineMs = Date.now() + 2_000;
  while (!condition()) {
    if (Date.now() > deadlineMs) throw new Error(`gave up waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Everything a source yields in one call. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
