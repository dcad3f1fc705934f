/**
 * The values at a path of the kind CRDs name in `additionalPrinterColumns`: `.a.b`, `.list[0].c`,
 * `.conditions[?(@.type=='Ready')].status`, `.annotations['a.b/c']`. Empty where the path leads nowhere.
 */
export function valuesAt(root: unknown, path: string): readonly unknown[] {
  let values: readonly unknown[] = [root];
  for (const step of path.matchAll(STEP)) {
    const [, field, index, quoted, filterField, filterValue] = step;
    values = values.flatMap((value): readonly unknown[] => {
      if (filterField !== undefined)
        return elements(value).filter((part) => fieldOf(part, filterField) === filterValue);
      if (index === '*') return elements(value);
      if (index !== undefined) return present(elements(value).at(Number(index)));
      return present(fieldOf(value, field ?? quoted ?? ''));
    });
  }
  return values;
}

const STEP = /\.([^.[\]]+)|\[(\d+|\*)\]|\['([^']+)'\]|\[\?\(@\.([\w-]+)\s*==\s*['"]([^'"]*)['"]\)\]/g;

const elements = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const present = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : [value];

const fieldOf = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, field)
    ? (value as Readonly<Record<string, unknown>>)[field]
    : undefined;
