import { ONLY_PROMETHEUS } from '../../src/findings/only-prometheus.ts';

/** Alerts that series alone do not decide on both sides, and why. */
export const NOT_COMPARED: ReadonlyMap<string, string> = new Map([
  ...Object.entries(ONLY_PROMETHEUS),
  ['FreezewatchDown', 'an exporter that is down has no page'],
  ['FreezewatchLogGap', 'counts the gaps of an hour: the exporter keeps none of their times'],
  [
    'HarvesterBackupTargetConflict',
    'the series gives the level itself, which metric and finding both take from conflictLevel()',
  ],
  [
    'HarvesterBackupTargetShared',
    'the series gives the level itself, which metric and finding both take from conflictLevel()',
  ],
  [
    'HarvesterBackupTargetSharedAcrossClusters',
    'is found by several views together: test/findings/across-clusters.test.ts',
  ],
  [
    'HarvesterBackupTargetConflictAcrossClusters',
    'is found by several views together: test/findings/across-clusters.test.ts',
  ],
]);

interface Explained {
  readonly id: string;
  /** Which side alone says it. */
  readonly only: 'alert' | 'finding';
  /** Only where one of these is said of the same VM or node at that time; anywhere without. */
  readonly beside?: readonly string[];
  readonly reason: string;
}

/** Differences that are meant. */
export const EXPLAINED: readonly Explained[] = [
  {
    id: 'HarvesterVMBackupError',
    only: 'alert',
    beside: ['HarvesterVMFreezeLoop', 'HarvesterVMBackupFreezeLoop'],
    reason: 'the finding of the loop names its VMBackups; Alertmanager inhibits the alert',
  },
  {
    id: 'HarvesterVirtHandlerMemoryHigh',
    only: 'finding',
    beside: ['HarvesterFreezeLoopWillExhaustVirtHandler', 'HarvesterVirtHandlerMemoryExhaustionImminent'],
    reason: 'the alert is silent beside a forecast, the page shows both',
  },
  {
    id: 'HarvesterVMBackupFreezeLoop',
    only: 'finding',
    reason:
      'the page reads when a VMBackup began to fail and was last tried; the alert counts writes for an hour',
  },
];
