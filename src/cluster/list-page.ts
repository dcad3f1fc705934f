import { ConnectionError } from '../errors.ts';

/** One page of a list. */
interface ListPage {
  readonly items: readonly unknown[];
  /** undefined where the server keeps no versions, as metrics-server, whose lists have empty metadata. */
  readonly version: string | undefined;
  /** Fetches the next page; undefined on the last one. */
  readonly token: string | undefined;
}

/** The parts of metadata every object has, as far as they are readable. */
interface ObjectMetadata {
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  readonly resourceVersion: string | undefined;
}

const EVENT_TYPES = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'] as const;

export interface WatchEvent {
  readonly type: (typeof EVENT_TYPES)[number];
  readonly object: unknown;
}

/** Throws ConnectionError `nonsense` for what is no list of Kubernetes. */
export function pageOf(answer: unknown, path: string): ListPage {
  const { items, metadata } = fieldsOf(answer);
  const { resourceVersion, continue: token } = fieldsOf(metadata);
  // A list without items is written as null by Go; an answer without the field, such as a Status, is no list.
  if (items !== null && !Array.isArray(items)) {
    throw new ConnectionError('nonsense', `${path}: the answer is not a list`);
  }
  return {
    items: (items ?? []) as readonly unknown[],
    version: textOf(resourceVersion),
    token: typeof token === 'string' && token !== '' ? token : undefined,
  };
}

/** Throws ConnectionError `nonsense` for what is no event of a watch. */
export function watchEventOf(line: unknown): WatchEvent {
  const { type, object } = fieldsOf(line);
  const known = EVENT_TYPES.find((eventType) => eventType === type);
  if (known === undefined) throw new ConnectionError('nonsense', 'a line of the watch is not an event');
  return { type: known, object };
}

/** Fields that are missing or no text are undefined; a name is never empty. */
export function metadataOf(object: unknown): ObjectMetadata {
  const { namespace, name, resourceVersion } = fieldsOf(fieldsOf(object).metadata);
  return { namespace: textOf(namespace), name: textOf(name), resourceVersion: textOf(resourceVersion) };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;
