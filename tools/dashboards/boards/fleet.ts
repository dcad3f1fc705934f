import { label } from '../link.ts';
import { ALERT_BOUNDS, rising } from '../alert-bounds.ts';
import { stateTimeline, timeSeries } from '../curve-panels.ts';
import type { Board } from '../dashboard-json.ts';
import { CONFLICT_LEVEL } from '../meanings.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { LOOPS } from '../shared-queries.ts';
import { alertTable } from './alert-table.ts';
import { clusterTable } from './fleet-clusters.ts';
import { sharedTargets } from './fleet-targets.ts';

/** Several clusters side by side. */
export const fleet = (): Board => ({
  name: 'fleet',
  title: 'Fleet',
  description: 'All clusters this Prometheus knows, worst first, and the backup targets they share.',
  variables: [],
  rows: [
    { title: 'Which cluster needs me?', panels: [clusterTable()] },
    { title: 'Targets that clusters share', panels: [sharedTargets(), levels()] },
    { title: 'Over time', panels: [...overTime(), alertTable(20, 24, 8)] },
  ],
});

const levels = (): PanelBuilder =>
  stateTimeline({
    id: 3,
    title: 'Level of the backup target, by cluster',
    description:
      'How sure each cluster is that another one uses its target. Two clusters that turn orange together share one; follow the link for the evidence.',
    width: 12,
    height: 8,
    unit: 'none',
    noValue: 'no cluster has a backup target, or none is synced',
    mappings: CONFLICT_LEVEL,
    thresholds: rising(ALERT_BOUNDS.targetShared, ALERT_BOUNDS.targetConflict),
    queries: [
      {
        expr: `max by (cluster) (harvester_backup_target_conflict_level{${CLUSTER}})`,
        legend: '{{cluster}}',
      },
    ],
    links: [
      {
        title: 'The evidence in ${__field.labels.cluster}',
        dashboard: 'target',
        set: { cluster: label('cluster') },
      },
    ],
  });

const overTime = (): readonly PanelBuilder[] => [
  timeSeries({
    id: 10,
    title: 'VMs in a freeze loop, by cluster',
    description:
      'Clusters in which failed backups freeze VMs again and again. Above 0: follow the link and break the loop.',
    width: 8,
    height: 8,
    unit: 'none',
    noValue: 'no VM is in a freeze loop anywhere',
    min: 0,
    steps: true,
    queries: [{ expr: `count by (cluster) (${LOOPS})`, legend: '{{cluster}}' }],
    links: [
      {
        title: 'Freezes in ${__field.labels.cluster}',
        dashboard: 'freeze',
        set: { cluster: label('cluster') },
      },
    ],
  }),
  timeSeries({
    id: 11,
    title: 'Fullest virt-handler, by cluster',
    description:
      'The highest share of its memory limit that any virt-handler of a cluster uses. Near the dashed line: follow the link and break the loop.',
    width: 8,
    height: 8,
    unit: 'percentunit',
    noValue: 'no memory limit known, see HarvesterVirtHandlerMemoryLimitUnknown',
    min: 0,
    max: 1,
    thresholds: rising(ALERT_BOUNDS.memoryHigh),
    queries: [
      { expr: `max by (cluster) (virt_handler:memory_limit_ratio{${CLUSTER}})`, legend: '{{cluster}}' },
    ],
    links: [
      {
        title: 'Freezes in ${__field.labels.cluster}',
        dashboard: 'freeze',
        set: { cluster: label('cluster') },
      },
    ],
  }),
  timeSeries({
    id: 12,
    title: 'Broken VMBackups, by cluster',
    description:
      'VMBackups in error, or whose data is missing. Growing: follow the link; the table of problems says which and why.',
    width: 8,
    height: 8,
    unit: 'none',
    noValue: 'no data: freezewatch is scraped in no cluster',
    min: 0,
    steps: true,
    queries: [
      {
        expr: `sum by (cluster) (max by (cluster, namespace, type, state) (harvester_vmbackups{${CLUSTER}, state=~"error|degraded|dangling"}))`,
        legend: '{{cluster}}',
      },
    ],
    links: [
      {
        title: 'Backups in ${__field.labels.cluster}',
        dashboard: 'backups',
        set: { cluster: label('cluster') },
      },
    ],
  }),
];
