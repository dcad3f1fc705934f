import { freezeLoops } from '../model/freezes/freeze-loop.ts';
import { loopRateOf } from '../model/freezes/node-freezes.ts';
import { exhaustedInMs, isNearLimit, isOomKilled } from '../model/virt-handlers/memory.ts';
import { FREEZE_FORECAST } from '../model/thresholds.ts';
import type { ClusterView } from '../model/view.ts';
import { type VirtHandler, virtHandlers } from '../model/virt-handlers/virt-handler.ts';
import { type Evidence, type Finding, type Remedy, runbookOf } from './finding.ts';
import { collect, isFreezeLeak, leakEvidence, otherCauses } from './leak-causes.ts';
import { commandLine } from './shell-word.ts';
import { ago, bytes, duration, listed, moment } from './wording.ts';

/** virt-handlers that were killed for their memory, are about to be, or will be by the freeze loops of their node. */
export function findVirtHandlerTrouble(view: ClusterView): readonly Finding[] {
  const handlers = virtHandlers(view).toSorted((a, b) => a.pod.node.localeCompare(b.pod.node));
  return [
    ...handlers
      .filter((handler) => isOomKilled(view, handler))
      .map((handler) => killedFinding(view, handler)),
    ...handlers.filter(isNearLimit).map((handler) => nearLimitFinding(view, handler)),
    ...handlers.flatMap((handler) => exhaustionFindings(view, handler)),
  ];
}

function killedFinding(view: ClusterView, handler: VirtHandler): Finding {
  const { pod, container } = handler;
  const harm = 'While it restarts, VMs of the node cannot be started, migrated or stopped.';
  return {
    id: 'HarvesterVirtHandlerOOMKilled',
    severity: 'critical',
    title: `virt-handler on node ${pod.node} was killed because it reached its memory limit`,
    subject: { namespace: pod.namespace, node: pod.node },
    evidence: [
      {
        label: 'Killed',
        value: `${moment(container.oomKilledMs ?? 0)}, ${ago(container.oomKilledMs, view.nowMs)}`,
      },
      { label: 'Restarts', value: String(container.restarts) },
      ...memoryEvidence(view, handler),
    ],
    explanation: isFreezeLeak(view, handler)
      ? `${harm} Raising the limit only makes it later: something leaks.`
      : `${harm} ${withoutLoop(handler)}`,
    remedy: isFreezeLeak(view, handler)
      ? stopLoops('Stop the freeze loops of the node; without them the memory does not grow again.', [
          commandLine('kubectl', 'describe', 'pod', '-n', pod.namespace, pod.name),
        ])
      : collect(handler),
    runbook: runbookOf('HarvesterVirtHandlerOOMKilled'),
  };
}

function nearLimitFinding(view: ClusterView, handler: VirtHandler): Finding {
  const { pod } = handler;
  const harm = 'At the limit the kernel kills it, in the middle of whatever it does for the VMs of the node.';
  return {
    id: 'HarvesterVirtHandlerMemoryHigh',
    severity: 'critical',
    title: `virt-handler on node ${pod.node} is about to reach its memory limit`,
    subject: { namespace: pod.namespace, node: pod.node },
    evidence: memoryEvidence(view, handler),
    explanation: isFreezeLeak(view, handler) ? harm : `${harm} ${withoutLoop(handler)}`,
    remedy: isFreezeLeak(view, handler)
      ? stopLoops(
          'Stop the freeze loops of the node, then restart virt-handler at a moment you choose: running VMs stay up.',
          [commandLine('kubectl', 'delete', 'pod', '-n', pod.namespace, pod.name)],
        )
      : collect(handler),
    runbook: runbookOf('HarvesterVirtHandlerMemoryHigh'),
  };
}

function exhaustionFindings(view: ClusterView, handler: VirtHandler): readonly Finding[] {
  const { pod } = handler;
  const rate = loopRateOf(view, pod.node);
  const inMs = rate === undefined ? undefined : exhaustedInMs(handler, rate);
  if (rate === undefined || inMs === undefined || inMs >= FREEZE_FORECAST.warnsBeforeMs) return [];
  return [
    {
      id: 'HarvesterFreezeLoopWillExhaustVirtHandler',
      severity: 'warning',
      title: `Freeze loops will fill the memory of virt-handler on node ${pod.node} in ${duration(inMs)}`,
      subject: { namespace: pod.namespace, node: pod.node },
      evidence: [
        { label: 'Freeze calls of its loops', value: `${rate} an hour` },
        ...memoryEvidence(view, handler),
      ],
      explanation:
        'Each freeze leaks memory in virt-handler. At the present rate it reaches its limit and is killed.',
      remedy: stopLoops('Stop the freeze loops of the node.', []),
      runbook: runbookOf('HarvesterFreezeLoopWillExhaustVirtHandler'),
    },
  ];
}

const withoutLoop = (handler: VirtHandler): string =>
  `Freezes do not explain it, by what was seen and by its version. Other known causes: ${otherCauses(handler)}.`;

const stopLoops = (text: string, more: readonly string[]): Remedy => ({
  text,
  commands: ['freezewatch break-loop', ...more],
});

function memoryEvidence(view: ClusterView, handler: VirtHandler): readonly Evidence[] {
  const { workingSetBytes, container, version, pod } = handler;
  const limit = container.memoryLimitBytes === undefined ? 'no limit' : bytes(container.memoryLimitBytes);
  const vms = freezeLoops(view)
    .filter((loop) => loop.node === pod.node)
    .map(({ namespace, vm }) => `${namespace}/${vm}`);
  return [
    {
      label: 'Memory',
      value: `${workingSetBytes === undefined ? 'unknown' : bytes(workingSetBytes)} of ${limit}`,
    },
    { label: 'KubeVirt', value: version ?? 'version unknown' },
    { label: 'VMs in a freeze loop there', value: vms.length === 0 ? 'none seen' : listed(vms) },
    ...(isFreezeLeak(view, handler) ? [] : leakEvidence(view, handler)),
  ];
}
