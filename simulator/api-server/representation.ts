import { apiVersionOf } from '../kube-object.ts';
import type { KindDefinition, KubeObject } from '../kube-object.ts';
import { columnDefinitions, tableRow } from './table.ts';

/** `metadata` of a list: the version it was read at, and where the next page starts. */
export interface ListMeta {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** How a client wants its objects: whole, their metadata only, or as rows to print. */
export interface Representation {
  readonly object: (object: KubeObject) => object;
  readonly list: (items: readonly KubeObject[], metadata: ListMeta) => object;
  /** The object of a watch event; `first`: nothing was sent on this watch before. */
  readonly watched: (object: KubeObject, first: boolean) => object;
}

/** The one the Accept header asks for first and we can give; whole objects as JSON when it asks for something else only. */
export function representation(
  kind: KindDefinition,
  accept: string,
  query: URLSearchParams,
  now: () => Date,
): Representation {
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    if (type !== 'application/json' && type !== '*/*' && type !== 'application/*') continue;
    if (parameters.includes('as=Table')) return asTable(kind, query.get('includeObject'), now);
    if (parameters.some((parameter) => parameter.startsWith('as=PartialObjectMetadata')))
      return METADATA_ONLY;
    if (!parameters.some((parameter) => parameter.startsWith('as='))) break;
  }
  return whole(kind);
}

const META = 'meta.k8s.io/v1';

const metadataOf = ({ metadata }: KubeObject): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: META,
  metadata,
});

const METADATA_ONLY: Representation = {
  object: metadataOf,
  list: (items, metadata) => ({
    kind: 'PartialObjectMetadataList',
    apiVersion: META,
    metadata,
    items: items.map(metadataOf),
  }),
  watched: metadataOf,
};

/** Built-in lists name the kind once; lists of custom resources name it in each item too. */
const GROUPS_WITH_BARE_ITEMS = new Set(['', 'apps', 'rbac.authorization.k8s.io', 'networking.k8s.io']);

function whole(kind: KindDefinition): Representation {
  const bare = (object: KubeObject): object => ({ ...object, apiVersion: undefined, kind: undefined });
  return {
    object: (object) => object,
    list: (items, metadata) => ({
      kind: `${kind.kind}List`,
      apiVersion: apiVersionOf(kind),
      metadata,
      items: GROUPS_WITH_BARE_ITEMS.has(kind.group) ? items.map(bare) : items,
    }),
    watched: (object) => object,
  };
}

function asTable(kind: KindDefinition, includeObject: string | null, now: () => Date): Representation {
  const included = (object: KubeObject): object | undefined => {
    if (includeObject === 'None') return undefined;
    return includeObject === 'Object' ? object : metadataOf(object);
  };
  const table = (items: readonly KubeObject[], metadata: ListMeta, columns: readonly object[]): object => ({
    kind: 'Table',
    apiVersion: META,
    metadata,
    columnDefinitions: columns,
    rows: items.map((object) => tableRow(kind, object, now(), included(object))),
  });
  const version = ({ metadata }: KubeObject): ListMeta => ({
    resourceVersion: metadata.resourceVersion ?? '',
  });
  return {
    object: (object) => table([object], version(object), columnDefinitions(kind)),
    list: (items, metadata) => table(items, metadata, columnDefinitions(kind)),
    // Columns are named once per watch; kubectl remembers them.
    watched: (object, first) => table([object], version(object), first ? columnDefinitions(kind) : []),
  };
}
