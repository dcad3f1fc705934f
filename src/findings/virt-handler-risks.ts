import { groupBy } from '../model/group-by.ts';
import type { Leak } from '../model/virt-handlers/kubevirt-version.ts';
import type { ClusterView } from '../model/view.ts';
import { type VirtHandler, virtHandlers } from '../model/virt-handlers/virt-handler.ts';
import { type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { counted, listed } from './wording.ts';

/** What makes a freeze loop worse than it has to be: virt-handlers without a limit, or of a version that leaks. */
export function findVirtHandlerRisks(view: ClusterView): readonly Finding[] {
  const handlers = virtHandlers(view).toSorted((a, b) => a.pod.node.localeCompare(b.pod.node));
  return [...unlimitedFindings(handlers, view.vmBackups.available), ...leakyFindings(view, handlers)];
}

function unlimitedFindings(handlers: readonly VirtHandler[], isHarvester: boolean): readonly Finding[] {
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
        text: isHarvester
          ? 'Harvester sets 1600Mi by customizeComponents of the KubeVirt resource; set one again.'
          : 'Set one by customizeComponents of the KubeVirt resource, if the node is to be guarded.',
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
  client_race: 'virt-handler loses a client now and then when VMs start, stop or migrate, without any freeze',
  unknown: 'the version is not known, so a leak cannot be ruled out',
};

/** The release with the fix: of KubeVirt, and of Harvester where the cluster is one. */
function fixOf(leak: Leak, { vmBackups }: ClusterView): string {
  const isHarvester = vmBackups.available;
  if (leak === 'client_race') {
    return `KubeVirt 1.8.4 and 1.9.0 are without it${isHarvester ? '; Harvester has it from 1.9' : ''}. Watch the memory of virt-handler until you upgrade; freezes and backups have no part in it.`;
  }
  if (leak === 'unknown' && !isHarvester) {
    return 'Find the version by the image of virt-handler: KubeVirt 1.5.3, 1.6.1 and later do not leak with freezes.';
  }
  return isHarvester
    ? 'Harvester 1.7 and later ship a KubeVirt without the leak by freezes. Until you upgrade, keep VMBackups free of errors.'
    : 'KubeVirt 1.5.3, 1.6.1 and later are without the leak by freezes. Until you upgrade, have no program freeze VMs without end.';
}

/** One finding for each version. The leak does no harm by itself, but turns a freeze loop into an outage. */
function leakyFindings(view: ClusterView, handlers: readonly VirtHandler[]): readonly Finding[] {
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
        remedy: { text: fixOf(leak, view), commands: [] },
        runbook: runbookOf('HarvesterVirtHandlerLeaking'),
      },
    ];
  });
}
