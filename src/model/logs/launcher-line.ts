import { jsonFields } from './access-line.ts';

/**
 * What a virt-launcher line reports. `thaw_failed` comes from the domain manager, for every failed thaw;
 * `thaw_request_failed` from the command server, for a thaw that was asked for: usually the same event again.
 * `backup_thaw_failed` comes from KubeVirt's own VirtualMachineBackup, which freezes without an access line.
 */
export type LauncherEvent = 'safety_unfreeze' | 'thaw_failed' | 'thaw_request_failed' | 'backup_thaw_failed';

/** Bytes every line we count contains; KubeVirt polls `guest-fsfreeze-status`, so a longer needle hits too often. */
export const LAUNCHER_LINE_NEEDLE = 'nfreeze';

/** "then" in every tag up to 1.9, "than" in reports of users; the duration is any Go duration. */
const SAFETY_UNFREEZE =
  /^Unfreeze was not called for vmi \S+ for more the?a?n (?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h))+, initiating unfreeze$/;

/** KubeVirt virtwrap/storage/backup.go: 1.8 thaws by libvirt itself; 1.9 asks the domain manager, which reports first. */
const BACKUP_THAW_FAILED = 'Failed to unfreeze filesystem after backup completion';

/** The event a line of container `compute` reports (KubeVirt virtwrap/manager.go, cmd-server/server.go); else undefined. */
export function parseLauncherLine(line: string): LauncherEvent | undefined {
  const fields = jsonFields(line);
  // Lines with a subcomponent are qemu's and libvirt's, whose text a guest can influence.
  if (fields?.component !== 'virt-launcher' || 'subcomponent' in fields) return undefined;
  const { msg } = fields;
  if (typeof msg !== 'string') return undefined;
  if (SAFETY_UNFREEZE.test(msg)) return 'safety_unfreeze';
  if (msg === 'Failed to unfreeze vmi') return 'thaw_request_failed';
  if (msg === BACKUP_THAW_FAILED) return 'backup_thaw_failed';
  return msg.startsWith('Failed to unfreeze vmi, ') ? 'thaw_failed' : undefined;
}
