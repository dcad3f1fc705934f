import { badRequest } from './status.ts';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

type Container = Record<string, unknown> | unknown[];

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

/** RFC 6902 with add, replace, remove and test; throws a StatusError 400 for anything else and for a path that is not there. */
export function jsonPatched(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('a JSON patch is a list of operations');
  const result = structuredClone(target);
  for (const operation of patch as readonly Operation[]) applyOperation(result, operation);
  return result;
}

function applyOperation(root: unknown, { op, path, value }: Operation): void {
  const segments = path
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = segments.pop() ?? '';
  const parent = segments.reduce<unknown>((at, segment) => fieldOf(at, segment), root);
  if (!isContainer(parent)) throw badRequest(`the path ${path} does not exist`);
  switch (op) {
    case 'add':
    case 'replace':
      put(parent, last, value, op === 'add');
      break;
    case 'remove':
      remove(parent, last);
      break;
    case 'test':
      if (JSON.stringify(fieldOf(parent, last)) !== JSON.stringify(value))
        throw badRequest(`test of ${path} failed`);
      break;
    default:
      throw badRequest(`unknown operation ${op}`);
  }
}

function fieldOf(container: unknown, field: string): unknown {
  if (Array.isArray(container)) return container[Number(field)] as unknown;
  return isContainer(container) && Object.hasOwn(container, field)
    ? (container as Record<string, unknown>)[field]
    : undefined;
}

function put(parent: Container, field: string, value: unknown, inserts: boolean): void {
  if (!Array.isArray(parent)) parent[field] = value;
  else if (field === '-') parent.push(value);
  else parent.splice(Number(field), inserts ? 0 : 1, value);
}

function remove(parent: Container, field: string): void {
  if (Array.isArray(parent)) parent.splice(Number(field), 1);
  else Reflect.deleteProperty(parent, field);
}
