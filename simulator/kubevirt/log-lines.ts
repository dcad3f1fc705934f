import type { Random } from '../random.ts';

type Fields = Readonly<Record<string, string | number>>;

/** Who a KubeVirt line is about; `kind` is empty because the object's type is stripped before it is logged. */
interface VmiFields {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

/**
 * One line of KubeVirt's JSON logger: keys in alphabetical order, no spaces, HTML not escaped, six decimals
 * (staging/src/kubevirt.io/client-go/log/log.go).
 */
export function kubevirtLine(at: Date, random: Random, fields: Fields): string {
  const micros = Math.floor(random.next() * 1_000);
  const timestamp = `${at.toISOString().slice(0, -1)}${String(micros).padStart(3, '0')}Z`;
  const all: Fields = { ...fields, timestamp };
  return JSON.stringify(all, Object.keys(all).sort());
}

/** A line of virt-launcher about a VMI. */
export const launcherFields = (vmi: VmiFields, level: string, msg: string, pos: string): Fields => ({
  component: 'virt-launcher',
  kind: '',
  level,
  msg,
  pos,
  ...vmi,
});

/** A line of virt-launcher without the fields of a VMI: some say its name in the text alone. */
export const launcherText = (level: string, msg: string, pos: string): Fields => ({
  component: 'virt-launcher',
  level,
  msg,
  pos,
});

/** virt-api's access line: one per REST request, and the only trace of a successful freeze outside the VM's pod. */
export const accessFields = (method: string, url: string, statusCode: number, username = '-'): Fields => ({
  component: 'virt-api',
  contentLength: 0,
  level: 'info',
  method,
  pos: 'filter.go:47',
  proto: method === 'PUT' ? 'HTTP/1.1' : 'HTTP/2.0',
  remoteAddress: '10.52.0.0',
  statusCode,
  url,
  username,
});

export const freezeUrl = (namespace: string, vm: string, action: 'freeze' | 'unfreeze'): string =>
  `/apis/subresources.kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${vm}/${action}`;

/** What Harvester's controllers print for a reconcile that failed (rancher/lasso pkg/controller/controller.go). */
export const controllerErrorLine = (at: Date, key: string, message: string): string =>
  `time="${at.toISOString().replace(/\.\d+Z$/, 'Z')}" level=error msg=${JSON.stringify(
    `error syncing '${key}': handler harvester-vm-backup-controller: ${message}, requeuing`,
  )}`;

/** A line of klog, which third-party code in KubeVirt writes to the same stream. */
export function klogLine(at: Date, text: string): string {
  const [date = '', time = ''] = at.toISOString().slice(0, -1).split('T');
  return `W${date.slice(5).replace('-', '')} ${time}000       1 ${text}`;
}
