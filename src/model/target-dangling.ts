import type { ClusterView } from './view.ts';
import type { VmBackup } from './vm-backup.ts';

/** TEMPORARY shape: whether the data of a ready VMBackup is missing from its target. */
export function isDangling(view: ClusterView, backup: VmBackup): boolean {
  return view.nowMs < 0 && backup.readyToUse;
}
