import type { VmRestore } from '../objects/vm-restore.ts';
import { type ClusterView, perView } from '../view.ts';
import { standingOf } from './progress.ts';

export interface RestoreTrouble {
  readonly restore: VmRestore;
  /** The VM whose backup is restored; of the target where the VMBackup is gone. */
  readonly vm: string;
  /** `error`: Harvester gave it up; `stuck`: its progress stands still. */
  readonly reason: 'stuck' | 'error';
  /** Since when nothing moved, at least; undefined where only its age is known. */
  readonly stillSinceMs: number | undefined;
}

/**
 * VirtualMachineRestores that do not come to an end. Up to Harvester 1.5 a restore that failed in Longhorn looks like one
 * that goes on (bk/restore.go has no check before 1.6), so that standing still is all there is to see.
 */
export const restoreTroubles: (view: ClusterView) => readonly RestoreTrouble[] = perView((view) =>
  [...view.restores].flatMap((restore) => {
    if (restore.complete || restore.deletingSinceMs !== undefined) return [];
    const { namespace, name, progress, createdMs, writtenMs, failed } = restore;
    const past = view.progressHistory.of('restore', namespace, name);
    const { stuck, stillSinceMs } = standingOf(view, { progress, createdMs, writtenMs, sizeBytes: 0, past });
    if (!failed && !stuck) return [];
    const backedUp = view.vmBackups.get(restore.vmBackupNamespace, restore.vmBackup)?.vm;
    const vm = backedUp ?? restore.targetVm;
    return [{ restore, vm, reason: failed ? 'error' : 'stuck', stillSinceMs }];
  }),
);
