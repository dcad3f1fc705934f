import { column } from '../link.ts';
import { ALERT_BOUNDS, boundValue, falling } from '../alert-bounds.ts';
import { stat } from '../figure-panels.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { SEVERITY_COLOUR } from '../severity-colour.ts';
import { timeToLimit } from '../shared-queries.ts';
import { table } from '../table-panel.ts';
import { CHOSEN_VM, withNode } from './vm-selection.ts';

const LOOP_RATE = `vm:vmi_freeze_loop:rate10m{${CHOSEN_VM}} or on (cluster, namespace, vm) vm:vmbackup_freeze_loop:rate10m{${CHOSEN_VM}}`;
const CALLS = `sum by (cluster, namespace, vm) (increase(harvester_vmi_freeze_requests_total{${CHOSEN_VM}, result!="rejected"}[1h]))`;
const FAILED_BACKUPS = `
  count by (cluster, namespace, vm) (
    max by (cluster, namespace, vm, vmbackup) (harvester_vmbackup_freezes_guest{${CHOSEN_VM}}) == 1
  )`;

/** The VMs in a loop, and the nodes that pay for it. */
export const freezeCulprits = (): readonly PanelBuilder[] => [
  table({
    id: 1,
    title: 'Culprits',
    description:
      'VMs by the freeze calls of the last hour. Red: in a loop now; the VMBackups counted here retry for ever, and each retry freezes the guest. Run: freezewatch break-loop --namespace NAMESPACE --vm VM',
    width: 16,
    height: 8,
    noValue: 'no VM runs on the chosen nodes, or their source is down',
    sortBy: 'Calls in 1 h',
    columns: [
      { header: 'Cluster', from: 'cluster', width: 100 },
      {
        header: 'Namespace',
        from: 'namespace',
      },
      {
        header: 'VM',
        from: 'vm',
        link: {
          title: 'Backups of ${__value.text}',
          dashboard: 'backups',
          set: { namespace: column('Namespace'), vm: column('VM') },
        },
      },
      { header: 'Node', from: 'node' },
      { header: 'Calls in 1 h', from: { expr: withNode(CALLS) }, decimals: 0 },
      {
        header: 'Loop, calls per hour',
        from: { expr: withNode(`(${LOOP_RATE}) * 3600`) },
        decimals: 0,
        thresholds: [{ value: 0, colour: SEVERITY_COLOUR.critical }],
      },
      { header: 'VMBackups that freeze it', from: { expr: withNode(FAILED_BACKUPS) }, decimals: 0 },
    ],
  }),
  stat({
    id: 2,
    title: 'Time until virt-handler is killed, by node',
    description:
      'Forecast from the freeze rate or from the memory itself, whichever is sooner; nodes without a forecast are not shown. Red or orange: break the loop of the culprit at the left, then delete the pod of virt-handler to give the memory back in an orderly way.',
    width: 8,
    height: 8,
    unit: 's',
    text: 'both',
    noValue: 'no node is heading for its limit',
    thresholds: falling(ALERT_BOUNDS.exhaustionImminent, ALERT_BOUNDS.freezeExhaustion),
    queries: [{ expr: timeToLimit('cluster, node', '$node'), legend: '{{cluster}} {{node}}' }],
  }),
  ...restartFigures(),
];

function restartFigures(): readonly PanelBuilder[] {
  return [
    stat({
      id: 3,
      title: 'Kills for memory, last day',
      description:
        'How often each virt-handler was killed at its memory limit in the last day. Two or more are a sawtooth: raising the limit only makes the teeth longer; find what leaks.',
      width: 8,
      height: 4,
      unit: 'none',
      text: 'both',
      noValue: 'never killed for its memory',
      thresholds: [
        { value: 0, colour: SEVERITY_COLOUR.warning },
        { value: boundValue(ALERT_BOUNDS.sawtooth), colour: SEVERITY_COLOUR.critical },
      ],
      queries: [
        {
          expr: `max by (cluster, node) (virt_handler:oom_kills:count1d{${CLUSTER}} * on (cluster, namespace, pod) group_left (node) virt_handler:node:info{node=~"$node"})`,
          legend: '{{cluster}} {{node}}',
        },
      ],
    }),
    stat({
      id: 4,
      title: 'virt-handler uptime, by node',
      description:
        'Time since the running virt-handler started. Short, and nobody restarted it: it was killed, see the table of alerts and kubectl describe pod.',
      width: 16,
      height: 4,
      unit: 's',
      text: 'both',
      noValue: 'no virt-handler is seen on the chosen nodes',
      decimals: 0,
      queries: [
        {
          expr: `max by (cluster, node) (virt_handler:age_seconds{${CLUSTER}} * on (cluster, namespace, pod) group_left (node) virt_handler:node:info{node=~"$node"})`,
          legend: '{{cluster}} {{node}}',
        },
      ],
    }),
  ];
}
