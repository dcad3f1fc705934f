import type { Series } from '../../bench/backtest/trace.ts';
import { allFindings } from '../../src/findings/all-findings.ts';
import { type FindingsAt, type Said, saidByFinding } from './agreement.ts';
import { viewsOfSeries } from './view-of-series.ts';

/** What the pages of all clusters of some series show at a minute. */
export function findingsOfSeries(series: readonly Series[]): FindingsAt {
  const clusters = [...new Set(series.map(({ labels }) => labels.cluster ?? ''))];
  const views = clusters.map((cluster) => ({
    cluster,
    viewAt: viewsOfSeries(series.filter(({ labels }) => (labels.cluster ?? '') === cluster)),
  }));
  const known = new Map<number, readonly Said[]>();
  return (minute) => {
    const said =
      known.get(minute) ??
      views.flatMap(({ cluster, viewAt }) =>
        allFindings(viewAt(minute)).map((finding) => saidByFinding(finding, cluster)),
      );
    known.set(minute, said);
    return said;
  };
}
