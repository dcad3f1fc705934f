import type { ClusterView } from '../model/view.ts';
import { type Finding, SEVERITIES, type Severity } from './finding.ts';

/** A finding with its place in the chain of causes. */
export interface LinkedFinding extends Finding {
  /** Unique in a report, unlike the id; the same trouble has the same key in every report. */
  readonly key: string;
  /** Keys of its causes; it is shown under the first. */
  readonly causes: readonly string[];
  /** Keys of its effects. */
  readonly effects: readonly string[];
}

interface Link {
  readonly causes: readonly string[];
  readonly effects: readonly string[];
  readonly joins: (cause: Finding, effect: Finding, view: ClusterView) => boolean;
}

const sameVm = ({ subject: a }: Finding, { subject: b }: Finding): boolean =>
  a.vm !== undefined && a.vm === b.vm && a.namespace === b.namespace;
const sameNode = ({ subject: a }: Finding, { subject: b }: Finding): boolean =>
  a.node !== undefined && a.node !== '' && a.node === b.node;

/** Whether a VMBackup of the finding has lost its data in the target: what a second writer does. */
const hasLostData = (_: Finding, { subject }: Finding, { vmBackups }: ClusterView): boolean =>
  (subject.vmbackups ?? []).some((name) => {
    const backup = vmBackups.get(subject.namespace ?? '', name);
    return backup?.error === 'lh_backup_not_found' || backup?.readyToUse === true;
  });

const LOOPS = ['HarvesterVMFreezeLoop', 'HarvesterVMBackupFreezeLoop'] as const;

/** Which finding causes which; an effect is shown under the first cause that applies. */
const LINKS: readonly Link[] = [
  {
    causes: ['HarvesterBackupTargetConflict', 'HarvesterBackupTargetShared'],
    effects: [...LOOPS, 'HarvesterVMBackupError', 'HarvesterVMBackupDataMissing'],
    joins: hasLostData,
  },
  {
    causes: LOOPS,
    effects: ['HarvesterVMBackupError', 'HarvesterVMFreezeFailing'],
    joins: sameVm,
  },
  {
    causes: LOOPS,
    effects: [
      'HarvesterFreezeLoopWillExhaustVirtHandler',
      'HarvesterVirtHandlerMemoryHigh',
      'HarvesterVirtHandlerOOMKilled',
    ],
    joins: sameNode,
  },
  {
    causes: ['HarvesterBackupTargetUnavailable', 'HarvesterBackupTargetMisconfigured'],
    effects: ['HarvesterVMBackupStuck', 'HarvesterVMRestoreStuck'],
    joins: () => true,
  },
  {
    causes: ['HarvesterVMBackupError', 'HarvesterVMBackupStuck'],
    effects: ['HarvesterVMBackupScheduleSuspended', 'HarvesterVMBackupScheduleNearSuspension'],
    joins: sameVm,
  },
  {
    causes: ['HarvesterVMBackupScheduleSuspended', 'HarvesterVMBackupError', 'HarvesterVMBackupStuck'],
    effects: ['HarvesterVMBackupStale'],
    joins: sameVm,
  },
];

/** A loop is first seen by its VMBackups, and minutes later in the log as well: it stays the same loop. */
const SAME_TROUBLE: ReadonlyMap<string, string> = new Map([
  ['HarvesterVMBackupFreezeLoop', 'HarvesterVMFreezeLoop'],
]);

const keyOf = ({ id, subject: { namespace, vm, schedule, node, source } }: Finding): string =>
  [SAME_TROUBLE.get(id) ?? id, namespace, vm, schedule, node, source]
    .filter((part) => part !== undefined)
    .join('.');

/**
 * The findings with their causes and effects: a cause before its effects, the worst chain first. The same findings give
 * the same keys.
 */
export function linked(findings: readonly Finding[], view: ClusterView): readonly LinkedFinding[] {
  const keys = keysOf(findings);
  const causes = new Map<Finding, readonly Finding[]>(
    findings.map((effect) => [effect, causesOf(effect, findings, view)]),
  );
  const known = new Map(
    findings.map((finding) => [
      finding,
      {
        ...finding,
        key: keys.get(finding) ?? '',
        causes: (causes.get(finding) ?? []).map((cause) => keys.get(cause) ?? ''),
        effects: findings
          .filter((effect) => causes.get(effect)?.includes(finding))
          .map((effect) => keys.get(effect) ?? ''),
      },
    ]),
  );
  const all = [...known.values()];
  return roots(all)
    .map((root) => chainOf(root, all))
    .sort((a, b) => severityOf(a) - severityOf(b) || Number(a.length === 1) - Number(b.length === 1))
    .flat();
}

/** Findings without a cause among the others. */
export const roots = (all: readonly LinkedFinding[]): readonly LinkedFinding[] =>
  all.filter(({ causes }) => causes.length === 0);

/** The worst severity among a finding and its effects. */
export const worstOf = (root: LinkedFinding, all: readonly LinkedFinding[]): Severity =>
  SEVERITIES[severityOf(chainOf(root, all))] ?? root.severity;

/** A finding and all that is shown under it, causes first. */
export function chainOf(root: LinkedFinding, all: readonly LinkedFinding[]): readonly LinkedFinding[] {
  const under = all.filter(({ causes: [shownUnder] }) => shownUnder === root.key);
  return [root, ...under.flatMap((effect) => chainOf(effect, all))];
}

/** Findings of one kind: those worth their full text, and the others, of which the title is enough. */
interface Shown {
  readonly whole: readonly LinkedFinding[];
  readonly titles: readonly LinkedFinding[];
}

/** At most `limit` of each id as a whole: a thousand VMs with one trouble are one story. */
export function bounded(findings: readonly LinkedFinding[], limit: number): Shown {
  const counts = new Map<string, number>();
  const isWhole = new Map(
    findings.map((finding) => {
      const count = (counts.get(finding.id) ?? 0) + 1;
      counts.set(finding.id, count);
      return [finding, count <= limit];
    }),
  );
  return {
    whole: findings.filter((finding) => isWhole.get(finding) === true),
    titles: findings.filter((finding) => isWhole.get(finding) !== true),
  };
}

const severityOf = (chain: readonly Finding[]): number =>
  Math.min(...chain.map(({ severity }) => SEVERITIES.indexOf(severity)));

function causesOf(effect: Finding, findings: readonly Finding[], view: ClusterView): readonly Finding[] {
  const found = LINKS.filter(({ effects }) => effects.includes(effect.id)).flatMap((link) =>
    findings.filter((cause) => link.causes.includes(cause.id) && link.joins(cause, effect, view)),
  );
  return [...new Set(found)];
}

/** Findings with the same id and subject get a number, so that their keys differ. */
function keysOf(findings: readonly Finding[]): ReadonlyMap<Finding, string> {
  const seen = new Map<string, number>();
  return new Map(
    findings.map((finding) => {
      const key = keyOf(finding);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return [finding, count === 1 ? key : `${key}-${count}`];
    }),
  );
}
