import { catalogue } from '../../src/metrics/catalogue.ts';
import { isAlert, type Rule } from './rule-files.ts';

/** What others export on Harvester and our rules may read. `container_spec_*` is not among them: the add-on drops it. */
const PEERS: readonly string[] = [
  // cAdvisor
  'container_memory_working_set_bytes',
  'container_start_time_seconds',
  // virt-handler itself
  'go_goroutines',
  'process_open_fds',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  // kube-state-metrics
  'kube_pod_container_resource_limits',
  'kube_pod_container_status_last_terminated_reason',
  'kube_pod_container_status_restarts_total',
  // Longhorn
  'longhorn_backup_state',
  // Prometheus
  'ALERTS',
  'up',
];

/** Every metric that exists: ours by the catalogue, the peers', and what the rules record. */
export const knownMetrics = (rules: readonly Rule[]): ReadonlySet<string> =>
  new Set([
    ...catalogue.map(({ name }) => name),
    ...PEERS,
    ...rules.flatMap((rule) => (isAlert(rule) ? [] : [rule.record])),
  ]);
