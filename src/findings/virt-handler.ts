import { freezeLoops } from '../model/freezes/freeze-loop.ts';
import { type ClusterView, FREEZE_TREND_STEPS } from '../model/view.ts';
import { type VirtHandler, virtHandlers } from '../model/virt-handlers/virt-handler.ts';
import { type Evidence, type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { ago, bytes, listed, moment } from './wording.ts';

/** So near the limit the kernel may end it at any moment: the alert's threshold. */
const HIGH_RATIO = 0.9;

/** virt-handlers that were killed for their memory, or are about to be. */
export function findVirtHandlerTrouble(view: ClusterView): readonly Finding[] {
  const handlers = virtHandlers(view).toSorted((a, b) => a.pod.node.localeCompare(b.pod.node));
  return [
    ...handlers
      .filter((handler) => isOomKilled(view, handler))
      .map((handler) => killedFinding(view, handler)),
    ...handlers.filter(isNearLimit).map((handler) => nearLimitFinding(view, handler)),
  ];
}

/** Within the hour: what is older was seen, or comes again. */
const isOomKilled = ({ nowMs, timing }: ClusterView, { container }: VirtHandler): boolean =>
  container.oomKilledMs !== undefined &&
  nowMs - container.oomKilledMs < FREEZE_TREND_STEPS * timing.freezeTrendStepMs;

const isNearLimit = ({ workingSetBytes, container }: VirtHandler): boolean =>
  workingSetBytes !== undefined && workingSetBytes > HIGH_RATIO * (container.memoryLimitBytes ?? Infinity);

function killedFinding(view: ClusterView, handler: VirtHandler): Finding {
  const { pod, container } = handler;
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
      ...memoryEvidence(handler),
      ...culprits(view, pod.node),
    ],
    explanation:
      'While it restarts, VMs of the node cannot be started, migrated or stopped. Raising the limit only makes it later: something leaks.',
    remedy: {
      text: 'Stop the freeze loops of the node; without them the memory does not grow again.',
      commands: [
        'freezewatch break-loop',
        commandLine('kubectl', 'describe', 'pod', '-n', pod.namespace, pod.name),
      ],
    },
    runbook: runbookOf('HarvesterVirtHandlerOOMKilled'),
  };
}

function nearLimitFinding(view: ClusterView, handler: VirtHandler): Finding {
  const { pod } = handler;
  return {
    id: 'HarvesterVirtHandlerMemoryHigh',
    severity: 'critical',
    title: `virt-handler on node ${pod.node} is about to reach its memory limit`,
    subject: { namespace: pod.namespace, node: pod.node },
    evidence: [...memoryEvidence(handler), ...culprits(view, pod.node)],
    explanation:
      'At the limit the kernel kills it, in the middle of whatever it does for the VMs of the node.',
    remedy: {
      text: 'Stop the freeze loops of the node, then restart virt-handler at a moment you choose: running VMs stay up.',
      commands: [
        'freezewatch break-loop',
        commandLine('kubectl', 'delete', 'pod', '-n', pod.namespace, pod.name),
      ],
    },
    runbook: runbookOf('HarvesterVirtHandlerMemoryHigh'),
  };
}

function memoryEvidence({ workingSetBytes, container, version }: VirtHandler): readonly Evidence[] {
  const { memoryLimitBytes } = container;
  const limit = memoryLimitBytes === undefined ? 'no limit' : bytes(memoryLimitBytes);
  return [
    {
      label: 'Memory',
      value: `${workingSetBytes === undefined ? 'unknown' : bytes(workingSetBytes)} of ${limit}`,
    },
    { label: 'KubeVirt', value: version ?? 'version unknown' },
  ];
}

function culprits(view: ClusterView, node: string): readonly Evidence[] {
  const vms = freezeLoops(view)
    .filter((loop) => loop.node === node)
    .map(({ namespace, vm }) => `${namespace}/${vm}`);
  return [{ label: 'VMs in a freeze loop there', value: vms.length === 0 ? 'none seen' : listed(vms) }];
}
