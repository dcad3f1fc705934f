/**
 * A change of one kind, from a list or a watch. `sync` opens a complete list and `synced` closes it: every object
 * without a `set` between the two is gone. Pages travel one object at a time, so a list is never held whole.
 */
export type Change<T> =
  | { readonly type: 'sync' }
  | { readonly type: 'set'; readonly object: T }
  | { readonly type: 'delete'; readonly key: string }
  | { readonly type: 'synced' };

/** What every decoded object carries. `namespace` is empty for a cluster-scoped object. */
export interface Identity {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** The key of an object in its table. Names and namespaces cannot contain a slash. */
export const keyOf = ({ namespace, name }: Pick<Identity, 'namespace' | 'name'>): string =>
  `${namespace}/${name}`;
