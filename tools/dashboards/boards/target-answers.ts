import { ALERT_BOUNDS, rising } from '../alert-bounds.ts';
import { stateTimeline } from '../curve-panels.ts';
import { stat } from '../figure-panels.ts';
import { CONFLICT_LEVEL } from '../meanings.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { FINE, SEVERITY_COLOUR } from '../severity-colour.ts';
import { table } from '../table-panel.ts';
import { words } from '../value-mapping.ts';

export const CHOSEN_TARGET = `${CLUSTER}, target_id=~"$target_id"`;
const NO_TARGET = 'no backup target set, or not yet synced';
const AVAILABLE = words({
  '0': { text: 'unavailable', colour: SEVERITY_COLOUR.warning },
  '1': { text: 'available', colour: FINE },
});
const LEVELS = rising(ALERT_BOUNDS.targetShared, ALERT_BOUNDS.targetConflict);
const WITH_PLACE = `* on (cluster, target_id) group_left (target) max by (cluster, target_id, target) (harvester_backup_target_info{${CHOSEN_TARGET}})`;

/** The level now and over time, whether the target answers, and every cluster that uses it. */
export const targetAnswers = (): readonly PanelBuilder[] => [
  stat({
    id: 1,
    title: 'Who else uses it?',
    text: 'both',
    description:
      'How sure it is that another cluster uses the target. 2 shared: another writer is active. 3 conflict: and backups of this one vanish or fail. Suspend the schedules of both, then give each cluster its own bucket or path.',
    width: 6,
    height: 6,
    unit: 'none',
    noValue: NO_TARGET,
    mappings: CONFLICT_LEVEL,
    thresholds: LEVELS,
    queries: [
      {
        expr: `max by (cluster, target_id) (harvester_backup_target_conflict_level{${CHOSEN_TARGET}})`,
        legend: '{{cluster}}',
      },
    ],
  }),
  stat({
    id: 2,
    title: 'Can Longhorn reach it?',
    text: 'both',
    description:
      'Unavailable: no backup can be made or restored, and Harvester may suspend the schedules. Look at kubectl get backuptargets.longhorn.io -n longhorn-system, the credentials and the network.',
    width: 4,
    height: 6,
    unit: 'none',
    noValue: 'no backup target set',
    mappings: AVAILABLE,
    thresholds: [
      { value: 0, colour: SEVERITY_COLOUR.warning },
      { value: 1, colour: FINE },
    ],
    queries: [
      {
        expr: `min by (cluster, target_id) (harvester_backup_target_available{${CHOSEN_TARGET}})`,
        legend: '{{cluster}}',
      },
    ],
  }),
  stat({
    id: 3,
    title: 'Last read by Longhorn',
    text: 'both',
    description:
      'Time since Longhorn last listed the target. Longer than its poll interval (5 minutes by default): what another cluster does there is not seen, and the level is not shown. Look at the BackupTarget.',
    width: 4,
    height: 6,
    unit: 's',
    decimals: 0,
    noValue: 'never read, or no backup target set',
    queries: [
      {
        expr: `time() - max by (cluster, target_id) (last_over_time(harvester_backup_target_last_sync_timestamp_seconds{${CHOSEN_TARGET}}[1h]))`,
        legend: '{{cluster}}',
      },
    ],
  }),
  levelOverTime(),
  clusterTable(),
];

const levelOverTime = (): PanelBuilder =>
  stateTimeline({
    id: 4,
    title: 'Level over time',
    description:
      'When the target became shared, and when the damage began. Compare the first orange with what was changed that day: a new cluster, a restored Setting, a copied configuration.',
    width: 10,
    height: 6,
    unit: 'none',
    noValue: NO_TARGET,
    mappings: CONFLICT_LEVEL,
    thresholds: LEVELS,
    queries: [
      {
        expr: `max by (cluster, target) (max by (cluster, target_id) (harvester_backup_target_conflict_level{${CHOSEN_TARGET}}) ${WITH_PLACE})`,
        legend: '{{cluster}} {{target}}',
      },
    ],
  });

/** Every cluster on a target of the chosen clusters, chosen or not. */
const USERS = `
  (
    max by (cluster, cluster_uid, target, target_id, type, scope) (harvester_backup_target_info)
    and on (target_id) harvester_backup_target_info{${CHOSEN_TARGET}}
  )`;

const clusterTable = (): PanelBuilder =>
  table({
    id: 5,
    title: 'Clusters that use it',
    description:
      'Every cluster this Prometheus knows with the chosen targets; two with one target share it. Scope public: the same name is the same place everywhere; other names may be different stores in different networks, where the fingerprints decide. A foreign cluster that is not scraped here shows only in the evidence.',
    width: 24,
    height: 6,
    noValue: NO_TARGET,
    sortBy: 'Target',
    ascending: true,
    columns: [
      { header: 'Cluster', from: 'cluster' },
      { header: 'Cluster uid', from: 'cluster_uid' },
      { header: 'Target', from: 'target' },
      { header: 'Type', from: 'type', width: 80 },
      { header: 'Scope', from: 'scope', width: 100 },
      {
        header: 'Writes there',
        from: {
          expr: `${USERS} * on (cluster, target_id) group_left () max by (cluster, target_id) (harvester_backup_target_evidence{signal="local_writer"})`,
        },
        mappings: words({ '0': { text: 'no' }, '1': { text: 'yes' } }),
      },
      {
        header: 'Clusters on it',
        from: {
          expr: `${USERS} * on (target_id) group_left () count by (target_id) (group by (target_id, cluster_uid) (harvester_backup_target_info))`,
        },
        thresholds: [
          { value: 0, colour: FINE },
          { value: 2, colour: SEVERITY_COLOUR.warning },
        ],
      },
    ],
  });
