import { ALERT_BOUNDS, rising } from '../alert-bounds.ts';
import { stateTimeline, timeSeries } from '../curve-panels.ts';
import type { PanelBuilder } from '../panel.ts';
import { FINE, SEVERITY_COLOUR } from '../severity-colour.ts';
import { words } from '../value-mapping.ts';
import { CHOSEN_VM, onChosenNode } from './vm-selection.ts';

const FROZEN = words({
  '0': { text: 'writes', colour: FINE },
  '1': { text: 'frozen', colour: SEVERITY_COLOUR.critical },
});

/** What happens to the guests. */
export const freezeRates = (): readonly PanelBuilder[] => [
  timeSeries({
    id: 10,
    title: 'Freeze calls that reached virt-handler, in 5 minutes',
    description:
      'By VM, from the access log of virt-api. A backup makes one per volume and is done; above the dashed line for 14 minutes it is a fast loop, and a line that never returns to 0 is a slow one. Run: freezewatch break-loop',
    width: 12,
    height: 8,
    unit: 'none',
    noValue: 'no freeze calls known: no VM chosen, or the log of virt-api is not read',
    min: 0,
    thresholds: rising(ALERT_BOUNDS.freezeLoop),
    queries: [
      {
        expr: onChosenNode(`vm:vmi_freeze_requests:increase5m{${CHOSEN_VM}}`),
        legend: '{{cluster}} {{namespace}}/{{vm}}',
      },
    ],
  }),
  timeSeries({
    id: 11,
    title: 'Writes of VMBackups that freeze a guest, in 5 minutes',
    description:
      'The same loop without any log: how often VMBackups in error, whose retry freezes a running VM, were written anew. It agrees with the freeze calls beside; where only this one shows a loop, the log of virt-api is not read.',
    width: 12,
    height: 8,
    unit: 'none',
    noValue: 'no VMBackup in error freezes a guest',
    min: 0,
    thresholds: rising(ALERT_BOUNDS.writeLoop),
    queries: [
      {
        expr: onChosenNode(`vm:vmbackup_freezing_writes:increase5m{${CHOSEN_VM}}`),
        legend: '{{cluster}} {{namespace}}/{{vm}}',
      },
    ],
  }),
  timeSeries({
    id: 12,
    title: 'Calls by result, per second',
    description:
      'success: virt-handler did it. failed (5xx): virt-handler or the guest agent could not. rejected (4xx): virt-api refused, no harm to virt-handler. Only failed or rejected: backups are not consistent for applications; look at the guest agent.',
    width: 8,
    height: 7,
    unit: 'reqps',
    noValue: 'no freeze calls known: no VM chosen, or the log of virt-api is not read',
    min: 0,
    queries: [
      {
        expr: `sum by (action, result) (rate(harvester_vmi_freeze_requests_total{${CHOSEN_VM}}[$__rate_interval]))`,
        legend: '{{action}} {{result}}',
      },
    ],
  }),
  timeSeries({
    id: 13,
    title: 'Safety thaws and failed thaws, in 5 minutes',
    description:
      'Times virt-launcher thawed the guest itself because nobody had, and times it could not. One per backup is normal: Harvester never thaws. Many: a loop. A failed thaw: the guest may hang; see the runbook HarvesterVMFilesystemStuckFrozen.',
    width: 8,
    height: 7,
    unit: 'none',
    noValue: 'no virt-launcher is followed: no VM was frozen lately, or --launcher-logs is off',
    min: 0,
    queries: [
      {
        expr: `sum by (cluster, namespace, vm) (increase(harvester_vmi_safety_unfreezes_total{${CHOSEN_VM}}[5m]))`,
        legend: '{{cluster}} {{namespace}}/{{vm}} thawed by timeout',
      },
      {
        expr: `sum(increase(harvester_vmi_unfreeze_failures_total{${CHOSEN_VM}}[5m]))`,
        legend: 'could not be thawed',
      },
    ],
    styles: [{ series: '/^could not/', colour: SEVERITY_COLOUR.critical }],
  }),
  stateTimeline({
    id: 14,
    title: 'Guests seen frozen',
    description:
      'Whether the guest agent reports frozen file systems. It is asked every 5 s, so short freezes are mostly missed. Red for minutes on end: writes hang; virsh domfsthaw in the launcher thaws it, see the runbook HarvesterVMFilesystemStuckFrozen.',
    width: 8,
    height: 7,
    unit: 'none',
    noValue: 'no VM runs on the chosen nodes, or their source is down',
    mappings: FROZEN,
    thresholds: [
      { value: 0, colour: FINE },
      { value: 1, colour: SEVERITY_COLOUR.critical },
    ],
    queries: [
      {
        expr: onChosenNode(`max by (cluster, namespace, vm) (harvester_vmi_filesystem_frozen{${CHOSEN_VM}})`),
        legend: '{{cluster}} {{namespace}}/{{vm}}',
      },
    ],
  }),
];
