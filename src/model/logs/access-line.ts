export const FREEZE_ACTIONS = ['freeze', 'unfreeze'] as const;
export type FreezeAction = (typeof FREEZE_ACTIONS)[number];
export const FREEZE_RESULTS = ['success', 'rejected', 'failed'] as const;
export type FreezeResult = (typeof FREEZE_RESULTS)[number];

/** One REST call to freeze or thaw a VM's filesystems. */
export interface FreezeRequest {
  readonly namespace: string;
  readonly vm: string;
  readonly action: FreezeAction;
  /** `rejected` (4xx) never reached virt-handler; `failed` (5xx) did, and leaks like a success. */
  readonly result: FreezeResult;
}

/** Bytes every access line of a freeze call contains; lines without them are skipped. */
export const ACCESS_LINE_NEEDLE = 'freeze';

const FREEZE_URL =
  /^\/apis\/subresources\.kubevirt\.io\/v1(?:alpha3)?\/namespaces\/([^/?]+)\/virtualmachineinstances\/([^/?]+)\/(freeze|unfreeze)\/?(?:\?.*)?$/;

/** The call a virt-api access line reports (KubeVirt pkg/rest/filter/filter.go); undefined for every other line. */
export function parseAccessLine(line: string): FreezeRequest | undefined {
  const fields = jsonFields(line);
  if (fields?.component !== 'virt-api' || fields.method !== 'PUT') return undefined;
  const { url, statusCode } = fields;
  const match = typeof url === 'string' ? FREEZE_URL.exec(url) : null;
  const result = resultOf(statusCode);
  if (match === null || result === undefined) return undefined;
  const [, namespace = '', vm = '', action] = match;
  return { namespace, vm, action: action === 'freeze' ? 'freeze' : 'unfreeze', result };
}

function resultOf(statusCode: unknown): FreezeResult | undefined {
  if (typeof statusCode !== 'number') return undefined;
  if (statusCode >= 200 && statusCode < 300) return 'success';
  if (statusCode >= 400 && statusCode < 500) return 'rejected';
  return statusCode >= 500 && statusCode < 600 ? 'failed' : undefined;
}

/** The fields of a log line that is one JSON object; undefined for any other line, as logs are mixed. */
export function jsonFields(line: string): Readonly<Record<string, unknown>> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Readonly<Record<string, unknown>>;
  } catch {
    return undefined;
  }
}
