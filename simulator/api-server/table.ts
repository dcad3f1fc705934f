import { humanDuration } from '../human-duration.ts';
import { valuesAt } from '../json-path.ts';
import type { KindDefinition, KubeObject, PrinterColumn } from '../kube-object.ts';

/** Kinds without columns show their age, as a CRD without `additionalPrinterColumns` does. */
const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };

const columnsOf = ({ printerColumns }: KindDefinition): readonly PrinterColumn[] =>
  printerColumns.length === 0 ? [AGE] : printerColumns;

/** The `columnDefinitions` of a meta.k8s.io/v1 Table. */
export function columnDefinitions(kind: KindDefinition): readonly object[] {
  const name = {
    name: 'Name',
    type: 'string',
    format: 'name',
    description: 'Name of the object.',
    priority: 0,
  };
  const others = columnsOf(kind).map((column) => ({
    name: column.name,
    type: column.type,
    format: '',
    description: '',
    priority: column.priority ?? 0,
  }));
  return [name, ...others];
}

/** One row of a Table; `included` is what `includeObject` asked for. */
export const tableRow = (
  kind: KindDefinition,
  object: KubeObject,
  now: Date,
  included: object | undefined,
): object => ({
  cells: [object.metadata.name, ...columnsOf(kind).map((column) => cell(column, object, now))],
  ...(included === undefined ? {} : { object: included }),
});

/** As apiextensions-apiserver v1.32 pkg/registry/customresource/tableconvertor does; null prints as nothing. */
function cell(
  { type, jsonPath }: PrinterColumn,
  object: KubeObject,
  now: Date,
): string | number | boolean | null {
  if (typeof jsonPath === 'function') return jsonPath(object, now);
  const [value] = valuesAt(object, jsonPath);
  if (value === undefined) return null;
  switch (type) {
    case 'date':
      return dateCell(value, now);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'string':
      return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

function dateCell(value: unknown, now: Date): string {
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? '<invalid>' : humanDuration(now.getTime() - at);
}
