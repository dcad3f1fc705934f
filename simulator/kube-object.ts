/** What every kind carries. What the API server fills in is optional here and present in a `StoredObject`. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent for a cluster-scoped object. */
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  /** RFC 3339, whole seconds, UTC. */
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

/** A reference of `metadata.ownerReferences`. */
interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** One object of the Kubernetes API as JSON, of any kind. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** An object the store holds: deeply frozen, with what an API server adds to it. */
export interface StoredObject extends KubeObject {
  readonly metadata: ObjectMeta & {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly creationTimestamp: string;
  };
}

/** A column of `kubectl get`, as in `additionalPrinterColumns` of a CRD. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** A path into the object, or a function for the built-in kinds whose columns are computed. */
  readonly jsonPath: string | ((object: KubeObject, now: Date) => string | number);
  /** 0 (the default) is always shown, 1 with `-o wide` only. */
  readonly priority?: number;
}

/** One kind an API server serves. */
export interface KindDefinition {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** `all` for what `kubectl get all` shows. */
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** True: `status` is written through `/status` only, and does not count for `metadata.generation`. */
  readonly statusSubresource: boolean;
  /** The columns after NAME. Empty: AGE alone, as for a CRD without columns. */
  readonly printerColumns: readonly PrinterColumn[];
}

/** `pods`, `virtualmachinebackups.harvesterhci.io`: the one name of a kind within a cluster. */
export const kindKey = ({ group, plural }: Pick<KindDefinition, 'group' | 'plural'>): string =>
  group === '' ? plural : `${plural}.${group}`;

/** `v1`, `harvesterhci.io/v1beta1`. */
export const apiVersionOf = ({ group, version }: Pick<KindDefinition, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;
