import type { Identity } from '../change.ts';
import { Fields } from './fields.ts';

/** The part of `metadata` every kind shares. Times are milliseconds since the epoch. */
export interface Metadata extends Identity {
  readonly createdMs: number | undefined;
  /** Set while the object is being deleted. */
  readonly deletingSinceMs: number | undefined;
}

/** An object split into what its decoder reads. Absent parts read as empty objects. */
interface ObjectParts {
  readonly metadata: Metadata;
  readonly fields: Fields;
  readonly labels: Fields;
  readonly annotations: Fields;
  readonly spec: Fields;
  readonly status: Fields;
}

/** Throws DecodeError unless the object has a name; `uid` is empty where the server sends none. */
export function objectParts(object: unknown): ObjectParts {
  const fields = new Fields(object);
  const metadata = orEmpty(fields.child('metadata'));
  return {
    fields,
    metadata: {
      namespace: metadata.text('namespace') ?? '',
      name: metadata.name('name'),
      uid: metadata.text('uid') ?? '',
      createdMs: metadata.timeMs('creationTimestamp'),
      deletingSinceMs: metadata.timeMs('deletionTimestamp'),
    },
    labels: orEmpty(metadata.child('labels')),
    annotations: orEmpty(metadata.child('annotations')),
    spec: orEmpty(fields.child('spec')),
    status: orEmpty(fields.child('status')),
  };
}

export const orEmpty = (fields: Fields | undefined): Fields => fields ?? new Fields({});

/** A Kubernetes condition; `sinceMs` is `lastTransitionTime`, or where a controller keeps only that, `lastUpdateTime`. */
export interface Condition {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly sinceMs: number | undefined;
}

/** The condition of a type; undefined while the object has none. */
export function conditionOf(status: Fields, type: string): Condition | undefined {
  const condition = status.children('conditions').find((candidate) => candidate.text('type') === type);
  if (condition === undefined) return undefined;
  return {
    status: condition.text('status') ?? '',
    reason: condition.text('reason') ?? '',
    message: condition.text('message') ?? '',
    // Harvester 1.7–1.8 write only lastUpdateTime (wrangler condition.go touchTS), older releases only lastTransitionTime.
    sinceMs: condition.timeMs('lastTransitionTime') ?? condition.timeMs('lastUpdateTime'),
  };
}

/**
 * The newest time in `metadata.managedFields`: of every write, or of those to one subresource. It moves only when a value
 * changed (apimachinery meta/v1 types.go ManagedFieldsEntry). undefined where the server does not say.
 */
export function lastWriteMs(object: Fields, subresource?: string): number | undefined {
  const times = (object.child('metadata')?.children('managedFields') ?? [])
    .filter((entry) => subresource === undefined || entry.text('subresource') === subresource)
    .flatMap((entry) => entry.timeMs('time') ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}
