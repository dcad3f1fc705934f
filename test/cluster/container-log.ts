import type { IncomingMessage, ServerResponse } from 'node:http';
import { instantOf } from '../../src/cluster/log-stamp.ts';
import { sendStatus } from './local-server.ts';

export interface WrittenLine {
  readonly stamp: string;
  readonly text: string;
}

export const written = (stamp: string, text: string): WrittenLine => ({ stamp, text });

/** How one request is answered: the bytes cut in pieces, and torn after so many of them. */
export interface Delivery {
  /** The log as it is now: this many of its lines are written. */
  readonly lines?: number;
  readonly pieceBytes?: number;
  readonly tornAfterBytes?: number;
  readonly ignoresSinceTime?: boolean;
}

/** Answers as the kubelet does: the lines not older than `sinceTime`, in the order they were written. */
export function deliver(
  log: readonly WrittenLine[],
  request: IncomingMessage,
  response: ServerResponse,
  delivery: Delivery = {},
): void {
  const { lines = log.length, pieceBytes = Infinity, tornAfterBytes, ignoresSinceTime = false } = delivery;
  const query = new URL(request.url ?? '', 'http://server').searchParams;
  const since = ignoresSinceTime ? 0n : (instantOf(query.get('sinceTime') ?? '') ?? 0n);
  const kept = log.slice(0, lines).filter(({ stamp }) => (instantOf(stamp) ?? 0n) >= since);
  const bytes = Buffer.from(kept.map(({ stamp, text }) => `${stamp} ${text}\n`).join(''));
  response.flushHeaders();
  send(response, bytes.subarray(0, tornAfterBytes), pieceBytes, tornAfterBytes !== undefined);
}

function send(response: ServerResponse, bytes: Buffer, pieceBytes: number, isTorn: boolean): void {
  const piece = bytes.subarray(0, pieceBytes);
  if (piece.length > 0) {
    response.write(piece, () => send(response, bytes.subarray(piece.length), pieceBytes, isTorn));
  } else if (isTorn) {
    // Once the bytes had their chance to arrive: a reset discards what is still in a buffer.
    setImmediate(() => response.destroy());
  } else {
    response.end();
  }
}

export const refuse =
  (status: number, message: string) =>
  (_request: IncomingMessage, response: ServerResponse): void =>
    sendStatus(response, status, 'BadRequest', message);
