import type { VmBackup } from '../objects/vm-backup.ts';
import { harvesterTarget, isAtCurrentTarget } from '../targets/current-target.ts';
import { type ClusterView, perView } from '../view.ts';
import { judgedBackups, type JudgedBackup } from './backup-state.ts';
import { isGone, lossReason } from './lost-data.ts';

/** Why a VMBackup whose data is not gone cannot be restored as things are. */
export type Hindrance =
  | 'no_target'
  | 'other_target'
  | 'other_spelling'
  | 'target_unavailable'
  | 'storageclass_missing'
  | 'not_ready';

export interface HinderedBackup {
  readonly backup: VmBackup;
  readonly hindrance: Hindrance;
}

/**
 * VMBackups that were ready and cannot be restored now, though their data is not known to be gone. Harvester compares the
 * target a VMBackup notes with its Setting letter by letter (wh/virtualmachinerestore/validator.go, IsBackupTargetSame);
 * it does not check whether the store answers: without it the restore is accepted, and hangs.
 */
export const hinderedBackups: (view: ClusterView) => readonly HinderedBackup[] = perView((view) =>
  judgedBackups(view).flatMap((judged) => {
    const { backup, state } = judged;
    if (backup.type !== 'backup' || (state !== 'ready' && state !== 'degraded')) return [];
    const hindrance = hindranceOf(view, judged);
    return hindrance === undefined ? [] : [{ backup, hindrance }];
  }),
);

function hindranceOf(view: ClusterView, judged: JudgedBackup): Hindrance | undefined {
  const { backup, state } = judged;
  const current = harvesterTarget(view);
  const setting = [...view.targetSettings][0];
  if (current === undefined) {
    const unset = setting !== undefined && setting.spelling === undefined;
    return unset && view.backupTargets.available ? 'no_target' : undefined;
  }
  if (backup.location !== undefined && !isAtCurrentTarget(view, backup)) return 'other_target';
  if (
    setting?.spelling !== undefined &&
    backup.spelling !== undefined &&
    setting.spelling !== backup.spelling
  )
    return 'other_spelling';
  if (!current.target.available) return 'target_unavailable';
  if (state === 'ready') return undefined;
  const reason = lossReason(view, judged);
  if (isGone(reason)) return undefined;
  if (reason === 'storageclass_missing') return reason;
  // Harvester 1.7 and 1.8 never remove the mark, but restore by readyToUse all the same.
  return backup.readyToUse ? undefined : reason === 'target_unreachable' ? 'target_unavailable' : 'not_ready';
}
