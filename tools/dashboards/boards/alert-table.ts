import type { PanelBuilder } from '../panel.ts';
import { SEVERITY_COLOUR } from '../severity-colour.ts';
import { table } from '../table-panel.ts';
import { words } from '../value-mapping.ts';
import { CLUSTER } from '../query.ts';

/** Severities in the order of their urgency, which is not that of the alphabet. */
const RANKED = ['critical', 'warning', 'info'] as const;
const SEVERITY = words(
  Object.fromEntries(
    RANKED.map((severity, rank) => [String(rank), { text: severity, colour: SEVERITY_COLOUR[severity] }]),
  ),
);
const ranked = (expr: string): string =>
  RANKED.reduce(
    (text, severity, rank) => `label_replace(${text}, "severity", "${rank}", "severity", "${severity}")`,
    expr,
  );

const LABELS = 'severity, alertname, cluster, namespace, vm, node, pod, schedule, source';
/** Since when each alert is pending, where it fires now. */
const FIRING_FOR = `
  time() - max by (${LABELS}) (ALERTS_FOR_STATE{${CLUSTER}, alertname=~"Harvester(VM|Virt|Backup|Longhorn|FreezeLoop).*|Freezewatch.*"})
  and on (${LABELS}) ALERTS{alertstate="firing"}`;

/** Every alert of ours that fires now, with whom it concerns. */
export const alertTable = (id: number, width: number, height: number): PanelBuilder =>
  table({
    id,
    title: 'Alerts that fire now',
    description:
      'Every alert of this pack that fires, and whom it concerns. docs/runbooks has a page for each; its description in Alertmanager names the next command. Critical: now; warning: today; info: when convenient.',
    width,
    height,
    noValue: 'nothing fires',
    sortBy: 'Severity',
    ascending: true,
    columns: [
      {
        header: 'Severity',
        from: 'severity',
        mappings: SEVERITY,
        width: 90,
      },
      { header: 'Alert', from: 'alertname' },
      { header: 'Cluster', from: 'cluster', width: 100 },
      { header: 'Namespace', from: 'namespace' },
      { header: 'VM', from: 'vm' },
      { header: 'Node', from: 'node' },
      { header: 'Pod', from: 'pod' },
      { header: 'Schedule', from: 'schedule' },
      { header: 'Source', from: 'source' },
      {
        header: 'For',
        from: { expr: ranked(FIRING_FOR) },
        unit: 's',
        decimals: 0,
        width: 100,
      },
    ],
  });
