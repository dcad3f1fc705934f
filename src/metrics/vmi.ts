import { FREEZE_ACTIONS, FREEZE_RESULTS } from '../model/logs/access-line.ts';
import { type ClusterView, perView } from '../model/view.ts';
import { family, seconds } from './family.ts';

interface Vm {
  readonly namespace: string;
  readonly vm: string;
}

/** Every VM the cluster knows, running or not: KubeVirt alone has VMIs without a VirtualMachine. */
const knownVms: (view: ClusterView) => readonly Vm[] = perView((view) => {
  const names = new Map<string, Vm>();
  for (const { namespace, name } of [...view.vmis, ...view.virtualMachines]) {
    names.set(`${namespace}/${name}`, { namespace, vm: name });
  }
  return [...names.values()];
});

export const freezeRequests = family({
  name: 'harvester_vmi_freeze_requests_total',
  type: 'counter',
  help: 'REST calls to freeze or unfreeze the filesystems of a VM, as the access log of virt-api reported them since the exporter started. A rejected call (4xx) never reached virt-handler.',
  labels: ['namespace', 'vm', 'action', 'result'],
  *observe(view) {
    if (!view.countsFreezes) return;
    for (const vm of knownVms(view)) {
      const { calls } = view.freezesOf(vm.namespace, vm.vm);
      for (const action of FREEZE_ACTIONS) {
        for (const result of FREEZE_RESULTS) {
          yield { labels: { ...vm, action, result }, value: calls[action][result] };
        }
      }
    }
  },
});

export const lastFreeze = family({
  name: 'harvester_vmi_last_freeze_timestamp_seconds',
  type: 'gauge',
  help: 'Time of the newest call that froze the VM or tried to, since the exporter started; absent without any.',
  labels: ['namespace', 'vm'],
  *observe(view) {
    if (!view.countsFreezes) return;
    for (const vm of knownVms(view)) {
      const { lastFreezeMs } = view.freezesOf(vm.namespace, vm.vm);
      if (lastFreezeMs !== undefined) yield { labels: vm, value: seconds(lastFreezeMs) };
    }
  },
});

export const safetyUnfreezes = family({
  name: 'harvester_vmi_safety_unfreezes_total',
  shards: 'every',
  type: 'counter',
  help: 'Times virt-launcher itself thawed the VM because nobody had in time ("Unfreeze was not called"). One is normal per Harvester backup: Harvester never calls unfreeze.',
  labels: ['namespace', 'vm'],
  *observe(view) {
    if (!view.countsLauncherEvents) return;
    for (const vm of knownVms(view)) {
      const counts = view.launcherEventsOf(vm.namespace, vm.vm);
      if (counts !== undefined) yield { labels: vm, value: counts.safetyUnfreezes };
    }
  },
});

export const unfreezeFailures = family({
  name: 'harvester_vmi_unfreeze_failures_total',
  shards: 'every',
  type: 'counter',
  help: 'Times virt-launcher could not thaw the VM: its filesystems may have stayed frozen.',
  labels: ['namespace', 'vm'],
  *observe(view) {
    if (!view.countsLauncherEvents) return;
    for (const vm of knownVms(view)) {
      const counts = view.launcherEventsOf(vm.namespace, vm.vm);
      if (counts !== undefined) yield { labels: vm, value: counts.unfreezeFailures };
    }
  },
});

export const filesystemFrozen = family({
  name: 'harvester_vmi_filesystem_frozen',
  type: 'gauge',
  help: '1 while the VM reports its filesystems frozen. The guest is asked every 5 s, so short freezes are mostly missed: a sign of a VM stuck frozen, not a freeze rate.',
  labels: ['namespace', 'vm'],
  *observe({ vmis }) {
    for (const { namespace, name, frozen } of vmis) {
      yield { labels: { namespace, vm: name }, value: Number(frozen) };
    }
  },
});

export const vmiInfo = family({
  name: 'harvester_vmi_info',
  type: 'gauge',
  help: 'Constant 1; joins a VM to the node whose virt-handler serves its freezes, its phase and whether the guest agent is connected.',
  labels: ['namespace', 'vm', 'node', 'phase', 'guest_agent'],
  *observe({ vmis }) {
    for (const { namespace, name, node, phase, agentConnected } of vmis) {
      yield { labels: { namespace, vm: name, node, phase, guest_agent: String(agentConnected) }, value: 1 };
    }
  },
});
