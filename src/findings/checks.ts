import type { ClusterView, Objects } from '../model/view.ts';
import type { Identity } from '../model/change.ts';

/** Whether the answer of a check can be trusted. */
export interface Check {
  /** The question: "Are VMs frozen again and again?" */
  readonly name: string;
  /** What was looked at: "12 VMs". undefined: the check could not be made. */
  readonly looked: string | undefined;
  /** What is missing, where something is: the check is then partial, or not made at all. */
  readonly missing: string | undefined;
}

/** Every kind of trouble that is looked for, and how far that is possible now. */
export function checks(view: ClusterView): readonly Check[] {
  const { vmis, vmBackups, schedules, longhornBackups, backupTargets, virtHandlers, virtHandlerMemory } =
    view;
  return [
    check(
      'VMs frozen again and again',
      [[vmis, 'VM']],
      [
        ...(view.countsFreezes ? [] : ['the access log of virt-api']),
        ...(vmBackups.available ? [] : ['VMBackups']),
      ],
    ),
    check('VMs that stay frozen', [[vmis, 'VM']], []),
    check(
      'VMBackups in error, stuck or without their data',
      [[vmBackups, 'VMBackup']],
      [...(longhornBackups.available ? [] : ['Longhorn Backups'])],
    ),
    check('Schedules suspended or late', [[schedules, 'schedule']], []),
    check(
      'VMs without a good backup',
      [[vmBackups, 'VMBackup']],
      [...(view.virtualMachines.available ? [] : ['VMs that do not run'])],
    ),
    check(
      'Backup targets shared with another cluster or out of reach',
      [[backupTargets, 'target']],
      [...(canTellForeign(view) ? [] : ['which volumes in it are foreign'])],
    ),
    check(
      'virt-handler near its memory limit',
      [[virtHandlers, 'virt-handler']],
      [...(virtHandlerMemory.available ? [] : ['its memory in use (metrics.k8s.io)'])],
    ),
  ];
}

/** Which volumes of the target are foreign is known only to who knows all of this cluster's own. */
const canTellForeign = (view: ClusterView): boolean =>
  [
    view.backupVolumes,
    view.longhornBackups,
    view.longhornVolumes,
    view.persistentVolumes,
    view.vmBackups,
  ].every(({ available }) => available);

type Counted = readonly [Objects<Identity>, string];

function check(name: string, needed: readonly Counted[], missing: readonly string[]): Check {
  const absent = needed.filter(([{ available }]) => !available).map(([, noun]) => `${noun}s`);
  if (absent.length > 0) return { name, looked: undefined, missing: absent.join(', ') };
  const looked = needed.map(([{ size }, noun]) => `${size} ${noun}${size === 1 ? '' : 's'}`).join(', ');
  return { name, looked, missing: missing.length === 0 ? undefined : missing.join(', ') };
}

/** Sources by name, as people call what they read. */
const SUBJECTS: Readonly<Record<string, string>> = {
  virt_api_logs: 'the access log of virt-api',
  virt_launcher_logs: 'the logs of virt-launcher',
  virtualmachines: 'VirtualMachines',
  virtualmachineinstances: 'running VMs',
  kubevirts: 'the KubeVirt resource',
  virt_handler_pods: 'virt-handler pods',
  virt_api_pods: 'virt-api pods',
  virt_launcher_pods: 'virt-launcher pods',
  virt_handler_memory: 'the memory of virt-handler (metrics.k8s.io)',
  virtualmachinebackups: 'VMBackups',
  schedulevmbackups: 'backup schedules',
  virtualmachinerestores: 'restores',
  setting_backup_target: 'the setting backup-target',
  setting_server_version: 'the setting server-version',
  longhorn_backups: 'Longhorn Backups',
  longhorn_backupvolumes: 'Longhorn BackupVolumes',
  longhorn_backuptargets: 'Longhorn BackupTargets',
  longhorn_volumes: 'Longhorn Volumes',
  persistentvolumes: 'PersistentVolumes',
};

/** What a source reads, for people; the name of the source where nothing better is known. */
export const subjectOfSource = (source: string): string =>
  Object.hasOwn(SUBJECTS, source) ? (SUBJECTS[source] ?? source) : source;
