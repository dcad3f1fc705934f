import { perMinute, type Series } from './trace.ts';

/** What the exporter saw of one VM. */
export interface Vm {
  readonly namespace: string;
  readonly vm: string;
  readonly node: string;
  /** Freeze calls in that minute; their counter starts at 0. */
  readonly calls: (minute: number) => number;
  /** Names of its VMBackups in error: each would freeze the guest, and takes its share of the writes. */
  readonly brokenBackups?: readonly string[];
  /** The access log cannot be read: a loop shows only in the writes of the VMBackups. */
  readonly logless?: boolean;
  readonly gap?: (minute: number) => boolean;
  /** Minutes in which the exporter was restarted: its counters begin again. */
  readonly exporterRestarts?: readonly number[];
  /** A second replica of the exporter is scraped in those minutes. */
  readonly secondReplica?: (minute: number) => boolean;
}

/** The series of a VM, from one or two replicas of the exporter. */
export function vmSeries(vm: Vm, minutes: number): Series[] {
  const replicas = vm.secondReplica === undefined ? ['exporter-a'] : ['exporter-a', 'exporter-b'];
  return replicas.flatMap((replica) => {
    const hidden = (minute: number): boolean =>
      (vm.gap?.(minute) ?? false) || (replica === 'exporter-b' && vm.secondReplica?.(minute) !== true);
    const sampled = (valueAt: (minute: number) => number | undefined) =>
      perMinute(minutes, (minute) => (hidden(minute) ? undefined : valueAt(minute)));
    const labels = { namespace: vm.namespace, vm: vm.vm, job: 'freezewatch', instance: replica };
    const info = {
      name: 'harvester_vmi_info',
      labels: { ...labels, node: vm.node, phase: 'Running', guest_agent: 'connected' },
      values: sampled(() => 1),
    };
    const calls = callCounter(vm, minutes);
    const freezes = ['success', 'failed', 'rejected'].map((result) => ({
      name: 'harvester_vmi_freeze_requests_total',
      labels: { ...labels, action: 'freeze', result },
      values: sampled((minute) => (result === 'success' ? (calls[minute] ?? 0) : 0)),
    }));
    return [
      info,
      ...(vm.logless === true ? [] : freezes),
      ...brokenBackupSeries(vm, labels, minutes, sampled),
    ];
  });
}

function callCounter(vm: Vm, minutes: number): number[] {
  let count = 0;
  return perMinute(minutes, (minute) => {
    if (vm.exporterRestarts?.includes(minute) === true) count = 0;
    count += vm.calls(minute);
    return Math.floor(count);
  });
}

/** Every second call of the loop writes its VMBackup: the status's time has a resolution of one second. */
function brokenBackupSeries(
  vm: Vm,
  labels: Readonly<Record<string, string>>,
  minutes: number,
  sampled: (valueAt: (minute: number) => number | undefined) => (number | undefined)[],
): Series[] {
  const backups = vm.brokenBackups ?? [];
  const calls = perMinute(minutes, vm.calls);
  return backups.flatMap((vmbackup) => {
    let written = 1_000;
    const broken = calls.findIndex((count) => count > 0);
    const writes = perMinute(minutes, (minute) =>
      Math.floor((written += vm.calls(minute) / 2 / backups.length)),
    );
    const named = { ...labels, vmbackup };
    return [
      {
        name: 'harvester_vmbackup_writes_total',
        labels: named,
        values: sampled((minute) => writes[minute] ?? 0),
      },
      { name: 'harvester_vmbackup_freezes_guest', labels: named, values: sampled(() => 1) },
      {
        name: 'harvester_vmbackup_problem',
        labels: { ...named, state: 'error', reason: 'lh_backup_not_found', origin: 'imported' },
        values: sampled((minute) => (minute < broken ? undefined : 1)),
      },
    ];
  });
}
