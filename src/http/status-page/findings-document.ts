import type { Check } from '../../findings/checks.ts';
import type { LinkedFinding } from '../../findings/causes.ts';
import type { Report, Verdict } from '../../findings/report.ts';

/** The answer of `/api/findings`, and one cluster of `diagnose -o json`: docs/api-findings.schema.json. */
interface FindingsDocument {
  readonly apiVersion: 'freezewatch/v1';
  readonly time: string;
  readonly cluster: { readonly name: string; readonly uid?: string };
  readonly verdict: Verdict;
  readonly findings: readonly LinkedFinding[];
  readonly checks: readonly Check[];
  readonly sources: readonly {
    readonly source: string;
    /** null: not served by the cluster, or not read yet. */
    readonly up: boolean | null;
    readonly lastSuccess: string | null;
    readonly cure?: string;
  }[];
}

export function findingsDocument(report: Report, clusterName: string): FindingsDocument {
  const { atMs, clusterUid, verdict, findings, checks, sources } = report;
  return {
    apiVersion: 'freezewatch/v1',
    time: new Date(atMs).toISOString(),
    cluster: { name: clusterName, ...(clusterUid === undefined ? {} : { uid: clusterUid }) },
    verdict,
    findings,
    checks,
    sources: sources.map(({ source, up, lastSuccessMs, remedy }) => ({
      source,
      up: up ?? null,
      lastSuccess: lastSuccessMs === undefined ? null : new Date(lastSuccessMs).toISOString(),
      ...(remedy === undefined ? {} : { cure: remedy }),
    })),
  };
}
