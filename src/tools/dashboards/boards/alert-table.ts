import type { PanelBuilder } from '../panel.ts';
import { SEVERITY_COLOUR } from '../severity-colour.ts';
import { table } from '../table-panel.ts';
import { words } from '../value-mapping.ts';
import { CLUSTER } from '../query.ts';

const SEVERITY = words({
  critical: { text: 'critical', colour: SEVERITY_COLOUR.critical },
  warning: { text: 'warning', colour: SEVERITY_COLOUR.warning },
  info: { text: 'info', colour: SEVERITY_COLOUR.info },
});

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
        thresholds: [{ value: 0, colour: 'transparent' }],
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
        from: {
          expr: `time() - max by (severity, alertname, cluster, namespace, vm, node, pod, schedule, source) (ALERTS_FOR_STATE{${CLUSTER}, alertname=~"Harvester(VM|Virt|Backup|Longhorn|FreezeLoop).*|Freezewatch.*"}) and on (severity, alertname, cluster, namespace, vm, node, pod, schedule, source) ALERTS{alertstate="firing"}`,
        },
        unit: 's',
        decimals: 0,
        width: 100,
      },
    ],
  });
