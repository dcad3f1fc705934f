import { barGauge } from '../figure-panels.ts';
import { timeSeries } from '../curve-panels.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { FINE, SEVERITY_COLOUR } from '../severity-colour.ts';
import { CHOSEN_TARGET } from './target-answers.ts';

/** What is counted against the target: signs of another writer, and signs of damage. */
const ANOTHER_WRITER = 'foreign_volume|live_foreign_write|imported_backup|live_import|foreign_schedule';
const DAMAGE = 'not_found|dangling|degraded';
const NOT_SYNCED = 'not counted: no backup target set, or not yet synced';

const evidence = (signals: string): string =>
  `max by (cluster, signal) (harvester_backup_target_evidence{${CHOSEN_TARGET}, signal=~"${signals}"})`;

/** Counts now and over time, and what disappeared. */
export const targetEvidence = (): readonly PanelBuilder[] => [
  counts(
    10,
    'Signs of another writer',
    ANOTHER_WRITER,
    SEVERITY_COLOUR.warning,
    'foreign_volume: volumes that never were this cluster’s. live_foreign_write: backups somebody else made within a day. imported_backup, live_import: VMBackups taken from the target. foreign_schedule: those of a schedule this cluster does not have. Orange: find that cluster by their names, and give it its own place.',
  ),
  counts(
    11,
    'Signs of damage',
    DAMAGE,
    SEVERITY_COLOUR.critical,
    'not_found: VMBackups in error because Longhorn does not know the backup. dangling, degraded: VMBackups whose data is gone. Red: do not clean up anything on either cluster before the schedules of both are suspended; a deletion here deletes there.',
  ),
  overTime(),
  timeSeries({
    id: 13,
    title: 'Backups that vanished from the store',
    description:
      'Backups this cluster made that Longhorn dropped because they were gone from the store, per hour; deletions of this cluster do not count. Any: somebody else deletes there. Suspend the schedules and find out who.',
    width: 12,
    height: 8,
    unit: 'none',
    noValue: NOT_SYNCED,
    min: 0,
    queries: [
      {
        expr: `max by (cluster, target_id) (increase(harvester_backup_target_removed_backups_total{${CHOSEN_TARGET}}[1h]))`,
        legend: '{{cluster}} vanished in 1 h',
      },
    ],
    styles: [{ series: '/vanished/', colour: SEVERITY_COLOUR.critical }],
  }),
  timeSeries({
    id: 14,
    title: 'Longhorn Backups by origin',
    description:
      'native: made by this cluster. pulled: mirrored from the store, so made by another cluster or before a reinstall. pulled that grows by itself: another cluster is writing there now.',
    width: 12,
    height: 8,
    unit: 'none',
    noValue: 'no Longhorn, or its Backups are not read',
    min: 0,
    steps: true,
    styles: [
      { series: '/pulled$/', colour: SEVERITY_COLOUR.warning },
      { series: '/native$/', colour: FINE },
    ],
    queries: [
      {
        expr: `sum by (cluster, origin) (max by (cluster, state, origin) (harvester_longhorn_backups{${CLUSTER}}))`,
        legend: '{{cluster}} {{origin}}',
      },
    ],
  }),
];

const counts = (
  id: number,
  title: string,
  signals: string,
  colour: string,
  description: string,
): PanelBuilder =>
  barGauge({
    id,
    title,
    description,
    width: 8,
    height: 8,
    unit: 'none',
    noValue: NOT_SYNCED,
    min: 0,
    thresholds: [
      { value: 0, colour: FINE },
      { value: 1, colour },
    ],
    queries: [{ expr: evidence(signals), legend: '{{cluster}} {{signal}}' }],
  });

const overTime = (): PanelBuilder =>
  timeSeries({
    id: 12,
    title: 'Evidence over time',
    description:
      'Each sign over time: which came first tells what happened. foreign_volume before not_found: another cluster moved in, and damage followed. All at once: the target was changed.',
    width: 8,
    height: 8,
    unit: 'none',
    noValue: NOT_SYNCED,
    min: 0,
    steps: true,
    queries: [{ expr: `${evidence(`${ANOTHER_WRITER}|${DAMAGE}`)} > 0`, legend: '{{cluster}} {{signal}}' }],
  });
