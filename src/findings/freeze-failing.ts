import { freezeLoops } from '../model/freezes/freeze-loop.ts';
import { FREEZE_LOOP, FREEZE_TROUBLE } from '../model/thresholds.ts';
import type { ClusterView } from '../model/view.ts';
import type { VirtualMachineInstance } from '../model/objects/virtual-machine.ts';
import { type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { ago } from './wording.ts';

interface Failing {
  readonly refused: number;
  readonly thawFailedMs: number | undefined;
}

/** VMs whose freezes all fail, or whose thaw failed, within the hour: as the alert HarvesterVMFreezeFailing. */
export function findFailingFreezes(view: ClusterView): readonly Finding[] {
  const looping = new Set(freezeLoops(view).map(({ namespace, vm }) => `${namespace}/${vm}`));
  return [...view.vmis]
    .filter(({ namespace, name }) => !looping.has(`${namespace}/${name}`))
    .sort((a, b) => `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`))
    .flatMap((vmi) => {
      const failing = { refused: refusedCalls(view, vmi), thawFailedMs: failedThaw(view, vmi) };
      return failing.refused > 0 || failing.thawFailedMs !== undefined ? [findingOf(view, vmi, failing)] : [];
    });
}

/** The failing calls of the last hour, if there are enough of them and no call succeeded; else 0. */
function refusedCalls(view: ClusterView, { namespace, name }: VirtualMachineInstance): number {
  if (!view.countsFreezes) return 0;
  const hour = view.freezeHistoryOf(namespace, name)?.slice(-FREEZE_LOOP.hourSteps) ?? [];
  if (hour.some(({ succeeded }) => succeeded > 0)) return 0;
  const refused = hour.reduce((total, step) => total + step.refused, 0);
  return refused >= FREEZE_TROUBLE.failingCalls ? refused : 0;
}

function failedThaw(view: ClusterView, { namespace, name }: VirtualMachineInstance): number | undefined {
  if (!view.countsLauncherEvents) return undefined;
  const failedMs = view.launcherEventsOf(namespace, name)?.lastUnfreezeFailureMs;
  const hourMs = FREEZE_LOOP.hourSteps * view.timing.freezeTrendStepMs;
  return failedMs !== undefined && view.nowMs - failedMs < hourMs ? failedMs : undefined;
}

function findingOf(view: ClusterView, vmi: VirtualMachineInstance, failing: Failing): Finding {
  const { namespace, name: vm, node, agentConnected } = vmi;
  const { refused, thawFailedMs } = failing;
  return {
    id: 'HarvesterVMFreezeFailing',
    severity: 'warning',
    title: `Freezing or thawing VM ${namespace}/${vm} fails`,
    subject: { namespace, vm, node },
    evidence: [
      ...(refused === 0 ? [] : [{ label: 'Freeze calls of the last hour', value: `${refused}, all failed` }]),
      ...(thawFailedMs === undefined
        ? []
        : [{ label: 'Last failed thaw', value: ago(thawFailedMs, view.nowMs) }]),
      { label: 'Guest agent', value: agentConnected ? 'connected' : 'not connected' },
      { label: 'Phase', value: vmi.phase },
    ],
    explanation:
      'Backups made meanwhile are not consistent for applications. A guest agent that hangs, a paused VM, or a file system the agent cannot freeze are the usual causes.',
    remedy: {
      text: 'See whether the VM is paused and whether its agent is connected; restart the agent in the guest.',
      commands: [
        commandLine(
          'kubectl',
          'get',
          'virtualmachineinstances.kubevirt.io',
          '-n',
          namespace,
          vm,
          '-o',
          'jsonpath={range .status.conditions[*]}{.type}={.status}{"\\n"}{end}',
        ),
      ],
    },
    runbook: runbookOf('HarvesterVMFreezeFailing'),
  };
}
