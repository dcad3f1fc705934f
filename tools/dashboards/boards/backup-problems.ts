import { column } from '../link.ts';
import { anyIs } from '../alert-bounds.ts';
import { timeSeries } from '../curve-panels.ts';
import { stat } from '../figure-panels.ts';
import { countOrZero, EXPORTER_AWAY } from '../meanings.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { FINE, SEVERITY_COLOUR, type Severity } from '../severity-colour.ts';
import { table } from '../table-panel.ts';
import { words } from '../value-mapping.ts';
import { stateStyles } from './backup-states.ts';
import { CHOSEN_VM } from './vm-selection.ts';

const STATE = words({
  error: { text: 'error', colour: SEVERITY_COLOUR.critical },
  degraded: { text: 'degraded', colour: SEVERITY_COLOUR.warning },
  dangling: { text: 'dangling', colour: SEVERITY_COLOUR.warning },
  deleting: { text: 'stuck deleting', colour: SEVERITY_COLOUR.warning },
  in_progress: { text: 'stuck in progress', colour: SEVERITY_COLOUR.warning },
});
const FREEZES = words({
  '0': { text: 'no', colour: FINE },
  '1': { text: 'yes', colour: SEVERITY_COLOUR.critical },
});
const BACKUP_LABELS = 'cluster, namespace, vm, vmbackup, state, reason, origin';
const PROBLEM = `max by (${BACKUP_LABELS}) (harvester_vmbackup_problem{${CHOSEN_VM}})`;

/** Adds a figure of a VMBackup to its problem. */
const ofProblem = (expr: string): string =>
  `${PROBLEM} * on (cluster, namespace, vm, vmbackup) group_left () max by (cluster, namespace, vm, vmbackup) (${expr})`;

/** Counts, states over time, and every problem by name. */
export const backupProblems = (): readonly PanelBuilder[] => [
  figure(
    1,
    'In error',
    'warning',
    `count(harvester_vmbackup_problem{${CHOSEN_VM}, state="error"})`,
    'VMBackups that failed. They are retried for ever, and a retry may freeze the VM. Find the reason in the table below; delete them or mend the target.',
  ),
  figure(
    2,
    'Data missing',
    'warning',
    `count(harvester_vmbackup_problem{${CHOSEN_VM}, state=~"degraded|dangling"})`,
    'VMBackups whose data is gone from the target: they cannot be restored, whatever Harvester says. Make a new backup now, then find out who deleted the data: see the dashboard Backup target.',
  ),
  figure(
    3,
    'Stuck',
    'warning',
    `count(harvester_vmbackup_problem{${CHOSEN_VM}, state=~"deleting|in_progress"})`,
    'VMBackups that are being made for over 2 hours, or deleted for over 15 minutes. Their schedule drops its runs meanwhile; look at the Longhorn Backups and the engine of the volume.',
  ),
  figure(
    4,
    'Never backed up',
    'info',
    `count(max by (cluster, namespace, vm) (harvester_vm_last_backup_timestamp_seconds{${CHOSEN_VM}, type="backup"}) == 0)`,
    'VMs without any good backup. If that is on purpose, exclude them by silencing the alert; else give them a schedule.',
  ),
  statesOverTime(),
  problemTable(),
];

const figure = (
  id: number,
  title: string,
  severity: Severity,
  expr: string,
  description: string,
): PanelBuilder =>
  stat({
    id,
    title,
    description,
    width: 3,
    height: 7,
    unit: 'none',
    noValue: EXPORTER_AWAY,
    thresholds: anyIs(severity),
    queries: [{ expr: countOrZero(expr), legend: title }],
  });

const statesOverTime = (): PanelBuilder =>
  timeSeries({
    id: 5,
    title: 'VMBackups by state',
    description:
      'All VMBackups of the chosen namespaces. Red growing: failures pile up, and each may retry for ever. Orange: data vanished from the target. Blue that never ends: uploads share the network or hang.',
    width: 12,
    height: 7,
    unit: 'none',
    noValue: EXPORTER_AWAY,
    min: 0,
    stacked: true,
    steps: true,
    styles: stateStyles,
    queries: [
      {
        expr: `sum by (state) (max by (cluster, namespace, type, state) (harvester_vmbackups{${CLUSTER}, namespace=~"$namespace", type="backup"})) > 0`,
        legend: '{{state}}',
      },
    ],
  });

const problemTable = (): PanelBuilder =>
  table({
    id: 6,
    title: 'Problems',
    description:
      'Every VMBackup that needs somebody, and why. Freezes the VM: each retry does, so delete it first (freezewatch break-loop says whether that is safe). Imported: it came from the target, so another cluster may own its data.',
    width: 24,
    height: 9,
    noValue: 'no VMBackup is broken or stuck',
    sortBy: 'Writes in 1 h',
    columns: [
      { header: 'Cluster', from: 'cluster', width: 100 },
      { header: 'Namespace', from: 'namespace' },
      {
        header: 'VM',
        from: 'vm',
        link: {
          title: 'Freezes of ${__value.text}',
          dashboard: 'freeze',
          set: { namespace: column('Namespace'), vm: column('VM') },
        },
      },
      { header: 'VMBackup', from: 'vmbackup', width: 260 },
      { header: 'State', from: 'state', mappings: STATE },
      { header: 'Reason', from: 'reason' },
      { header: 'Origin', from: 'origin' },
      {
        header: 'Freezes the VM',
        from: { expr: ofProblem(`harvester_vmbackup_freezes_guest{${CHOSEN_VM}}`) },
        mappings: FREEZES,
        thresholds: anyIs('critical'),
      },
      {
        header: 'Writes in 1 h',
        from: {
          expr: `${ofProblem(`increase(harvester_vmbackup_writes_total{${CHOSEN_VM}}[1h])`)} or 0 * ${PROBLEM}`,
        },
        decimals: 0,
      },
    ],
  });
