import type { ClusterView, SourceReport } from '../model/view.ts';
import { allFindings } from './all-findings.ts';
import { isBlind } from './blind.ts';
import { type Check, checks } from './checks.ts';
import type { Finding, Severity } from './finding.ts';
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
  readonly findings: readonly Finding[];
  readonly checks: readonly Check[];
  readonly sources: readonly SourceReport[];
}

export function reportOf(view: ClusterView): Report {
  const findings = allFindings(view);
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

function verdictOf(view: ClusterView, findings: readonly Finding[], made: readonly Check[]): Verdict {
  const looked = made.filter((check) => check.looked !== undefined);
  const blind = made.filter(({ missing }) => missing !== undefined).length;
  const caveat = blind === 0 ? '' : ` ${counted(blind, 'check')} could not be made in full.`;
  const worst = findings[0]?.severity;
  if (findings.every(({ id, severity }) => id === 'FreezewatchBlind' || severity === 'info') && isBlind(view))
    return { status: 'unknown', text: `${findings[0]?.title ?? ''}: freezes and leaks cannot be seen.` };
  if (worst === undefined || worst === 'info') {
    if (looked.length === 0) return { status: 'unknown', text: 'Nothing is known: no check could be made.' };
    const advice = findings.length === 0 ? '' : ` ${counted(findings.length, 'thing')} to know.`;
    return { status: worst ?? 'ok', text: `Nothing is wrong in what was checked.${advice}${caveat}` };
  }
  const critical = findings.filter(({ severity }) => severity === 'critical').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  const parts = [
    ...(critical > 0 ? [`${counted(critical, 'problem')} to act on now`] : []),
    ...(warnings > 0 ? [`${counted(warnings, 'problem')} to act on today`] : []),
  ];
  return { status: worst, text: `${parts.join(', ')}.${caveat}` };
}
