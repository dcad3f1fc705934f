import { type ClusterView, perView } from '../model/view.ts';
import { findBlindness, findNamespaceDoubts } from './blind.ts';
import { findStaleBackups } from './backup-age.ts';
import { findMissingData } from './backup-data-missing.ts';
import { findBackupErrors } from './backup-error.ts';
import { findBusinessHoursRuns, findConcurrentBackups, findUnverifiedBackups } from './backup-habits.ts';
import { findStuckBackups } from './backup-stuck.ts';
import { findStuckFrozen } from './filesystem-frozen.ts';
import { type Finding, worstFirst } from './finding.ts';
import { findFailingFreezes } from './freeze-failing.ts';
import { findFreezeLoops } from './freeze-loop.ts';
import { findLonghornBackupErrors } from './longhorn-backup-error.ts';
import { findNeverBackedUp } from './never-backed-up.ts';
import { findNotRestorable } from './not-restorable.ts';
import { findStuckRestores } from './restore-stuck.ts';
import { findScheduleTrouble } from './schedule.ts';
import { findExhaustedStreams, findFailingSources } from './source-down.ts';
import { findSettingMismatch } from './target-setting.ts';
import { findTargetTrouble } from './target.ts';
import { findVirtHandlerRisks } from './virt-handler-risks.ts';
import { findVirtHandlerTrouble } from './virt-handler.ts';

/** Equals in severity are shown in this order. */
const DETECTORS: readonly ((view: ClusterView) => readonly Finding[])[] = [
  findFreezeLoops,
  findStuckFrozen,
  findFailingFreezes,
  findVirtHandlerTrouble,
  findVirtHandlerRisks,
  findTargetTrouble,
  findSettingMismatch,
  findMissingData,
  findBackupErrors,
  findLonghornBackupErrors,
  findStuckBackups,
  findStuckRestores,
  findScheduleTrouble,
  findStaleBackups,
  findConcurrentBackups,
  findFailingSources,
  findBlindness,
  findExhaustedStreams,
  findNotRestorable,
  findNeverBackedUp,
  findUnverifiedBackups,
  findBusinessHoursRuns,
  findNamespaceDoubts,
];

/** Everything that is wrong, the worst first; the same view gives the same list. */
export const allFindings: (view: ClusterView) => readonly Finding[] = perView((view) =>
  DETECTORS.flatMap((detect) => detect(view)).sort(worstFirst),
);
