import { ONLY_PROMETHEUS } from '../../src/findings/only-prometheus.ts';

/** Where an alert and its finding may differ, and why. */
export const EXPLAINED: Readonly<Record<string, string>> = {
  ...ONLY_PROMETHEUS,
  FreezewatchDown: 'an exporter that is down has no page',
};

const LEVEL = 'the series is the level itself, which metric and finding both take from conflictLevel()';
const ACROSS = 'several views together show it: test/findings/across-clusters.test.ts';

/** Alerts whose findings no view can be built for from series alone, beside those of EXPLAINED. */
export const NOT_IN_SERIES: Readonly<Record<string, string>> = {
  FreezewatchLogGap: 'counts the gaps of an hour, whose times the exporter does not keep',
  HarvesterBackupTargetConflict: LEVEL,
  HarvesterBackupTargetShared: LEVEL,
  HarvesterBackupTargetSharedAcrossClusters: ACROSS,
  HarvesterBackupTargetConflictAcrossClusters: ACROSS,
};

/** Whether the findings of an alert can be compared with it by series. */
export const isComparable = (id: string): boolean =>
  EXPLAINED[id] === undefined && NOT_IN_SERIES[id] === undefined;

interface OneSided {
  readonly id: string;
  /** Which side alone says it. */
  readonly only: 'alert' | 'finding';
  /** Only while the other side says one of these; always without. */
  readonly beside?: readonly string[];
  readonly reason: string;
}

/** What one side may say for a while without the other. */
export const ONE_SIDED: readonly OneSided[] = [
  {
    id: 'HarvesterVirtHandlerMemoryHigh',
    only: 'finding',
    beside: ['HarvesterFreezeLoopWillExhaustVirtHandler'],
    reason: 'the alert is silent beside a forecast, the page shows both',
  },
  {
    id: 'HarvesterVMBackupFreezeLoop',
    only: 'finding',
    reason:
      'the page reads since when a VMBackup fails and is tried; the alert counts its writes for an hour',
  },
];
