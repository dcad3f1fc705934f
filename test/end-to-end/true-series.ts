import { BACKUP_STATES } from '../../src/model/backups/backup-state.ts';
import { BACKUP_TYPES } from '../../src/model/objects/vm-backup.ts';
import { VMIS } from '../../simulator/objects/keys.ts';
import type { SimulatedCluster } from '../../simulator/simulation.ts';
import type { Truth } from '../../simulator/truth.ts';

/** The metrics of which the truth of a simulated cluster knows every series. */
export const KNOWN_METRICS: readonly string[] = [
  'harvester_vmi_freeze_requests_total',
  'harvester_vmi_safety_unfreezes_total',
  'harvester_vmi_unfreeze_failures_total',
  'harvester_vmi_filesystem_frozen',
  'harvester_vmbackups',
  'harvester_vmbackup_writes_total',
  'harvester_backup_target_removed_backups_total',
  'harvester_virt_handler_info',
  'harvester_virt_handler_memory_limit_bytes',
  'harvester_virt_handler_memory_working_set_bytes',
  'harvester_virt_handler_restarts_total',
];

interface Place {
  readonly namespace: string;
  readonly vm: string;
}

const series = (name: string, labels: Readonly<Record<string, string>>, value: number): string =>
  `${name}{${Object.entries(labels)
    .map(([label, text]) => `${label}="${text}"`)
    .join(',')}} ${value}`;

/** Every series of KNOWN_METRICS, sorted, from what happened in a cluster and not from what it logged or published of it. */
export function trueSeries(simulated: SimulatedCluster): readonly string[] {
  const truth = simulated.truth();
  return [
    ...vmSeries(simulated, truth),
    ...backupSeries(truth),
    ...targetSeries(simulated, truth),
    ...virtHandlerSeries(simulated, truth),
  ].sort();
}

function vmSeries({ cluster }: SimulatedCluster, truth: Truth): readonly string[] {
  return cluster.site.spec.vms.flatMap(({ namespace, name: vm, running }) => {
    const here = (deed: Place): boolean => deed.namespace === namespace && deed.vm === vm;
    const count = (deeds: readonly (Place & { readonly count: number })[]): number =>
      deeds.find(here)?.count ?? 0;
    const calls = (['freeze', 'unfreeze'] as const).flatMap((action) =>
      (['success', 'rejected', 'failed'] as const).map((result) => {
        const such = truth.freezeCalls.filter((deed) => deed.action === action && deed.result === result);
        return series('harvester_vmi_freeze_requests_total', { namespace, vm, action, result }, count(such));
      }),
    );
    const frozen = Number(truth.frozenVms.some(here));
    return [
      ...calls,
      series('harvester_vmi_safety_unfreezes_total', { namespace, vm }, count(truth.safetyUnfreezes)),
      series('harvester_vmi_unfreeze_failures_total', { namespace, vm }, count(truth.thawFailures)),
      ...(running ? [series('harvester_vmi_filesystem_frozen', { namespace, vm }, frozen)] : []),
    ];
  });
}

function backupSeries({ vmBackups }: Truth): readonly string[] {
  const namespaces = [...new Set(vmBackups.map(({ namespace }) => namespace))];
  const states = namespaces.flatMap((namespace) =>
    BACKUP_TYPES.flatMap((type) => {
      const such = vmBackups.filter((backup) => backup.namespace === namespace && backup.type === type);
      if (such.length === 0) return [];
      return BACKUP_STATES.map((state) => {
        const count = such.filter((backup) => backup.state === state).length;
        return series('harvester_vmbackups', { namespace, type, state }, count);
      });
    }),
  );
  const writes = vmBackups
    .filter(({ state }) => state === 'error' || state === 'pending' || state === 'in_progress')
    .map(({ namespace, vm, name: vmbackup, generation }) =>
      series('harvester_vmbackup_writes_total', { namespace, vm, vmbackup }, generation),
    );
  return [...states, ...writes];
}

function targetSeries({ cluster }: SimulatedCluster, { removedNativeBackups }: Truth): readonly string[] {
  const { target } = cluster.site.spec;
  if (target === undefined || cluster.harvester === undefined) return [];
  return [`harvester_backup_target_removed_backups_total ${removedNativeBackups}`];
}

function virtHandlerSeries({ cluster }: SimulatedCluster, truth: Truth): readonly string[] {
  const { kubevirtNamespace: namespace, podMetricsServed } = cluster.site.spec;
  const { kubevirt: version } = cluster.site.release;
  return truth.virtHandlers.flatMap(({ pod, node, limitBytes, workingSetBytes, restarts }) => {
    const labels = { namespace, pod, node };
    // metrics-server tells whole KiB.
    const told = Math.round(workingSetBytes / 1_024) * 1_024;
    return [
      series('harvester_virt_handler_info', { ...labels, version, leak: truth.leak }, 1),
      series('harvester_virt_handler_memory_limit_bytes', labels, limitBytes),
      series('harvester_virt_handler_restarts_total', labels, restarts),
      ...(podMetricsServed ? [series('harvester_virt_handler_memory_working_set_bytes', labels, told)] : []),
    ];
  });
}

/** Whether every VMI reports of its filesystems what is true: the agent is asked every five seconds only. */
export function reportsAreTrue({ cluster }: SimulatedCluster): boolean {
  return [...cluster.machines.guests.values()].every(({ frozen, vm: { namespace, name } }) => {
    const vmi = cluster.site.store.get(VMIS, namespace, name);
    const reported = (vmi?.status as { readonly fsFreezeStatus?: string } | undefined)?.fsFreezeStatus;
    return frozen === (reported === 'frozen');
  });
}
