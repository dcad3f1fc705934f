import { valuesAt } from '../json-path.ts';
import type { KindDefinition, KubeObject } from '../kube-object.ts';
import { kindKey } from '../kube-object.ts';
import { badRequest } from './status.ts';

export type Selector = (object: KubeObject) => boolean;

/** Fields other than name and namespace that a selector may name, by kind (kubernetes v1.32 pkg/apis/core/v1/conversion.go). */
const SELECTABLE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
};

/** The conjunction of `labelSelector` and `fieldSelector`; throws a StatusError 400 when one cannot be understood. */
export function selectorOf(kind: KindDefinition, query: URLSearchParams): Selector {
  const [labels, fields] = [query.get('labelSelector') ?? '', query.get('fieldSelector') ?? ''];
  const tests = [
    ...splitOutsideParentheses(labels).map(labelRequirement),
    ...splitOutsideParentheses(fields).map((text) => fieldRequirement(kind, text)),
  ];
  return (object) => tests.every((test) => test(object));
}

const splitOutsideParentheses = (text: string): readonly string[] =>
  text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

const KEY = String.raw`([A-Za-z0-9][\w./-]*)`;
const SET = new RegExp(`^${KEY}\\s+(in|notin)\\s*\\(([^)]*)\\)$`);
const COMPARISON = new RegExp(`^${KEY}\\s*(=|==|!=|<|>)\\s*([\\w.-]*)$`);
const EXISTENCE = new RegExp(`^(!?)\\s*${KEY}$`);

/** One requirement of the grammar in apimachinery pkg/labels/selector.go. */
function labelRequirement(text: string): Selector {
  const set = SET.exec(text);
  if (set !== null) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return ({ metadata }) => values.includes(labelOf(metadata, key) ?? MISSING) === (operator === 'in');
  }
  const comparison = COMPARISON.exec(text);
  if (comparison !== null) {
    const [, key = '', operator = '', value = ''] = comparison;
    return ({ metadata }) => compares(labelOf(metadata, key), operator, value);
  }
  const existence = EXISTENCE.exec(text);
  if (existence === null) throw badRequest(`unable to parse requirement: ${text}`);
  const [, negation, key = ''] = existence;
  return ({ metadata }) => (labelOf(metadata, key) === undefined) === (negation === '!');
}

/** No label has this value: label values cannot contain a space. */
const MISSING = ' ';

const labelOf = ({ labels }: KubeObject['metadata'], key: string): string | undefined =>
  labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;

function compares(label: string | undefined, operator: string, value: string): boolean {
  switch (operator) {
    case '!=':
      return label !== value;
    case '<':
      return label !== undefined && Number(label) < Number(value);
    case '>':
      return label !== undefined && Number(label) > Number(value);
    default:
      return label === value;
  }
}

function fieldRequirement(kind: KindDefinition, text: string): Selector {
  const [, field = '', operator = '', value = ''] = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(text) ?? [];
  if (operator === '') throw badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const known = ['metadata.name', 'metadata.namespace', ...(SELECTABLE_FIELDS[kindKey(kind)] ?? [])];
  if (!known.includes(field)) throw badRequest(`field label not supported: ${field}`);
  // `source` of an event is matched against its component.
  const path = field === 'source' ? '.source.component' : `.${field}`;
  return (object) => (textAt(object, path) === value) === (operator !== '!=');
}

function textAt(object: KubeObject, path: string): string {
  const [value] = valuesAt(object, path);
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : '';
}
