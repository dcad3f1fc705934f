import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const ROOT = join(import.meta.dirname, '../..');

/** One object of a manifest. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The objects of a manifest; throws for what is not YAML, or no object. */
export function objectsOf(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    assert.deepEqual(document.errors, []);
    const object = document.toJS() as Manifest | null;
    if (object === null) return [];
    assert.ok(
      object.kind && object.apiVersion && object.metadata.name,
      'an object has kind, version and name',
    );
    return [object];
  });
}

/** The objects of a file of the repository. */
export const objectsOfFile = (path: string): readonly Manifest[] =>
  objectsOf(readFileSync(join(ROOT, path), 'utf8'));

export const named = ({ kind, metadata: { namespace, name } }: Manifest): string =>
  [kind, namespace, name].filter((part) => part !== undefined).join('/');

/** The only object of a kind. */
export function theOne(objects: readonly Manifest[], kind: string): Manifest {
  const [found, ...others] = objects.filter((object) => object.kind === kind);
  assert.ok(found !== undefined && others.length === 0, `one ${kind}, in ${objects.map(named).join(' ')}`);
  return found;
}

/** The value at a path such as `spec.template.spec.containers.0.image`; undefined where there is none. */
export function at(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
