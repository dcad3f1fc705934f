import type { Identity } from './change.ts';

/** One kind we watch: where the API server serves it, and how its JSON becomes a value. */
export interface Resource<T extends Identity = Identity> {
  /** The name of the source in our own metrics and logs: `virtualmachinebackups`, `virt_handler_pods`, … */
  readonly source: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Restricts the list and watch to one namespace; undefined: the whole cluster. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Throws DecodeError; keeps no reference into its input. */
  readonly decode: (object: unknown) => T;
}

/** `/apis/kubevirt.io/v1/virtualmachineinstances`, without query. */
export function resourcePath({
  group,
  version,
  plural,
  namespace,
}: Pick<Resource, 'group' | 'version' | 'plural' | 'namespace'>): string {
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined ? `${base}/${plural}` : `${base}/namespaces/${namespace}/${plural}`;
}
