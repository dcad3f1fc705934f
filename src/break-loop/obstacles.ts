import { harvesterTarget, isAtCurrentTarget } from '../model/targets/current-target.ts';
import type { ClusterView } from '../model/view.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';

/**
 * The reasons not to delete a VMBackup in error, beside its volumes, a sentence for each (Harvester bk/backup.go
 * OnBackupRemove, wh/virtualmachinebackup/validator.go). A check that cannot be made counts as an obstacle.
 */
export function obstacles(view: ClusterView, backup: VmBackup): readonly string[] {
  return [
    ...restoreObstacles(view, backup),
    ...(backup.type === 'backup' ? targetObstacles(view, backup) : []),
  ];
}

function restoreObstacles({ restores }: ClusterView, { namespace, name }: VmBackup): readonly string[] {
  if (!restores.available)
    return ['cannot verify that no restore uses it: VirtualMachineRestores are not readable'];
  return [...restores]
    .filter(
      (restore) => !restore.complete && restore.vmBackupNamespace === namespace && restore.vmBackup === name,
    )
    .map(
      (restore) => `VirtualMachineRestore ${restore.namespace}/${restore.name} uses it and is not complete`,
    );
}

function targetObstacles(view: ClusterView, backup: VmBackup): readonly string[] {
  const current = harvesterTarget(view);
  if (current === undefined) {
    return [
      'cannot verify the backup target: the Longhorn BackupTarget or the Setting backup-target is not set or not readable',
    ];
  }
  return [
    ...(isAtCurrentTarget(view, backup)
      ? []
      : [
          'it was written to another target than the present one: Harvester would leave its metadata file there',
        ]),
    ...(current.target.available ? [] : ['the backup target is not available: the deletion would hang']),
  ];
}
