import { freezesGuest, judgedBackups } from '../backups/backup-state.ts';
import { keyOf } from '../change.ts';
import type { ClusterView } from '../view.ts';

/**
 * The VMs (`namespace/name`) whose launcher's log is worth reading, each with the moment it became suspect: those with
 * a recent freeze call, and those with a VMBackup in error that freezes them on each retry.
 */
export function suspects(view: ClusterView): ReadonlyMap<string, number> {
  const { nowMs, timing } = view;
  const since = new Map<string, number>();
  for (const { backup, state } of judgedBackups(view)) {
    if (state === 'error' && freezesGuest(view, backup)) since.set(`${backup.namespace}/${backup.vm}`, nowMs);
  }
  for (const vmi of view.vmis) {
    const { lastFreezeMs } = view.freezesOf(vmi.namespace, vmi.name);
    if (lastFreezeMs !== undefined && nowMs - lastFreezeMs <= timing.quietAfterMs)
      since.set(keyOf(vmi), lastFreezeMs);
  }
  return since;
}
