import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ConnectionError } from '../errors.ts';
import { connectionError } from './http-failure.ts';

const unzip = promisify(gunzip);

interface BodyReading {
  readonly server: string;
  readonly idleTimeoutMs: number;
  /** The signal the request was sent with. */
  readonly signal: AbortSignal;
}

/**
 * The raw chunks of an answer. Returns at its clean end; throws ConnectionError `broken` when it was torn and
 * `timeout` after `idleTimeoutMs` without a byte, or the signal's reason.
 */
export async function* chunksOf(
  response: IncomingMessage,
  { server, idleTimeoutMs, signal }: BodyReading,
): AsyncGenerator<Buffer, void> {
  const timer = setTimeout(() => {
    const silence = `${server}: silent for ${idleTimeoutMs / 1000} s in the middle of an answer`;
    response.destroy(new ConnectionError('timeout', silence));
  }, idleTimeoutMs);
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      timer.refresh();
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(error, 'body', server);
  } finally {
    clearTimeout(timer);
  }
  // A body that ends before its last chunk or its declared length is torn.
  if (!response.complete) throw new ConnectionError('broken', `${server}: the answer broke off`);
}

/** The whole body as text, unzipped. Throws ConnectionError when it is torn, silent for too long, or no gzip. */
export async function textOf(response: IncomingMessage, reading: BodyReading): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of chunksOf(response, reading)) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  if (response.headers['content-encoding'] !== 'gzip') return body.toString('utf8');
  try {
    return (await unzip(body)).toString('utf8');
  } catch (error) {
    throw new ConnectionError('nonsense', `${reading.server}: the answer says gzip and is none`, error);
  }
}

/** The JSON of a body; ConnectionError `nonsense` for any other text: a login page, an error of a proxy. */
export function jsonOf(text: string, server: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConnectionError('nonsense', `${server}: the answer is not JSON`, error);
  }
}
