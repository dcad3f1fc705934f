import * as kubernetes from '@kubernetes/client-node';
import type { Manifest } from './manifests.ts';

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}

interface Model {
  getAttributeTypeMap(): readonly Attribute[];
}

const MODELS: Readonly<Record<string, string>> = {
  'v1/ConfigMap': 'V1ConfigMap',
  'v1/Pod': 'V1Pod',
  'v1/Secret': 'V1Secret',
  'v1/Service': 'V1Service',
  'v1/ServiceAccount': 'V1ServiceAccount',
  'apps/v1/Deployment': 'V1Deployment',
  'networking.k8s.io/v1/NetworkPolicy': 'V1NetworkPolicy',
  'rbac.authorization.k8s.io/v1/ClusterRole': 'V1ClusterRole',
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': 'V1ClusterRoleBinding',
  'rbac.authorization.k8s.io/v1/Role': 'V1Role',
  'rbac.authorization.k8s.io/v1/RoleBinding': 'V1RoleBinding',
};

/**
 * What is wrong with the fields of a built-in kind, by the OpenAPI types of @kubernetes/client-node: unknown fields,
 * values of another type, nulls. undefined for a kind that is not built in.
 */
export function fieldProblems(object: Manifest): readonly string[] | undefined {
  const model = MODELS[`${object.apiVersion}/${object.kind}`];
  return model === undefined ? undefined : problemsOf(object, model, object.kind);
}

function problemsOf(value: unknown, type: string, path: string): readonly string[] {
  const items = /^Array<(.*)>$/.exec(type)?.[1];
  if (items !== undefined) {
    if (!Array.isArray(value)) return [`${path}: no list`];
    return value.flatMap((item, index) => problemsOf(item, items, `${path}[${index}]`));
  }
  const values = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  if (values !== undefined) {
    if (!isObject(value)) return [`${path}: no object`];
    return Object.entries(value).flatMap(([key, item]) => problemsOf(item, values, `${path}.${key}`));
  }
  const model = (kubernetes as unknown as Readonly<Record<string, Partial<Model> | undefined>>)[type];
  if (model?.getAttributeTypeMap === undefined)
    return isPrimitive(value, type) ? [] : [`${path}: no ${type}`];
  if (!isObject(value)) return [`${path}: no object`];
  const attributes = new Map(model.getAttributeTypeMap().map((each) => [each.baseName, each.type]));
  return Object.entries(value).flatMap(([key, item]) => {
    const itemType = attributes.get(key);
    return itemType === undefined
      ? [`${path}.${key}: unknown field`]
      : problemsOf(item, itemType, `${path}.${key}`);
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isPrimitive(value: unknown, type: string): boolean {
  switch (type) {
    case 'IntOrString':
      return typeof value === 'number' || typeof value === 'string';
    case 'any':
    case 'object':
      return value !== null;
    default:
      return typeof value === type;
  }
}
