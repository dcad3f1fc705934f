import { label } from '../link.ts';
import { ALERT_BOUNDS, anyIs, falling, rising } from '../alert-bounds.ts';
import { barGauge, stat } from '../figure-panels.ts';
import { CONFLICT_LEVEL, countOrZero, EXPORTER_AWAY } from '../meanings.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { BROKEN, LOOPS, onNode, timeToLimit } from '../shared-queries.ts';

/** Time to the limit, VMs in a loop, broken backups, the level of the target. */
export const overviewAnswers = (): readonly PanelBuilder[] => [
  stat({
    id: 10,
    title: 'Time until virt-handler is killed, by node',
    description:
      'Forecast from the freeze rate or from the memory itself, whichever is sooner; nodes without a forecast are not shown. Red or orange: follow the link, find the VM that is frozen, and run: freezewatch break-loop',
    width: 8,
    height: 6,
    unit: 's',
    noValue: 'no node is heading for its limit',
    text: 'both',
    thresholds: falling(ALERT_BOUNDS.exhaustionImminent, ALERT_BOUNDS.freezeExhaustion),
    queries: [{ expr: timeToLimit('cluster, node'), legend: '{{cluster}} {{node}}' }],
    links: [
      {
        title: 'Freezes and memory of ${__field.labels.node}',
        dashboard: 'freeze',
        set: { node: label('node') },
      },
    ],
  }),
  barGauge({
    id: 11,
    title: 'virt-handler memory, of its limit',
    description:
      'Working set of virt-handler by node as a share of its memory limit; at 100 % the kernel kills it and VMs of the node cannot be started, stopped or migrated until it is back. Red: follow the link, break the loop, then delete the pod.',
    width: 4,
    height: 6,
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
  stat({
    id: 12,
    title: 'VMs in a freeze loop',
    description:
      'VMs that failed backups freeze again and again. Red: each freeze stalls the guest and may leak in virt-handler; run: freezewatch break-loop',
    width: 4,
    height: 6,
    unit: 'none',
    noValue: EXPORTER_AWAY,
    thresholds: anyIs('critical'),
    queries: [{ expr: countOrZero(`count(${LOOPS})`), legend: 'VMs' }],
    links: [{ title: 'Who is it?', dashboard: 'freeze' }],
  }),
  stat({
    id: 13,
    title: 'Broken backups',
    description:
      'VMBackups in error, or whose data is missing from the target. Orange: follow the link; the table of problems says which and why.',
    width: 4,
    height: 6,
    unit: 'none',
    noValue: EXPORTER_AWAY,
    thresholds: anyIs('warning'),
    queries: [{ expr: countOrZero(`sum(${BROKEN})`), legend: 'VMBackups' }],
    links: [{ title: 'Which ones?', dashboard: 'backups' }],
  }),
  stat({
    id: 14,
    title: 'Who else uses the backup target?',
    description:
      'How sure it is that another cluster uses the backup target. Shared or conflict: both delete each other’s backups; suspend the schedules, and give each cluster its own bucket or path.',
    width: 4,
    height: 6,
    unit: 'none',
    noValue: 'no backup target set, or not yet synced',
    mappings: CONFLICT_LEVEL,
    thresholds: rising(ALERT_BOUNDS.targetShared, ALERT_BOUNDS.targetConflict),
    queries: [{ expr: `max(harvester_backup_target_conflict_level{${CLUSTER}})`, legend: 'level' }],
    links: [{ title: 'The evidence', dashboard: 'target' }],
  }),
];
