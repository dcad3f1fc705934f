import { freezeLoops } from '../model/freeze-loop.ts';
import { groupBy } from '../model/group-by.ts';
import type { Leak } from '../model/kubevirt-version.ts';
import { type ClusterView, FREEZE_TREND_STEPS } from '../model/view.ts';
import { type VirtHandler, virtHandlers } from '../model/virt-handler.ts';
import { type Evidence, type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { ago, bytes, counted, listed, moment } from './wording.ts';

/** So near the limit the kernel may end it at any moment: the alert's threshold. */
const HIGH_RATIO = 0.9;

/** virt-handlers that were killed for their memory, are near it, or may get there. */
export function findVirtHandlerTrouble(view: ClusterView): readonly Finding[] {
  const handlers = virtHandlers(view).toSorted((a, b) => a.pod.node.localeCompare(b.pod.node));
  return [
    ...handlers
      .filter((handler) => isOomKilled(view, handler))
      .map((handler) => killedFinding(view, handler)),
    ...handlers.filter(isNearLimit).map((handler) => nearLimitFinding(view, handler)),
    ...unlimitedFindings(handlers),
    ...leakyFindings(handlers),
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

function unlimitedFindings(handlers: readonly VirtHandler[]): readonly Finding[] {
  const unlimited = handlers.filter(({ container }) => container.memoryLimitBytes === undefined);
  const [first] = unlimited;
  if (first === undefined) return [];
  const nodes = unlimited.map(({ pod }) => pod.node);
  return [
    {
      id: 'HarvesterVirtHandlerMemoryLimitUnknown',
      severity: 'info',
      title: `virt-handler has no memory limit on ${counted(nodes.length, 'node')}`,
      subject: { namespace: first.pod.namespace },
      evidence: [{ label: 'Nodes', value: listed(nodes, 20) }],
      explanation: 'Nobody can say how long it may grow: it takes the memory of its node instead.',
      remedy: {
        text: 'Harvester sets 1600Mi by customizeComponents of the KubeVirt resource; set one again.',
        commands: [
          commandLine(
            'kubectl',
            'get',
            'pods',
            '-n',
            first.pod.namespace,
            '-l',
            'kubevirt.io=virt-handler',
            '-o',
            'custom-columns=NAME:.metadata.name,NODE:.spec.nodeName,LIMIT:.spec.containers[*].resources.limits.memory',
          ),
        ],
      },
      runbook: runbookOf('HarvesterVirtHandlerMemoryLimitUnknown'),
    },
  ];
}

const LEAK_TEXTS: Readonly<Record<Exclude<Leak, 'none'>, string>> = {
  per_freeze: 'each freeze of a VM leaks about 110 KiB in virt-handler, for good',
  per_freeze_softened:
    'each freeze of a VM leaks in virt-handler: about 110 KiB for half an hour, 26 KiB of them for good',
  client_race: 'virt-handler loses a client now and then, without any freeze',
  unknown: 'the version is not known, so a leak cannot be ruled out',
};

/** One for each version: by itself it does no harm, but it turns a freeze loop into an outage. */
function leakyFindings(handlers: readonly VirtHandler[]): readonly Finding[] {
  const byVersion = groupBy(handlers, ({ version, leak }) => `${leak}/${version ?? ''}`);
  return [...byVersion.values()].flatMap((ofVersion): readonly Finding[] => {
    const [first] = ofVersion;
    if (first === undefined || first.leak === 'none') return [];
    const { leak, version, pod } = first;
    return [
      {
        id: 'virt-handler-leaky-version',
        severity: 'info',
        title:
          version === undefined
            ? 'The version of virt-handler is unknown'
            : `virt-handler ${version} is known to leak`,
        subject: { namespace: pod.namespace },
        evidence: [
          {
            label: 'Nodes',
            value: listed(
              ofVersion.map((handler) => handler.pod.node),
              20,
            ),
          },
        ],
        explanation: `By its version ${LEAK_TEXTS[leak]}. A vendor's build may carry the fix.`,
        remedy: {
          text: 'Harvester 1.7 and later ship a KubeVirt without the leak by freezes. Until you upgrade, keep VMBackups free of errors.',
          commands: [],
        },
        runbook: runbookOf('HarvesterVirtHandlerLeaking'),
      },
    ];
  });
}
