import type { StoreEvent } from '../event-log.ts';
import { apiVersionOf } from '../kube-object.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Faults } from './faults.ts';
import type { ReadRequest } from './reads.ts';
import type { ResponseStream } from './response-stream.ts';
import type { Selector } from './selectors.ts';
import { statusOf } from './status.ts';
import type { StatusError } from './status.ts';

/** What one watcher sees of one write. */
interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** What a watcher with that selector sees of a write: an object that leaves the selector is deleted for it. */
export function seenThrough(
  selector: Selector,
  { type, object, previous }: StoreEvent,
): WatchEvent | undefined {
  const before = previous !== undefined && selector(previous);
  const after = type !== 'DELETED' && selector(object);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', object };
  if (!before) return undefined;
  const { resourceVersion } = object.metadata;
  return { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion } } };
}

/** Writes the events of one watch as lines of JSON, in the representation asked for. */
export class WatchEventWriter {
  readonly #request: ReadRequest;
  readonly #stream: ResponseStream;
  readonly #faults: Faults;
  readonly #requestLine: string;
  #first = true;
  #held: WatchEvent | undefined;

  constructor(request: ReadRequest, stream: ResponseStream, faults: Faults, requestLine: string) {
    this.#request = request;
    this.#stream = stream;
    this.#faults = faults;
    this.#requestLine = requestLine;
  }

  event(event: WatchEvent): void {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined && this.#faults.take('reorder-events', this.#requestLine) !== undefined) {
      this.#held = event;
      return;
    }
    this.#object(event.type, event.object);
    if (held !== undefined) this.#object(held.type, held.object);
    if (this.#faults.take('duplicate-events', this.#requestLine) !== undefined)
      this.#object(event.type, event.object);
  }

  /** A bookmark: the version up to which everything was sent. */
  bookmark(resourceVersion: number): void {
    const { kind } = this.#request;
    const metadata = { name: '', resourceVersion: String(resourceVersion) };
    this.#object('BOOKMARK', { kind: kind.kind, apiVersion: apiVersionOf(kind), metadata });
  }

  /** An ERROR event: why the watch cannot go on. */
  error(error: StatusError): void {
    this.#line('ERROR', statusOf(error));
  }

  #object(type: WatchEvent['type'] | 'BOOKMARK', object: KubeObject): void {
    this.#line(type, this.#request.representation.watched(object, this.#first));
    this.#first = false;
  }

  #line(type: string, object: object): void {
    this.#stream.write(`${JSON.stringify({ type, object })}\n`);
  }
}
