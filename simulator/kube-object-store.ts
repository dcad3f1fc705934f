import { randomUUID } from 'node:crypto';
import { EventLog } from './event-log.ts';
import type { StoreEvent } from './event-log.ts';
import { apiVersionOf, kindKey } from './kube-object.ts';
import type { KindDefinition, KubeObject, ObjectMeta, StoredObject } from './kube-object.ts';
import {
  deepFrozen,
  generationAfterDeletion,
  isSameButForVersion,
  storedMetadata,
} from './object-metadata.ts';

interface KubeObjectStoreOptions {
  readonly kinds: readonly KindDefinition[];
  readonly now: () => Date;
  /** In [0, 1); makes uids reproducible. Without it they are truly random. */
  readonly random?: () => number;
  /** How many events a watch can be resumed over; 10,000 by default. */
  readonly historyLimit?: number;
}

/**
 * The only state of one simulated API server. Objects given to it are deeply frozen in place and never change: an update
 * stores a new one. A kind is named by `plural.group` (`kindKey`), or by plural, kind, singular or short name where the
 * first kind registered under that name is meant, as in kubectl.
 */
export class KubeObjectStore {
  readonly #kinds = new Map<string, KindDefinition>();
  readonly #objects = new Map<string, Map<string, StoredObject>>();
  readonly #events: EventLog;
  readonly #now: () => Date;
  readonly #random: (() => number) | undefined;

  constructor(options: KubeObjectStoreOptions) {
    this.#now = options.now;
    this.#random = options.random;
    this.#events = new EventLog(options.historyLimit ?? 10_000);
    for (const kind of options.kinds) this.addKind(kind);
  }

  /** The version of the last write, as a number; object versions are its decimal text. */
  get resourceVersion(): number {
    return this.#events.resourceVersion;
  }

  /** The kinds served now, in the order they were added. */
  get kinds(): readonly KindDefinition[] {
    return [...this.#kinds.values()];
  }

  /** Serves one more kind from now on, as after the installation of a CRD; replaces a kind of the same name. */
  addKind(kind: KindDefinition): void {
    this.#kinds.set(kindKey(kind), kind);
    if (!this.#objects.has(kindKey(kind))) this.#objects.set(kindKey(kind), new Map());
  }

  /** Stops serving a kind and deletes its objects, as after the removal of a CRD; false when it was not served. */
  removeKind(key: string): boolean {
    const kind = this.kind(key);
    if (kind === undefined) return false;
    for (const object of this.list(kindKey(kind))) this.#drop(kind, object);
    this.#objects.delete(kindKey(kind));
    return this.#kinds.delete(kindKey(kind));
  }

  /** The kind of that name; undefined when this cluster does not serve it. */
  kind(key: string): KindDefinition | undefined {
    const exact = this.#kinds.get(key);
    if (exact !== undefined) return exact;
    return this.kinds.find(
      ({ plural, kind, singular, shortNames }) =>
        [plural, kind, singular].includes(key) || shortNames.includes(key),
    );
  }

  /** The object, or undefined; `namespace` is ignored for a cluster-scoped kind. */
  get(key: string, namespace: string, name: string): StoredObject | undefined {
    const kind = this.#served(key);
    return this.#objects.get(kindKey(kind))?.get(objectKey(kind, { namespace, name }));
  }

  /** The objects of one namespace, or of all, in the order of an API server: by namespace, then name. */
  list(key: string, namespace?: string): readonly StoredObject[] {
    const objects = [...(this.#objects.get(kindKey(this.#served(key)))?.entries() ?? [])];
    return objects
      .filter(([, { metadata }]) => namespace === undefined || metadata.namespace === namespace)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);
  }

  /**
   * Creates or replaces. On creation uid, creationTimestamp and generation are kept where given; on replacement they are
   * the store's. A write that changes nothing is no write. Throws for a kind this cluster does not serve.
   */
  apply(object: KubeObject): StoredObject {
    const kind = this.#kindOf(object);
    const key = objectKey(kind, object.metadata);
    const previous = this.#objects.get(kindKey(kind))?.get(key);
    const fresh = { uid: () => this.#uid(), creationTimestamp: () => this.#stamp() };
    const stored = { ...object, metadata: storedMetadata(kind, object, previous, fresh) };
    if (previous !== undefined && isSameButForVersion(stored, previous)) return previous;
    if (
      previous?.metadata.deletionTimestamp !== undefined &&
      (stored.metadata.finalizers ?? []).length === 0
    ) {
      return this.#drop(kind, stored, previous);
    }
    return this.#store(kind, stored, previous);
  }

  /** Replaces an object by what `update` makes of it; undefined when it does not exist. */
  patch(
    key: string,
    namespace: string,
    name: string,
    update: (object: StoredObject) => KubeObject,
  ): StoredObject | undefined {
    const object = this.get(key, namespace, name);
    return object === undefined ? undefined : this.apply(update(object));
  }

  /**
   * Deletes; false when there is no such object. One with finalizers gets a deletionTimestamp and goes with its last
   * finalizer. Objects it owns are left alone: garbage collection is the caller's.
   */
  remove(key: string, namespace: string, name: string): boolean {
    const kind = this.#served(key);
    const object = this.get(key, namespace, name);
    if (object === undefined) return false;
    const { metadata } = object;
    if ((metadata.finalizers ?? []).length === 0) {
      this.#drop(kind, object);
    } else if (metadata.deletionTimestamp === undefined) {
      const marks = {
        deletionTimestamp: this.#stamp(),
        deletionGracePeriodSeconds: 0,
        ...generationAfterDeletion(metadata),
      };
      this.#store(kind, { ...object, metadata: { ...metadata, ...marks } }, object);
    }
    return true;
  }

  /** What happened after `resourceVersion`, oldest first; 'expired' when the log no longer reaches back that far. */
  eventsSince(resourceVersion: number): readonly StoreEvent[] | 'expired' {
    return this.#events.since(resourceVersion);
  }

  /** Calls `listener` synchronously for every event until the returned function is called. */
  subscribe(listener: (event: StoreEvent) => void): () => void {
    return this.#events.subscribe(listener);
  }

  /** Forgets all events, as after a compaction of etcd: older watches and lists can only start anew. */
  expireHistory(): void {
    this.#events.expire();
  }

  /** Sets the counter back, as after a restore of etcd from a backup; the log of events is lost with it. */
  rewind(resourceVersion: number): void {
    this.#events.rewind(resourceVersion);
  }

  #served(key: string): KindDefinition {
    const kind = this.kind(key);
    if (kind === undefined) throw new Error(`this cluster does not serve ${key}`);
    return kind;
  }

  #kindOf(object: KubeObject): KindDefinition {
    const kind = this.kinds.find(
      (served) => served.kind === object.kind && apiVersionOf(served) === object.apiVersion,
    );
    if (kind === undefined)
      throw new Error(`this cluster does not serve ${object.apiVersion} ${object.kind}`);
    return kind;
  }

  #store(kind: KindDefinition, object: StoredObject, previous: StoredObject | undefined): StoredObject {
    const stored = deepFrozen({
      ...object,
      metadata: { ...object.metadata, resourceVersion: this.#nextVersion() },
    });
    this.#objects.get(kindKey(kind))?.set(objectKey(kind, object.metadata), stored);
    this.#events.add({ type: previous === undefined ? 'ADDED' : 'MODIFIED', kind, object: stored, previous });
    return stored;
  }

  #drop(kind: KindDefinition, object: StoredObject, previous = object): StoredObject {
    const last = deepFrozen({
      ...object,
      metadata: { ...object.metadata, resourceVersion: this.#nextVersion() },
    });
    this.#objects.get(kindKey(kind))?.delete(objectKey(kind, object.metadata));
    this.#events.add({ type: 'DELETED', kind, object: last, previous });
    return last;
  }

  #nextVersion(): string {
    return String(this.resourceVersion + 1);
  }

  #stamp(): string {
    return this.#now()
      .toISOString()
      .replace(/\.\d+Z$/, 'Z');
  }

  #uid(): string {
    const random = this.#random;
    if (random === undefined) return randomUUID();
    return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replaceAll('x', () =>
      Math.floor(random() * 16).toString(16),
    );
  }
}

function objectKey(
  kind: KindDefinition,
  { namespace = 'default', name }: Pick<ObjectMeta, 'namespace' | 'name'>,
): string {
  return kind.namespaced ? `${namespace}/${name}` : name;
}
