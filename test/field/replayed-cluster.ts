import { type ApiServer, startApiServer } from '../../simulator/api-server/server.ts';
import { kindsServed } from '../../simulator/kinds.ts';
import type { KubeObject } from '../../simulator/kube-object.ts';
import { KubeObjectStore } from '../../simulator/kube-object-store.ts';
import { PodLogs } from '../../simulator/pod-logs.ts';

/** A small cluster as data: objects by group/version/plural, log lines with kubelet stamps by namespace/pod/container. */
export interface ExportedCluster {
  readonly objects: Readonly<Record<string, readonly KubeObject[]>>;
  readonly logs?: Readonly<Record<string, readonly string[]>>;
}

/** RFC 3339, as objects and log lines write moments. */
const MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** The same data, with every moment moved by as much as lies between the export and now. */
export function movedToNow<T>(data: T, exportedAt: string, now = Date.now()): T {
  const byMs = now - Date.parse(exportedAt);
  const moved = JSON.stringify(data).replace(MOMENT, (text) => {
    const at = new Date(Date.parse(text) + byMs).toISOString();
    return text.includes('.') ? at : at.replace(/\.\d+Z$/, 'Z');
  });
  return JSON.parse(moved) as T; // The same data but for its moments.
}

/** An API server with the objects and logs of an exported cluster. */
export async function replayed({ objects, logs = {} }: ExportedCluster): Promise<ApiServer> {
  const keys = Object.keys(objects);
  const serves = (group: string): boolean => keys.some((key) => key.startsWith(`${group}/`));
  const kinds = kindsServed({
    kubevirt: true,
    ...(serves('harvesterhci.io') ? { harvester: { errorColumn: 'string', schedules: true } } : {}),
    ...(serves('longhorn.io') ? { longhorn: { backupTargets: true } } : {}),
    monitoring: false,
  });
  const now = (): Date => new Date();
  const store = new KubeObjectStore({ kinds, now });
  const podLogs = new PodLogs({ now });
  for (const object of Object.values(objects).flat()) store.apply(object);
  for (const [place, lines] of Object.entries(logs)) {
    const [namespace = '', name = '', container = ''] = place.split('/');
    for (const line of lines) {
      const end = line.indexOf(' ');
      podLogs.append({ namespace, name }, container, line.slice(end + 1), new Date(line.slice(0, end)));
    }
  }
  return startApiServer({ store, logs: podLogs });
}
