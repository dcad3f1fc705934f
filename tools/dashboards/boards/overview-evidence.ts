import { label } from '../link.ts';
import { ALERT_BOUNDS, rising } from '../alert-bounds.ts';
import { timeSeries } from '../curve-panels.ts';
import { EXPORTER_AWAY } from '../meanings.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { onNode } from '../shared-queries.ts';
import { alertTable } from './alert-table.ts';
import { stateStyles } from './backup-states.ts';

/** What the answers rest on. */
export const overviewEvidence = (): readonly PanelBuilder[] => [
  alertTable(20, 24, 8),
  timeSeries({
    id: 21,
    title: 'Freeze calls, by VM, in 5 minutes',
    description:
      'Freeze calls that reached virt-handler. A backup makes one per volume and is done; above the dashed line for 14 minutes it is a fast loop. Red: run freezewatch break-loop',
    width: 8,
    height: 8,
    unit: 'none',
    noValue: 'no freeze calls known: no VM, or the log of virt-api is not read',
    min: 0,
    thresholds: rising(ALERT_BOUNDS.freezeLoop),
    queries: [
      { expr: `vm:vmi_freeze_requests:increase5m{${CLUSTER}}`, legend: '{{cluster}} {{namespace}}/{{vm}}' },
    ],
    links: [
      {
        title: 'Freezes of ${__field.labels.vm}',
        dashboard: 'freeze',
        set: { namespace: label('namespace'), vm: label('vm') },
      },
    ],
  }),
  timeSeries({
    id: 22,
    title: 'virt-handler memory, of its limit, by node',
    description:
      'The same time axis as the freezes beside: memory that climbs with them is the leak. Above the dashed line virt-handler is about to be killed.',
    width: 8,
    height: 8,
    unit: 'percentunit',
    noValue: 'no memory limit known, see HarvesterVirtHandlerMemoryLimitUnknown',
    min: 0,
    max: 1,
    thresholds: rising(ALERT_BOUNDS.memoryHigh),
    queries: [
      { expr: onNode(`virt_handler:memory_limit_ratio{${CLUSTER}}`), legend: '{{cluster}} {{node}}' },
    ],
    links: [
      {
        title: 'Freezes and memory of ${__field.labels.node}',
        dashboard: 'freeze',
        set: { node: label('node') },
      },
    ],
  }),
  timeSeries({
    id: 23,
    title: 'Broken VMBackups, by state',
    description:
      'error: the backup failed. degraded, dangling: its data is gone from the target. The number falls when they are deleted, by hand or by freezewatch break-loop',
    width: 8,
    height: 8,
    unit: 'none',
    noValue: EXPORTER_AWAY,
    min: 0,
    stacked: true,
    steps: true,
    styles: stateStyles,
    queries: [
      {
        expr: `sum by (state) (max by (cluster, namespace, type, state) (harvester_vmbackups{${CLUSTER}, state=~"error|degraded|dangling|deleting"}))`,
        legend: '{{state}}',
      },
    ],
    links: [{ title: 'Which ones?', dashboard: 'backups' }],
  }),
];
