import type { IncomingMessage } from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';
import { Credentials, type Access } from './credentials.ts';
import { chunksOf, jsonOf, textOf } from './http-body.ts';
import { answerTo, type Exchange } from './http-exchange.ts';
import { refusal } from './http-failure.ts';
import { ServerClock } from './server-clock.ts';
import { unlessAborted } from './unless-aborted.ts';

interface CallOptions {
  readonly signal: AbortSignal;
  /** Longest silence before and within the answer; default 30 s. */
  readonly timeoutMs?: number;
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Until the head of the answer; default 30 s. A pod log's head may come with its first line. */
  readonly headersTimeoutMs?: number;
  /** Longest silence within the stream; default: any. */
  readonly idleTimeoutMs?: number;
  /** The connection stands and the request is on its way; an answer may take any time. */
  readonly onConnected?: () => void;
}

/**
 * What we ask of one API server. Every call rejects with ApiError when the server refuses, with ConnectionError when
 * it is out of reach or makes no sense, and with the signal's reason once that is aborted. Paths include the query.
 */
export interface Api {
  /** Without credentials: fit for logs. */
  readonly server: string;
  getJson(path: string, options: CallOptions): Promise<unknown>;
  /**
   * Resolves at the head of the answer; the chunks must then be read. They end with the answer, or throw
   * ConnectionError: `broken` for a torn answer, `timeout` for a silent one.
   */
  stream(path: string, options: StreamOptions): Promise<AsyncIterable<Buffer>>;
  /** DELETE; `body` is a DeleteOptions, for instance with preconditions. */
  remove(path: string, body: unknown, options: CallOptions): Promise<unknown>;
  patch(path: string, body: unknown, contentType: string, options: CallOptions): Promise<unknown>;
  /** The server's clock minus ours, in milliseconds; 0 while unknown or within two seconds. */
  clockSkewMs(): number;
}

interface ApiIdentity {
  /** `freezewatch/<version>`. */
  readonly userAgent: string;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** The longest delay a Node.js timer can hold. */
const NEVER_MS = 2 ** 31 - 1;

type Call = Omit<Exchange, 'server' | 'access'>;

/** The API of the current context's cluster. Opens nothing before the first call. */
export function createApi(kubeConfig: KubeConfig, { userAgent }: ApiIdentity): Api {
  return new KubeApi(new Credentials(kubeConfig), userAgent);
}

class KubeApi implements Api {
  readonly server: string;
  readonly #credentials: Credentials;
  readonly #userAgent: string;
  readonly #clock = new ServerClock();

  constructor(credentials: Credentials, userAgent: string) {
    this.#credentials = credentials;
    this.#userAgent = userAgent;
    this.server = credentials.server;
  }

  getJson(path: string, options: CallOptions): Promise<unknown> {
    return this.#json({ method: 'GET', path, headers: { 'accept-encoding': 'gzip' } }, options);
  }

  async stream(path: string, options: StreamOptions): Promise<AsyncIterable<Buffer>> {
    const { signal, headersTimeoutMs = DEFAULT_TIMEOUT_MS, idleTimeoutMs = NEVER_MS, onConnected } = options;
    // No gzip: a compressed stream holds its lines back until a block is full.
    const call: Call = {
      method: 'GET',
      path,
      headers: {},
      signal,
      headTimeoutMs: headersTimeoutMs,
      ...(onConnected === undefined ? {} : { onConnected }),
    };
    return chunksOf(await this.#accepted(call), { server: this.server, idleTimeoutMs, signal });
  }

  remove(path: string, body: unknown, options: CallOptions): Promise<unknown> {
    const headers = { 'content-type': 'application/json' };
    return this.#json({ method: 'DELETE', path, headers, body: JSON.stringify(body) }, options);
  }

  patch(path: string, body: unknown, contentType: string, options: CallOptions): Promise<unknown> {
    const headers = { 'content-type': contentType };
    return this.#json({ method: 'PATCH', path, headers, body: JSON.stringify(body) }, options);
  }

  clockSkewMs(): number {
    return this.#clock.skewMs;
  }

  async #json(
    call: Omit<Call, 'signal' | 'headTimeoutMs'>,
    { signal, timeoutMs = DEFAULT_TIMEOUT_MS }: CallOptions,
  ): Promise<unknown> {
    const sentMs = Date.now();
    const headers = { ...call.headers, accept: 'application/json' };
    const response = await this.#accepted({ ...call, headers, signal, headTimeoutMs: timeoutMs });
    this.#clock.observe(response.headers.date, sentMs, Date.now());
    const reading = { server: this.server, idleTimeoutMs: timeoutMs, signal };
    return jsonOf(await textOf(response, reading), this.server);
  }

  /** The answer, once the server accepted the call. A 401 is asked again with fresh credentials, if there are any. */
  async #accepted(call: Call): Promise<IncomingMessage> {
    const access = await this.#access(call);
    const response = await this.#answer(call, access);
    if (response.statusCode !== 401) return this.#unlessRefused(response, call);
    this.#credentials.forget();
    const fresh = await this.#access(call);
    if (isSameAccess(access, fresh)) return this.#unlessRefused(response, call);
    response.resume();
    return this.#unlessRefused(await this.#answer(call, fresh), call);
  }

  /** A credential plugin may take long. */
  #access({ signal }: Call): Promise<Access> {
    return unlessAborted(this.#credentials.access(), signal);
  }

  #answer(call: Call, access: Access): Promise<IncomingMessage> {
    const headers = { 'user-agent': this.#userAgent, ...call.headers };
    return answerTo({ ...call, headers, server: this.server, access });
  }

  async #unlessRefused(response: IncomingMessage, { signal }: Call): Promise<IncomingMessage> {
    const { statusCode: status = 0, headers } = response;
    if (status >= 200 && status < 300) return response;
    const reading = { server: this.server, idleTimeoutMs: DEFAULT_TIMEOUT_MS, signal };
    const body = await textOf(response, reading);
    throw refusal({ status, headers, body }, this.server);
  }
}

const isSameAccess = (one: Access, other: Access): boolean =>
  one.headers.Authorization === other.headers.Authorization && one.agent === other.agent;
