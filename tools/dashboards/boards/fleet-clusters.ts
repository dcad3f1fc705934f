import { ALERT_BOUNDS, anyIs, falling, rising } from '../alert-bounds.ts';
import { CONFLICT_LEVEL } from '../meanings.ts';
import { column } from '../link.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { LOOPS, timeToLimit } from '../shared-queries.ts';
import { table } from '../table-panel.ts';

/** Every cluster that exports anything, so that a zero is a zero. */
const CLUSTERS = `max by (cluster) (harvester_virt_handler_info{${CLUSTER}})`;
const orZero = (expr: string): string => `${expr} or 0 * ${CLUSTERS}`;

/** One row per cluster: the answers of its overview. */
export const clusterTable = (): PanelBuilder =>
  table({
    id: 1,
    title: 'Clusters',
    description:
      'The answers of each cluster’s overview in one row. Any red: click the name of the cluster. A cluster without a row is not scraped, or its sources are down.',
    width: 24,
    height: 8,
    noValue: 'no cluster is scraped; each needs freezewatch and an external label or --cluster-name',
    sortBy: 'VMs in a loop',
    columns: [
      {
        header: 'Cluster',
        from: 'cluster',
        link: {
          title: 'Overview of ${__value.text}',
          dashboard: 'overview',
          set: { cluster: column('Cluster') },
        },
      },
      {
        header: 'Sources that fail',
        from: { expr: `sum by (cluster) (freezewatch_source_up{${CLUSTER}} == bool 0)` },
        thresholds: anyIs('warning'),
      },
      {
        header: 'VMs in a loop',
        from: { expr: orZero(`count by (cluster) (${LOOPS})`) },
        thresholds: anyIs('critical'),
      },
      {
        header: 'Time until a virt-handler is killed',
        from: { expr: timeToLimit('cluster') },
        unit: 's',
        thresholds: falling(ALERT_BOUNDS.exhaustionImminent, ALERT_BOUNDS.freezeExhaustion),
      },
      {
        header: 'Fullest virt-handler',
        from: { expr: `max by (cluster) (virt_handler:memory_limit_ratio{${CLUSTER}})` },
        unit: 'percentunit',
        thresholds: rising(ALERT_BOUNDS.memoryHigh),
      },
      {
        header: 'Broken backups',
        from: {
          expr: orZero(
            `sum by (cluster) (max by (cluster, namespace, type, state) (harvester_vmbackups{${CLUSTER}, state=~"error|degraded|dangling"}))`,
          ),
        },
        thresholds: anyIs('warning'),
      },
      {
        header: 'Backup target',
        from: { expr: `max by (cluster) (harvester_backup_target_conflict_level{${CLUSTER}})` },
        mappings: CONFLICT_LEVEL,
        thresholds: rising(ALERT_BOUNDS.targetShared, ALERT_BOUNDS.targetConflict),
      },
    ],
  });
