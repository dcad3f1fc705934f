import { type Kind, kindOfSource, nameOf, nounOf } from '../model/resources.ts';
import type { ClusterView } from '../model/view.ts';

/** Whether the answer of a check can be trusted. */
export interface Check {
  /** The question: "Are VMs frozen again and again?" */
  readonly name: string;
  /** What was checked: "12 VMs". undefined: the check could not be made. */
  readonly looked: string | undefined;
  /** What is missing, where something is: the check is then partial, or not made at all. */
  readonly missing: string | undefined;
}

interface CheckRow {
  readonly name: string;
  /** The check is made only where the cluster serves this kind. */
  readonly needs: Kind;
  /** Kinds that make the answer complete, where the cluster serves them. */
  readonly better?: readonly Kind[];
  /** What else is missing now. */
  readonly missing?: (view: ClusterView) => readonly string[];
}

/** Every kind of trouble that is checked, and the objects that show it. */
export const CHECKS: readonly CheckRow[] = [
  {
    name: 'VMs frozen again and again',
    needs: 'vmis',
    better: ['vmBackups', 'serverVersions'],
    missing: (view) => [
      ...(view.countsFreezes ? [] : ['the access log of virt-api']),
      ...(isEmpty(view, 'virtApis') ? ['any virt-api pod'] : []),
    ],
  },
  { name: 'VMs that stay frozen', needs: 'vmis' },
  {
    name: 'VMBackups in error, stuck or without their data',
    needs: 'vmBackups',
    better: ['longhornBackups', 'restores'],
  },
  { name: 'Schedules suspended or late', needs: 'schedules' },
  { name: 'VMs without a good backup', needs: 'vmBackups', better: ['virtualMachines'] },
  {
    name: 'Backup targets shared with another cluster or out of reach',
    needs: 'backupTargets',
    better: ['targetSettings'],
    missing: (view) => (canTellForeign(view) ? [] : ['which volumes in it are foreign']),
  },
  {
    name: 'virt-handler near its memory limit',
    needs: 'virtHandlers',
    better: ['virtHandlerMemory', 'kubevirts'],
    missing: (view) => (isEmpty(view, 'virtHandlers') ? ['any virt-handler pod'] : []),
  },
];

/** Kinds that only lead to logs: their failure shows as a log that is not read. */
export const KINDS_OF_LOGS: readonly Kind[] = ['virtApis', 'virtLaunchers'];

/** Every check that applies to this cluster, and how far it can be made now. */
export const checks = (view: ClusterView): readonly Check[] =>
  CHECKS.filter(({ needs }) => view[needs].served).map((row) => checkOf(view, row));

function checkOf(view: ClusterView, { name, needs, better = [], missing }: CheckRow): Check {
  const { available, size } = view[needs];
  if (!available) return { name, looked: undefined, missing: nameOf(needs) };
  const noun = nounOf(needs);
  const absent = [
    ...(missing?.(view) ?? []),
    ...better.filter((kind) => view[kind].served && !view[kind].available).map(nameOf),
  ];
  return {
    name,
    looked: `${size} ${noun}${size === 1 ? '' : 's'}`,
    missing: absent.length === 0 ? undefined : absent.join(', '),
  };
}

/** A volume of the target is foreign if no kind that names a cluster's own volumes names it. */
export const OWNERS: readonly Kind[] = [
  'backupVolumes',
  'longhornBackups',
  'longhornVolumes',
  'persistentVolumes',
  'vmBackups',
];
const canTellForeign = (view: ClusterView): boolean =>
  OWNERS.every((kind) => view[kind].available || !view[kind].served);

/** VMs run, but a pod of KubeVirt that has to be there then is not. */
export const isEmpty = (view: ClusterView, kind: 'virtApis' | 'virtHandlers'): boolean =>
  view.vmis.size > 0 && view[kind].available && view[kind].size === 0;

/** Sources that are no kind, as people call what they read. */
const OTHER_SUBJECTS: Readonly<Record<string, string>> = {
  virt_api_logs: 'the access log of virt-api',
  virt_launcher_logs: 'the logs of virt-launcher',
  kube_system_namespace: 'the uid of the cluster',
};

/** What a source reads, for people; the name of the source where nothing better is known. */
export function subjectOfSource(source: string): string {
  const kind = kindOfSource(source);
  if (kind !== undefined) return nameOf(kind);
  return Object.hasOwn(OTHER_SUBJECTS, source) ? (OTHER_SUBJECTS[source] ?? source) : source;
}
