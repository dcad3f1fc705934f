import { FREEZE_LEAK_KIB } from '../../../src/model/thresholds.ts';
import { timeSeries } from '../curve-panels.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { onNode } from '../shared-queries.ts';
import { SEVERITY_COLOUR } from '../severity-colour.ts';

const AHEAD_SECONDS = 3_600;
/** Bytes per second of a virt-handler that grows in a straight line, by the shortest line there is. */
const GROWTH = ['deriv10m', 'deriv30m', 'deriv2h']
  .map((window) => `virt_handler:memory_growth_bytes_per_second:${window}{${CLUSTER}}`)
  .join(' or on (cluster, namespace, pod) ');
const NO_MEMORY = 'no memory of virt-handler known: neither cAdvisor nor metrics.k8s.io is scraped';
const NO_LOOP = 'no freeze loop burdens a chosen node';

/** Memory, goroutines and what each freeze leaves behind. */
export const virtHandlerMemory = (): readonly PanelBuilder[] => [
  memory(),
  timeSeries({
    id: 21,
    title: 'Goroutines',
    description:
      'Each client of a VM that is never closed leaves 4 or 5 goroutines, and the garbage collector does not blur them: a straight line upwards is a leak. Climbing with the freezes above: break the loop. Without freezes: lost connections leak; upgrade.',
    width: 12,
    height: 9,
    unit: 'none',
    noValue: 'virt-handler itself is not scraped; the rancher-monitoring add-on does so when enabled',
    min: 0,
    queries: [
      { expr: onNode(`virt_handler:goroutines{${CLUSTER}}`, '$node'), legend: '{{cluster}} {{node}}' },
    ],
  }),
  ...leakPerFreeze(),
];

const memory = (): PanelBuilder =>
  timeSeries({
    id: 20,
    title: 'Memory against the limit, and where it is in an hour',
    description:
      'Working set of virt-handler by node. Red, dashed: the limit, at which the kernel kills it. Orange, dashed: where memory is in one hour if it goes on like this; it is drawn only where memory grows in a straight line. Orange meets red: break the loop now.',
    width: 12,
    height: 9,
    unit: 'bytes',
    noValue: NO_MEMORY,
    min: 0,
    styles: [
      { series: '/ limit$/', colour: SEVERITY_COLOUR.critical, dashed: true },
      { series: '/ in 1 h$/', colour: SEVERITY_COLOUR.warning, dashed: true },
    ],
    queries: [
      {
        expr: onNode(`virt_handler:memory_working_set_bytes{${CLUSTER}}`, '$node'),
        legend: '{{cluster}} {{node}}',
      },
      {
        expr: onNode(`virt_handler:memory_limit_bytes{${CLUSTER}}`, '$node'),
        legend: '{{cluster}} {{node}} limit',
      },
      {
        expr: onNode(
          `(virt_handler:memory_working_set_bytes{${CLUSTER}} + on (cluster, namespace, pod) ${AHEAD_SECONDS} * (${GROWTH}))`,
          '$node',
        ),
        legend: '{{cluster}} {{node}} in 1 h',
      },
    ],
  });

const leakPerFreeze = (): readonly PanelBuilder[] => [
  timeSeries({
    id: 22,
    title: 'Leak per freeze call',
    description: `Growth of memory over the rate of freeze calls from loops on the node. About ${FREEZE_LEAK_KIB.per_freeze} KiB where KubeVirt leaks with each freeze (before 1.5.3, and 1.6.0), near 0 where it does not. Much more: something else leaks too.`,
    width: 8,
    height: 7,
    unit: 'bytes',
    noValue: NO_LOOP,
    min: 0,
    queries: [
      {
        expr: `max by (cluster, node) ((virt_handler:memory_working_set_bytes:deriv30m{${CLUSTER}} > 0) / on (cluster, namespace, pod) group_right () virt_handler:vmi_freeze_loop:rate10m{${CLUSTER}, node=~"$node"})`,
        legend: '{{cluster}} {{node}}',
      },
    ],
  }),
  timeSeries({
    id: 23,
    title: 'Goroutines left per freeze call',
    description:
      'Growth of goroutines over the rate of freeze calls from loops on the node. 4 or 5: each call leaves a client that is never closed, which is the known leak; upgrade Harvester, and break the loop meanwhile.',
    width: 8,
    height: 7,
    unit: 'none',
    noValue: NO_LOOP,
    min: 0,
    queries: [
      {
        expr: `max by (cluster, node) ((virt_handler:goroutines:deriv15m{${CLUSTER}} > 0) / on (cluster, namespace, pod) group_right () virt_handler:vmi_freeze_loop:rate10m{${CLUSTER}, node=~"$node"})`,
        legend: '{{cluster}} {{node}}',
      },
    ],
  }),
  timeSeries({
    id: 24,
    title: 'Open file descriptors',
    description:
      'A third witness: each client that is never closed also keeps a socket. Climbing together with the goroutines: the leak is one of clients. Flat while memory climbs: it is another one, report it.',
    width: 8,
    height: 7,
    unit: 'none',
    noValue: 'virt-handler itself is not scraped; the rancher-monitoring add-on does so when enabled',
    min: 0,
    queries: [
      {
        expr: onNode(
          `max by (cluster, namespace, pod) (process_open_fds{${CLUSTER}, container="virt-handler"})`,
          '$node',
        ),
        legend: '{{cluster}} {{node}}',
      },
    ],
  }),
];
