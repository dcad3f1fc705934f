import { freezeLoops } from '../model/freezes/freeze-loop.ts';
import type { ClusterView } from '../model/view.ts';
import type { VirtualMachineInstance } from '../model/objects/virtual-machine.ts';
import { type Finding, runbookOf } from './finding.ts';
import { commandLine, shellWord } from './shell-word.ts';
import { ago } from './wording.ts';

/** Steps of the trend after which a freeze has ended by its own timeout, whoever asked for it. */
const FREEZE_ENDS_AFTER_STEPS = 5;

/** VMs that stay frozen after the last freeze: in a loop the last one is always recent, and the loop is found itself. */
export function findStuckFrozen(view: ClusterView): readonly Finding[] {
  const looping = new Set(freezeLoops(view).map(({ namespace, vm }) => `${namespace}/${vm}`));
  return [...view.vmis]
    .filter(({ namespace, name, frozen }) => frozen && !looping.has(`${namespace}/${name}`))
    .filter((vmi) => !isFrozenLately(view, vmi))
    .sort((a, b) => `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`))
    .map((vmi) => findingOf(view, vmi));
}

function isFrozenLately(view: ClusterView, { namespace, name }: VirtualMachineInstance): boolean {
  const { lastFreezeMs } = view.freezesOf(namespace, name);
  const endsAfterMs = FREEZE_ENDS_AFTER_STEPS * view.timing.freezeTrendStepMs;
  return lastFreezeMs !== undefined && view.nowMs - lastFreezeMs < endsAfterMs;
}

function findingOf(
  view: ClusterView,
  { namespace, name: vm, uid, node, agentConnected }: VirtualMachineInstance,
): Finding {
  const { lastFreezeMs } = view.freezesOf(namespace, vm);
  return {
    id: 'HarvesterVMFilesystemStuckFrozen',
    severity: 'critical',
    title: `The file systems of VM ${namespace}/${vm} stay frozen`,
    subject: { namespace, vm, node },
    evidence: [
      {
        label: 'Last freeze call',
        value: lastFreezeMs === undefined ? 'none seen' : ago(lastFreezeMs, view.nowMs),
      },
      { label: 'Guest agent', value: agentConnected ? 'connected' : 'not connected' },
    ],
    explanation:
      'Every write of the guest hangs until it is thawed. Its backup program died, or the thaw failed.',
    remedy: {
      text: 'Thaw it through its launcher; if the guest agent does not answer, only a reset of the VM helps.',
      commands: [thaw(namespace, vm, uid)],
    },
    runbook: runbookOf('HarvesterVMFilesystemStuckFrozen'),
  };
}

/** The launcher is found by the VMI's uid: its label `vm.kubevirt.io/name` is a cut-off host name. */
function thaw(namespace: string, vm: string, uid: string): string {
  const launcher = commandLine(
    'kubectl',
    'get',
    'pod',
    '-n',
    namespace,
    '-l',
    `kubevirt.io/created-by=${uid}`,
    '--field-selector',
    'status.phase=Running',
    '-o',
    'name',
  );
  const exec = commandLine('kubectl', 'exec', '-n', namespace, '-c', 'compute');
  return `${exec} "$(${launcher})" -- virsh domfsthaw ${shellWord(`${namespace}_${vm}`)}`;
}
