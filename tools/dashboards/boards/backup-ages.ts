import { STALE_BACKUP } from '../../../src/model/thresholds.ts';
import { ALERT_BOUNDS, boundValue } from '../alert-bounds.ts';
import { NEVER } from '../meanings.ts';
import type { PanelBuilder } from '../panel.ts';
import { FINE, SEVERITY_COLOUR } from '../severity-colour.ts';
import { table } from '../table-panel.ts';
import { CHOSEN_VM } from './vm-selection.ts';

const LABELS = 'cluster, namespace, vm, type';
const LAST = `max by (${LABELS}) (last_over_time(harvester_vm_last_backup_timestamp_seconds{${CHOSEN_VM}}[1h]))`;
const RESTORED = `max by (cluster, namespace, vm) (harvester_vm_last_verified_restore_timestamp_seconds{${CHOSEN_VM}})`;
const AGE = `(time() - (${LAST} > 0))`;

/** One row per VM: what would be lost if it failed now. */
export const backupAges = (): readonly PanelBuilder[] => [
  table({
    id: 10,
    title: 'What would be lost if the VM failed now',
    description:
      'The newest good backup of each VM and its age. Orange: older than twice the interval of its schedule and an hour, so runs fail or are dropped; look at its schedule below. Never: it cannot be restored at all. Last restore: only a restore proves that backups work.',
    width: 24,
    height: 9,
    noValue: 'no VM is known, or its source is down',
    sortBy: 'Intervals without',
    columns: [
      { header: 'Cluster', from: 'cluster', width: 100 },
      { header: 'Namespace', from: 'namespace' },
      { header: 'VM', from: 'vm' },
      { header: 'Type', from: 'type', width: 90 },
      {
        header: 'Newest good one',
        from: { expr: `${LAST} * 1000` },
        unit: 'dateTimeFromNow',
        mappings: NEVER,
      },
      { header: 'Age', from: { expr: AGE }, unit: 's', decimals: 1 },
      {
        header: 'Scheduled every',
        from: { expr: `vm:vmbackup_schedule_interval_seconds:min{${CHOSEN_VM}}` },
        unit: 's',
        decimals: 0,
      },
      {
        header: 'Intervals without',
        from: {
          expr: `clamp_min(${AGE} - ${STALE_BACKUP.slackHours} * 3600, 0) / on (${LABELS}) vm:vmbackup_schedule_interval_seconds:min{${CHOSEN_VM}}`,
        },
        decimals: 1,
        thresholds: [
          { value: 0, colour: FINE },
          { value: STALE_BACKUP.intervals, colour: SEVERITY_COLOUR.warning },
        ],
      },
      {
        header: 'Took',
        from: { expr: `max by (${LABELS}) (harvester_vm_last_backup_duration_seconds{${CHOSEN_VM}})` },
        unit: 's',
        decimals: 0,
      },
      {
        header: 'Since a restore proved it',
        from: {
          expr: `label_replace((time() - (${RESTORED} > 0)) or ${RESTORED} == 0, "type", "backup", "", "")`,
        },
        mappings: NEVER,
        unit: 's',
        decimals: 0,
        thresholds: [
          { value: 0, colour: FINE },
          { value: boundValue(ALERT_BOUNDS.unverified), colour: SEVERITY_COLOUR.info },
        ],
      },
    ],
  }),
];
