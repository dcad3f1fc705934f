import type { KindDefinition, PrinterColumn } from '../kube-object.ts';

/** One column read at a JSON path. */
export const column = (
  name: string,
  type: PrinterColumn['type'],
  jsonPath: string,
  priority = 0,
): PrinterColumn => ({
  name,
  type,
  jsonPath,
  priority,
});

/** The column of the time since creation. */
export const age = (name = 'Age'): PrinterColumn => column(name, 'date', '.metadata.creationTimestamp');

/** The status of the condition of that type. */
export const condition = (name: string, type: string, priority = 0): PrinterColumn =>
  column(name, 'string', `.status.conditions[?(@.type=='${type}')].status`, priority);

interface KindOptions {
  readonly shortNames?: readonly string[];
  readonly columns?: readonly PrinterColumn[];
  readonly categories?: readonly string[];
  readonly clusterScoped?: boolean;
  readonly statusSubresource?: boolean;
}

/** Defines kinds of one group and version; namespaced and without columns unless the options say otherwise. */
export function kindsOf(group: string, version: string) {
  return (kind: string, plural: string, options: KindOptions = {}): KindDefinition => ({
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    shortNames: options.shortNames ?? [],
    ...(options.categories === undefined ? {} : { categories: options.categories }),
    namespaced: options.clusterScoped !== true,
    statusSubresource: options.statusSubresource ?? false,
    printerColumns: options.columns ?? [],
  });
}
