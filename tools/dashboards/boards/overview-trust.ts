import { TIMING } from '../../../src/model/timing.ts';
import { anyIs } from '../alert-bounds.ts';
import { stat } from '../figure-panels.ts';
import { EXPORTER_AWAY, UP } from '../meanings.ts';
import type { PanelBuilder } from '../panel.ts';
import { CLUSTER } from '../query.ts';
import { FINE, SEVERITY_COLOUR } from '../severity-colour.ts';
import { table } from '../table-panel.ts';
import { words } from '../value-mapping.ts';

/** After this long without contact the exporter drops a source's series. */
const STALE_AFTER_SECONDS = TIMING.unreachableAfterMs / 1_000;

const LEAK = words({
  per_freeze: { text: 'each freeze leaks', colour: SEVERITY_COLOUR.critical },
  per_freeze_softened: { text: 'each freeze leaks, less', colour: SEVERITY_COLOUR.warning },
  client_race: { text: 'lost connections leak', colour: SEVERITY_COLOUR.info },
  none: { text: 'none known', colour: FINE },
  unknown: { text: 'unknown version', colour: SEVERITY_COLOUR.info },
});

/** Sources up, age of the data, versions. */
export const overviewTrust = (): readonly PanelBuilder[] => [
  stat({
    id: 1,
    title: 'Sources that fail',
    description:
      'Kinds and logs freezewatch cannot read now. Not 0: what it watches there is unseen, and its panels go empty. The table beside names the source; the log of freezewatch names the missing permission.',
    width: 4,
    height: 4,
    unit: 'none',
    noValue: EXPORTER_AWAY,
    thresholds: anyIs('warning'),
    queries: [{ expr: `sum(freezewatch_source_up{${CLUSTER}} == bool 0)`, legend: 'failing' }],
  }),
  sourceTable(),
  versionTable(),
  stat({
    id: 2,
    title: 'Oldest data',
    description:
      'Time since the source that was silent for longest last proved fresh. After 5 minutes its series are dropped; the uid of the cluster, which does not age, is left out. Orange: look at the table beside, then at the log of freezewatch.',
    width: 4,
    height: 4,
    unit: 's',
    noValue: EXPORTER_AWAY,
    decimals: 0,
    thresholds: [
      { value: 0, colour: FINE },
      { value: STALE_AFTER_SECONDS, colour: SEVERITY_COLOUR.warning },
    ],
    queries: [
      {
        expr: `time() - min(last_over_time(freezewatch_source_last_success_timestamp_seconds{${CLUSTER}, source!="kube_system_namespace"}[1h]))`,
        legend: 'age',
      },
    ],
  }),
];

const sourceTable = (): PanelBuilder =>
  table({
    id: 3,
    title: 'Sources',
    description:
      'What freezewatch reads, and whether it can. A source that the cluster does not serve is not listed. Down: it is unreachable or forbidden; the alert FreezewatchSourceDown says what cures it.',
    width: 8,
    height: 8,
    noValue: EXPORTER_AWAY,
    sortBy: 'State',
    ascending: true,
    columns: [
      { header: 'Cluster', from: 'cluster', width: 90 },
      { header: 'Source', from: 'source' },
      {
        header: 'State',
        from: { expr: `max by (cluster, source) (freezewatch_source_up{${CLUSTER}})` },
        mappings: UP,
        thresholds: [
          { value: 0, colour: SEVERITY_COLOUR.warning },
          { value: 1, colour: FINE },
        ],
        width: 80,
      },
      {
        header: 'Age',
        from: {
          expr: `time() - max by (cluster, source) (last_over_time(freezewatch_source_last_success_timestamp_seconds{${CLUSTER}}[1h]))`,
        },
        unit: 's',
        decimals: 0,
        width: 80,
      },
      {
        header: 'Errors in 1 h',
        from: {
          expr: `sum by (cluster, source) (increase(freezewatch_source_errors_total{${CLUSTER}}[1h])) or 0 * max by (cluster, source) (freezewatch_source_up{${CLUSTER}})`,
        },
        decimals: 0,
        width: 110,
      },
    ],
  });

const versionTable = (): PanelBuilder =>
  table({
    id: 4,
    title: 'virt-handler: version and known leak',
    description:
      'What the KubeVirt version of each node is known to leak. It is told from the version, so a vendor build may carry the fix. Red: a freeze loop fills this virt-handler; upgrade Harvester, and break loops at once.',
    width: 12,
    height: 8,
    noValue: 'no data: no virt-handler pod found, or its source is down',
    sortBy: 'Node',
    ascending: true,
    columns: [
      { header: 'Cluster', from: 'cluster', width: 90 },
      { header: 'Node', from: 'node' },
      { header: 'KubeVirt', from: 'version' },
      { header: 'Leak', from: 'leak', mappings: LEAK },
      {
        header: 'Uptime',
        from: {
          expr: `
            time() - max by (cluster, namespace, pod) (harvester_virt_handler_start_time_seconds{${CLUSTER}})
            + on (cluster, namespace, pod) group_right () 0 * group by (cluster, namespace, pod, node, version, leak) (harvester_virt_handler_info{${CLUSTER}})`,
        },
        unit: 's',
        decimals: 0,
      },
    ],
  });
