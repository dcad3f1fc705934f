import type { ClusterView, SourceReport } from '../model/view.ts';
import { allFindings } from './all-findings.ts';
import { isBlind } from './blind.ts';
import { type Check, checks } from './checks.ts';
import { type LinkedFinding, linked, roots, worstOf } from './causes.ts';
import type { Severity } from './finding.ts';
import { counted } from './wording.ts';

/** `unknown`: nothing could be looked at yet. */
export type VerdictStatus = Severity | 'ok' | 'unknown';

export interface Verdict {
  readonly status: VerdictStatus;
  /** One sentence. */
  readonly text: string;
}

/** What is known of one cluster at one moment: the same for the status page, its API and `diagnose`. */
export interface Report {
  readonly atMs: number;
  readonly clusterUid: string | undefined;
  readonly verdict: Verdict;
  /** A cause before its effects, the worst chain first. */
  readonly findings: readonly LinkedFinding[];
  readonly checks: readonly Check[];
  readonly sources: readonly SourceReport[];
}

export function reportOf(view: ClusterView): Report {
  const findings = linked(allFindings(view), view);
  const made = checks(view);
  return {
    atMs: view.nowMs,
    clusterUid: view.clusterUid,
    verdict: verdictOf(view, findings, made),
    findings,
    checks: made,
    sources: view.sources.toSorted((a, b) => (a.source < b.source ? -1 : 1)),
  };
}

/** An effect is counted with its cause: what is to be done is one thing. */
function verdictOf(view: ClusterView, findings: readonly LinkedFinding[], made: readonly Check[]): Verdict {
  const looked = made.filter((check) => check.looked !== undefined);
  const blind = made.filter(({ missing }) => missing !== undefined).length;
  const caveat = blind === 0 ? '' : ` ${counted(blind, 'check')} could not be made in full.`;
  const severities = roots(findings).map((root) => worstOf(root, findings));
  const number = (severity: Severity): number => severities.filter((each) => each === severity).length;
  const [critical, warnings, infos] = [number('critical'), number('warning'), number('info')];
  const [first] = findings;
  if (isBlind(view) && critical === 0 && warnings <= 1)
    return { status: 'unknown', text: `${first?.title ?? ''}: freezes and leaks cannot be seen.` };
  if (critical + warnings === 0) {
    if (looked.length === 0) return { status: 'unknown', text: 'Nothing is known: no check could be made.' };
    const advice = infos === 0 ? '' : ` ${counted(infos, 'thing')} to know.`;
    return {
      status: infos > 0 ? 'info' : 'ok',
      text: `Nothing is wrong in what was checked.${advice}${caveat}`,
    };
  }
  const parts = [
    ...(critical > 0 ? [`${counted(critical, 'problem')} to act on now`] : []),
    ...(warnings > 0 ? [`${counted(warnings, 'problem')} to act on today`] : []),
  ];
  return { status: critical > 0 ? 'critical' : 'warning', text: `${parts.join(', ')}.${caveat}` };
}
