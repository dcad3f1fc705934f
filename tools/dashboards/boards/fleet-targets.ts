import type { PanelBuilder } from '../panel.ts';
import { SEVERITY_COLOUR, FINE } from '../severity-colour.ts';
import { table } from '../table-panel.ts';

/** The targets of all clusters, with how many use each. */
export const sharedTargets = (): PanelBuilder =>
  table({
    id: 2,
    title: 'Backup targets',
    description:
      'How many clusters use each target, as the rules of multi-cluster.yaml judge it. Orange: they delete each other’s backups; suspend their schedules, then run freezewatch diagnose --context A --context B, and give each its own bucket or path.',
    width: 12,
    height: 8,
    noValue: 'no cluster has a backup target',
    sortBy: 'Clusters',
    columns: [
      { header: 'Target', from: 'target' },
      { header: 'Scope', from: 'scope', width: 100 },
      {
        header: 'Clusters',
        from: {
          expr: ofTarget(
            'target:cluster_uids:count or count by (target_id) (group by (target_id) (harvester_backup_target_info))',
          ),
        },
        thresholds: [
          { value: 0, colour: FINE },
          { value: 2, colour: SEVERITY_COLOUR.warning },
        ],
        width: 90,
      },
      {
        header: 'Of them write',
        from: {
          expr: ofTarget(
            'sum by (target_id) (max by (cluster, target_id) (harvester_backup_target_evidence{signal="local_writer"}) > bool 0)',
          ),
        },
        width: 110,
      },
    ],
  });

function ofTarget(expr: string): string {
  return `group by (target, target_id, scope) (harvester_backup_target_info) * on (target_id) group_left () (${expr})`;
}
