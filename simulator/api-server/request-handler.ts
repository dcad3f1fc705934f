import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AccessControl, Identity } from './access-control.ts';
import type { Answer } from './answer.ts';
import { identityOf } from './authentication.ts';
import { authorize } from './authorization.ts';
import { faultError } from './fault-error.ts';
import { resourceAttributes } from './request-attributes.ts';
import type { ResourceAttributes } from './request-attributes.ts';
import { ResponseStream } from './response-stream.ts';
import { route } from './router.ts';
import type { RouterContext } from './router.ts';
import { statusOf, StatusError } from './status.ts';

/** One request as the server saw it. */
export interface RequestRecord {
  readonly at: Date;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly user: string;
  /** Undefined for discovery and other paths that name no resource. */
  readonly attributes: ResourceAttributes | undefined;
  readonly userAgent: string;
  /** The HTTP status of the answer; 0 when a fault left the request without one. */
  readonly status: number;
}

interface HandlerContext extends RouterContext {
  readonly access: AccessControl | undefined;
  readonly onRequest: ((request: RequestRecord) => void) | undefined;
}

const REQUESTS_KEPT = 10_000;
const NONSENSE = '<!DOCTYPE html><html><body>Please sign in</body></html>\n';

/** Takes each request from the wire through authentication, authorisation, faults and the router to its answer. */
export class RequestHandler {
  readonly requests: RequestRecord[] = [];
  readonly #context: HandlerContext;

  constructor(context: HandlerContext) {
    this.#context = context;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { faults } = this.#context;
    const { method = 'GET', url: path = '/' } = request;
    const line = `${method} ${path}`;
    // A path of two slashes is a path too, not a host.
    const url = new URL(`http://server${path.startsWith('/') ? path : '/'}`);
    const attributes = resourceAttributes(method, url);
    const skew = faults.take('clock-skew', line);
    if (skew !== undefined) response.setHeader('Date', new Date(Date.now() + skew.ms).toUTCString());
    const record = (status: number, user = ''): void => {
      const userAgent = request.headers['user-agent'] ?? '';
      this.#record({ at: new Date(), method, path, user, attributes, userAgent, status });
    };
    if (this.#isSilenced(line, response)) {
      record(0);
      return;
    }
    let user = '';
    try {
      const { access, extraRoutes } = this.#context;
      const identity = identityOf(request.headers, extraRoutes.has(url.pathname) ? undefined : access);
      user = identity.username;
      const body = await buffer(request);
      if (response.destroyed) return;
      const answer = this.#answer({ request, url, line, attributes, identity, body });
      record(answer.type === 'stream' ? 200 : answer.code, user);
      this.#send(answer, response, line);
    } catch (error) {
      // The client went away before its request was complete.
      if (request.errored !== null || response.destroyed) return;
      const refused = error instanceof StatusError ? error : internalError(error);
      record(refused.code, user);
      if (!response.headersSent) this.#send(refusal(refused, response), response, line);
      // A bug of ours: the client has its answer, and the owner of the server has to see the error.
      if (refused !== error) throw error;
    }
  }

  #answer(parts: {
    readonly request: IncomingMessage;
    readonly url: URL;
    readonly line: string;
    readonly attributes: ResourceAttributes | undefined;
    readonly identity: Identity;
    readonly body: Buffer;
  }): Answer {
    const { request, url, line, attributes, identity, body } = parts;
    const fault = this.#context.faults.take('status', line);
    if (fault !== undefined) throw faultError(fault.code, fault.retryAfterSeconds);
    if (this.#context.faults.take('nonsense', line) !== undefined)
      return { type: 'text', code: 200, body: NONSENSE };
    authorize(this.#context.store, identity, request.method ?? 'GET', url, attributes);
    const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
    const accept = request.headers.accept ?? '*/*';
    return route(this.#context, { url, line, identity, attributes, accept, contentType, body });
  }

  /** The faults that leave a request without answer. */
  #isSilenced(line: string, response: ServerResponse): boolean {
    if (this.#context.faults.take('destroy', line) !== undefined) {
      response.destroy();
      return true;
    }
    return this.#context.faults.take('hang', line) !== undefined;
  }

  #send(answer: Answer, response: ServerResponse, line: string): void {
    const stream = new ResponseStream(response, this.#context.faults, line);
    const code = answer.type === 'stream' ? 200 : answer.code;
    response.writeHead(code, { 'Content-Type': contentTypeOf(answer), 'Cache-Control': 'no-cache, private' });
    if (answer.type === 'stream') {
      response.flushHeaders();
      answer.run(stream);
    } else {
      stream.write(answer.type === 'json' ? `${JSON.stringify(answer.body)}\n` : answer.body);
      stream.end();
    }
  }

  #record(request: RequestRecord): void {
    this.requests.push(request);
    if (this.requests.length > REQUESTS_KEPT) this.requests.shift();
    this.#context.onRequest?.(request);
  }
}

const internalError = (error: unknown): StatusError =>
  new StatusError(
    500,
    'InternalError',
    `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`,
  );

const contentTypeOf = (answer: Answer): string =>
  answer.contentType ?? (answer.type === 'text' ? 'text/plain; charset=utf-8' : 'application/json');

function refusal(error: StatusError, response: ServerResponse): Answer {
  const { retryAfterSeconds } = error.details;
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
  return { type: 'json', code: error.code, body: statusOf(error) };
}
