import { anyIs } from '../alert-bounds.ts';
import { timeSeries } from '../curve-panels.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { FINE, SEVERITY_COLOUR } from '../severity-colour.ts';
import { table } from '../table-panel.ts';
import { words } from '../value-mapping.ts';
import { CHOSEN_VM } from './vm-selection.ts';

const INFO = `max by (cluster, namespace, schedule, vm, type, cron) (harvester_vmbackup_schedule_info{${CHOSEN_VM}})`;
const SUSPENDED = words({
  '0': { text: 'runs', colour: FINE },
  '1': { text: 'suspended', colour: SEVERITY_COLOUR.warning },
});

/** Adds a figure of a schedule to its identity. */
const ofSchedule = (metric: string): string =>
  `${INFO} * on (cluster, namespace, schedule) group_left () max by (cluster, namespace, schedule) (${metric}{${CLUSTER}})`;

/** What runs when, what stopped, and what Longhorn says. */
export const backupSchedules = (): readonly PanelBuilder[] => [
  scheduleTable(),
  timeSeries({
    id: 21,
    title: 'Longhorn Backups by state',
    description:
      'What Longhorn itself holds. pulled: mirrored from the store, so made by another cluster or before a reinstall. Error growing: uploads fail; see the table below. native falling while nobody deletes: somebody else cleans the store.',
    width: 12,
    height: 8,
    unit: 'none',
    noValue: 'no Longhorn, or its Backups are not read',
    min: 0,
    steps: true,
    stacked: true,
    styles: [
      { series: '/^Error|^Unknown/', colour: SEVERITY_COLOUR.critical },
      { series: '/^Completed native/', colour: FINE },
      { series: '/^Completed pulled/', colour: SEVERITY_COLOUR.info },
    ],
    queries: [
      {
        expr: `sum by (state, origin) (max by (cluster, state, origin) (harvester_longhorn_backups{${CLUSTER}})) > 0`,
        legend: '{{state}} {{origin}}',
      },
    ],
  }),
  longhornTable(),
];

const scheduleTable = (): PanelBuilder =>
  table({
    id: 20,
    title: 'Schedules',
    description:
      'Suspended: Harvester stopped it after too many failures or because the target could not be reached, and does not resume it by itself; mend the cause, then resume it in the UI. Failures one short of the maximum: the next failure suspends it.',
    width: 24,
    height: 8,
    noValue: 'no schedule, or Harvester before 1.4, which has none',
    sortBy: 'Failures',
    columns: [
      { header: 'Cluster', from: 'cluster', width: 100 },
      { header: 'Namespace', from: 'namespace' },
      { header: 'Schedule', from: 'schedule' },
      { header: 'VM', from: 'vm' },
      { header: 'Type', from: 'type', width: 90 },
      { header: 'Cron (UTC)', from: 'cron' },
      {
        header: 'State',
        from: { expr: ofSchedule('harvester_vmbackup_schedule_suspended') },
        mappings: SUSPENDED,
        thresholds: anyIs('warning'),
      },
      { header: 'Failures', from: { expr: ofSchedule('harvester_vmbackup_schedule_failures') }, decimals: 0 },
      {
        header: 'Failures allowed',
        from: { expr: ofSchedule('harvester_vmbackup_schedule_max_failures') },
        decimals: 0,
      },
      {
        header: 'Next run',
        from: { expr: `1000 * ${ofSchedule('harvester_vmbackup_schedule_next_run_timestamp_seconds')}` },
        unit: 'dateTimeFromNow',
      },
    ],
  });

const longhornTable = (): PanelBuilder =>
  table({
    id: 22,
    title: 'Longhorn Backups that failed',
    description:
      'Longhorn Backups in state Error or Unknown. Read the error with kubectl get backups.longhorn.io -n longhorn-system; mend the target or the network, then delete the failed VMBackup, which deletes these.',
    width: 12,
    height: 8,
    noValue: 'no Longhorn Backup has failed',
    sortBy: 'Volume',
    ascending: true,
    columns: [
      { header: 'Cluster', from: 'cluster', width: 100 },
      { header: 'Namespace', from: 'namespace' },
      { header: 'VM', from: 'vm' },
      { header: 'Volume', from: 'volume' },
      { header: 'Backup', from: 'backup' },
      {
        header: 'State',
        from: 'state',
        mappings: words({
          Error: { text: 'Error', colour: SEVERITY_COLOUR.warning },
          Unknown: { text: 'Unknown', colour: SEVERITY_COLOUR.warning },
        }),
      },
      {
        header: 'Count',
        hidden: true,
        from: {
          expr: `max by (cluster, namespace, vm, volume, backup, state) (harvester_longhorn_backup_problem{${CLUSTER}})`,
        },
      },
    ],
  });
