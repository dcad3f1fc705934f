import type { ClusterView, NamespaceDoubt } from '../model/view.ts';
import { isEmpty } from './checks.ts';
import { type Finding, runbookOf } from './finding.ts';
import { commandLine } from './shell-word.ts';
import { listed } from './wording.ts';

const COMPONENTS = [
  ['virtApis', 'virt-api', 'freeze calls cannot be counted'],
  ['virtHandlers', 'virt-handler', 'its memory cannot be watched'],
] as const;

/** Whether the pods that every judgement of freezes rests on are missing: the wrong namespace, or no KubeVirt. */
export const isBlind = (view: ClusterView): boolean => COMPONENTS.some(([kind]) => isEmpty(view, kind));

/** virt-api or virt-handler is missing where it is looked for, so freezes would go unseen. */
export function findBlindness(view: ClusterView): readonly Finding[] {
  const missing = COMPONENTS.filter(([kind]) => isEmpty(view, kind));
  if (missing.length === 0) return [];
  const names = missing.map(([, name]) => name);
  const namespace = view.kubevirtNamespace;
  return [
    {
      id: 'FreezewatchBlind',
      severity: 'warning',
      title: `There is no ${names.join(' and no ')} in namespace ${namespace}`,
      subject: { namespace },
      evidence: missing.map(([, name, effect]) => ({ label: `No ${name}`, value: effect })),
      explanation:
        'VMs run, so KubeVirt is installed, but not in the namespace that is looked at: freezes and leaks go unseen.',
      remedy: {
        text: 'Find the namespace of KubeVirt and name it with --kubevirt-namespace.',
        commands: [
          commandLine('kubectl', 'get', 'pods', '-A', '-l', 'kubevirt.io in (virt-api,virt-handler)'),
        ],
      },
      runbook: runbookOf('FreezewatchBlind'),
    },
  ];
}

const FLAGS = {
  kubevirt: { name: 'KubeVirt', flag: '--kubevirt-namespace' },
  longhorn: { name: 'Longhorn', flag: '--longhorn-namespace' },
} as const;

/** Namespaces that are taken because the cluster names several. A cluster that names none is found by its missing pods. */
export const findNamespaceDoubts = ({ namespaceDoubts }: ClusterView): readonly Finding[] =>
  namespaceDoubts.filter(({ found }) => found.length > 1).map(doubtFinding);

function doubtFinding({ component, found, taken }: NamespaceDoubt): Finding {
  const { name, flag } = FLAGS[component];
  return {
    id: 'namespace-uncertain',
    severity: 'info',
    title: `${name} is in several namespaces; freezewatch looks at ${taken}`,
    subject: { namespace: taken },
    evidence: [{ label: 'Found in', value: listed(found) }],
    explanation: 'Only one of them is looked at: what happens in the others is not seen.',
    remedy: { text: `Name the right one with ${flag}.`, commands: [] },
    runbook: runbookOf('FreezewatchBlind'),
  };
}
