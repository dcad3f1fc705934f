import { perMinute, type Series } from './trace.ts';
import type { History, LeakKind } from './virt-handler.ts';

export type Source = 'cadvisor' | 'process' | 'exporter' | 'kube-state-metrics';

/** Who looks at a virt-handler, and how well. */
export interface Scrape {
  readonly pod: string;
  readonly node: string;
  readonly limitBytes: number;
  readonly leak: LeakKind;
  readonly sources: readonly Source[];
  /** Two instances of kube-state-metrics export the same. */
  readonly duplicated?: boolean;
  /** Minutes without any sample. */
  readonly gap?: (minute: number) => boolean;
}

/** Unix time of the traces' first minute: promtool starts at 0, and a process that ran before has a start below it. */
const seconds = (minute: number): number => 60 * minute;

/** Everything Prometheus knows of one virt-handler. */
export function virtHandlerSeries(history: History, scrape: Scrape): Series[] {
  const minutes = history.memoryBytes.length;
  const gap = scrape.gap ?? ((): boolean => false);
  const sampled = (valueAt: (minute: number) => number | undefined): (number | undefined)[] =>
    perMinute(minutes, (minute) => (gap(minute) ? undefined : valueAt(minute)));
  const at = (values: readonly number[]) => sampled((minute) => values[minute]);
  const starts = sampled((minute) => seconds(history.startMinute[minute] ?? 0));
  const identity = { namespace: 'harvester-system', pod: scrape.pod };
  const container = { ...identity, container: 'virt-handler' };
  const has = (source: Source): boolean => scrape.sources.includes(source);
  const series: Series[] = [];
  if (has('cadvisor')) series.push(...cadvisorSeries(history, { ...container, node: scrape.node }, sampled));
  if (has('process')) {
    series.push(
      { name: 'process_resident_memory_bytes', labels: container, values: at(history.memoryBytes) },
      { name: 'process_start_time_seconds', labels: container, values: starts },
      { name: 'go_goroutines', labels: container, values: at(history.goroutines) },
    );
  }
  if (has('exporter')) series.push(...exporterSeries(history, scrape, sampled));
  if (has('kube-state-metrics')) {
    for (const instance of scrape.duplicated ? ['a', 'b'] : ['a']) {
      const labels = { ...container, job: 'kube-state-metrics', instance };
      series.push(
        {
          name: 'kube_pod_container_resource_limits',
          labels: { ...labels, resource: 'memory', node: scrape.node },
          values: sampled(() => scrape.limitBytes),
        },
        { name: 'kube_pod_container_status_restarts_total', labels, values: at(history.restarts) },
        {
          name: 'kube_pod_container_status_last_terminated_reason',
          labels: { ...labels, reason: 'OOMKilled' },
          values: sampled((minute) => (history.lastOomMinute[minute] === undefined ? undefined : 1)),
        },
      );
    }
  }
  return series;
}

/** cAdvisor names every incarnation anew, and forgets the old one without a word. */
function cadvisorSeries(
  history: History,
  labels: Readonly<Record<string, string>>,
  sampled: (valueAt: (minute: number) => number | undefined) => (number | undefined)[],
): Series[] {
  return [...new Set(history.startMinute)].flatMap((start) => {
    const lives = (minute: number): boolean => history.startMinute[minute] === start;
    const named = { ...labels, id: `/kubepods/${String(start)}`, name: `c${String(start)}` };
    return [
      {
        name: 'container_memory_working_set_bytes',
        labels: named,
        values: sampled((minute) => (lives(minute) ? history.memoryBytes[minute] : undefined)),
      },
      {
        name: 'container_start_time_seconds',
        labels: named,
        values: sampled((minute) => (lives(minute) ? seconds(start) : undefined)),
      },
    ];
  });
}

function exporterSeries(
  history: History,
  { pod, node, leak, limitBytes }: Scrape,
  sampled: (valueAt: (minute: number) => number | undefined) => (number | undefined)[],
): Series[] {
  const labels = { namespace: 'harvester-system', pod, node, job: 'freezewatch' };
  return [
    {
      name: 'harvester_virt_handler_info',
      labels: { ...labels, version: '1.1.1', leak },
      values: sampled(() => 1),
    },
    { name: 'harvester_virt_handler_memory_limit_bytes', labels, values: sampled(() => limitBytes) },
    {
      name: 'harvester_virt_handler_memory_working_set_bytes',
      labels,
      values: sampled((minute) => history.memoryBytes[minute]),
    },
    {
      name: 'harvester_virt_handler_start_time_seconds',
      labels,
      values: sampled((minute) => seconds(history.startMinute[minute] ?? 0)),
    },
    {
      name: 'harvester_virt_handler_restarts_total',
      labels,
      values: sampled((minute) => history.restarts[minute]),
    },
    {
      name: 'harvester_virt_handler_last_oom_kill_timestamp_seconds',
      labels,
      values: sampled((minute) => {
        const killed = history.lastOomMinute[minute];
        return killed === undefined ? undefined : seconds(killed);
      }),
    },
  ];
}
