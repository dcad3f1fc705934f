import { freezeLoops } from '../model/freezes/freeze-loop.ts';
import { FREEZE_TROUBLE } from '../model/thresholds.ts';
import type { ClusterView } from '../model/view.ts';
import type { VirtualMachineInstance } from '../model/objects/virtual-machine.ts';
import { type Evidence, type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { thawCommands } from './thaw.ts';
import { ago } from './wording.ts';

/**
 * VMs that stay frozen after the last freeze, as the alert judges them; and those that are frozen now, where one look
 * cannot know since when. In a loop the last freeze is always recent, and the loop is found itself.
 */
export function findStuckFrozen(view: ClusterView): readonly Finding[] {
  const looping = new Set(freezeLoops(view).map(({ namespace, vm }) => `${namespace}/${vm}`));
  return [...view.vmis]
    .filter(({ namespace, name, frozen }) => frozen && !looping.has(`${namespace}/${name}`))
    .filter((vmi) => !isFrozenLately(view, vmi))
    .sort((a, b) => `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`))
    .flatMap((vmi) => {
      const sinceMs = frozenSinceMs(view, vmi);
      if (sinceMs === undefined) return [frozenNow(view, vmi)];
      return view.nowMs - sinceMs >= freezeEndsAfterMs(view) ? [stuck(view, vmi, sinceMs)] : [];
    });
}

const freezeEndsAfterMs = ({ timing }: ClusterView): number =>
  FREEZE_TROUBLE.frozenSteps * timing.freezeTrendStepMs;

function isFrozenLately(view: ClusterView, { namespace, name }: VirtualMachineInstance): boolean {
  const { lastFreezeMs } = view.freezesOf(namespace, name);
  return lastFreezeMs !== undefined && view.nowMs - lastFreezeMs < freezeEndsAfterMs(view);
}

/** By the history of its status, or by the launcher's report that it could not thaw the VM. */
function frozenSinceMs(view: ClusterView, { namespace, name }: VirtualMachineInstance): number | undefined {
  const seenMs = view.frozenSinceMsOf(namespace, name);
  const failedMs = view.countsLauncherEvents
    ? view.launcherEventsOf(namespace, name)?.lastUnfreezeFailureMs
    : undefined;
  return seenMs === undefined || failedMs === undefined ? (seenMs ?? failedMs) : Math.min(seenMs, failedMs);
}

function stuck(view: ClusterView, vmi: VirtualMachineInstance, sinceMs: number): Finding {
  const { namespace, name: vm, node } = vmi;
  return {
    id: 'HarvesterVMFilesystemStuckFrozen',
    severity: 'critical',
    title: `The file systems of VM ${namespace}/${vm} stay frozen`,
    subject: { namespace, vm, node },
    evidence: [{ label: 'Seen frozen since', value: ago(sinceMs, view.nowMs) }, ...evidenceOf(view, vmi)],
    explanation:
      'Every write of the guest hangs until it is thawed. Its backup program died, or the thaw failed.',
    remedy: {
      text: 'Thaw it through its launcher, unless a backup program holds the freeze on purpose. The command can end well and thaw nothing, so look at the status afterwards: it is empty once the VM is thawed. If it stays frozen, virsh is the second way; if the guest agent does not answer, only a reset of the VM helps.',
      commands: thawCommands(vmi),
    },
    runbook: runbookOf('HarvesterVMFilesystemStuckFrozen'),
  };
}

function frozenNow(view: ClusterView, vmi: VirtualMachineInstance): Finding {
  const { namespace, name: vm, node } = vmi;
  return {
    id: 'vm-frozen-now',
    severity: 'info',
    title: `The file systems of VM ${namespace}/${vm} are frozen at this moment`,
    subject: { namespace, vm, node },
    evidence: [{ label: 'Frozen since', value: 'unknown: one look cannot tell' }, ...evidenceOf(view, vmi)],
    explanation:
      'A backup freezes a VM for moments, and a backup program inside the launcher leaves no call in the log. Only a freeze of more than 5 minutes is one that nothing ends.',
    remedy: {
      text: 'Look again in 5 minutes. Thaw nothing before: a backup that is being made would be worthless.',
      commands: [
        commandLine(
          'kubectl',
          'get',
          'virtualmachineinstances.kubevirt.io',
          '-n',
          namespace,
          vm,
          '-o',
          'jsonpath={.status.fsFreezeStatus}{"\\n"}',
        ),
      ],
    },
    runbook: runbookOf('HarvesterVMFilesystemStuckFrozen'),
  };
}

function evidenceOf(
  view: ClusterView,
  { namespace, name, agentConnected }: VirtualMachineInstance,
): readonly Evidence[] {
  const { lastFreezeMs } = view.freezesOf(namespace, name);
  return [
    {
      label: 'Last freeze call',
      value: lastFreezeMs === undefined ? 'none seen' : ago(lastFreezeMs, view.nowMs),
    },
    { label: 'Guest agent', value: agentConnected ? 'connected' : 'not connected' },
  ];
}
