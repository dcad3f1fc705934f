import { judgedBackups } from '../model/backups/backup-state.ts';
import { isDataGone, isStoreEmpty } from '../model/backups/lost-data.ts';
import { groupBy } from '../model/group-by.ts';
import type { ClusterView } from '../model/view.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';
import { harvesterTarget } from '../model/targets/current-target.ts';
import { type Finding, runbookOf } from './finding.ts';
import { listLonghornBackups, showBackupConditions, showBackupTarget } from './kubectl.ts';
import { counted, listed } from './wording.ts';

/** VMBackups that look ready and cannot be restored: one finding for each VM, and a single one when the store is empty. */
export function findMissingData(view: ClusterView): readonly Finding[] {
  const missing = judgedBackups(view)
    .filter((judged) => isDataGone(view, judged))
    .sort((a, b) => a.backup.name.localeCompare(b.backup.name));
  if (missing.length > 1 && isStoreEmpty(view))
    return [
      emptyStoreFinding(
        view,
        missing.map(({ backup }) => backup),
      ),
    ];
  const byVm = groupBy(missing, ({ backup }) => `${backup.namespace}/${backup.vm}`);
  return [...byVm].sort().map(([, judged]) => {
    const backups = judged.map(({ backup }) => backup);
    return findingOf(view, backups, judged.filter(({ state }) => state === 'dangling').length);
  });
}

function emptyStoreFinding(view: ClusterView, backups: readonly VmBackup[]): Finding {
  const vms = [...new Set(backups.map(({ namespace, vm }) => `${namespace}/${vm}`))].sort();
  const target = harvesterTarget(view)?.place.target ?? '';
  return {
    id: 'HarvesterVMBackupDataMissing',
    severity: 'warning',
    title: `Backup target ${target} is empty: the data of all ${counted(backups.length, 'VMBackup')} in it is gone`,
    subject: { target, vmbackups: backups.map(({ name }) => name).slice(0, 50) },
    evidence: [
      { label: counted(vms.length, 'VM'), value: listed(vms) },
      { label: 'In the target', value: 'no volume and no complete backup, though Longhorn can read it' },
    ],
    explanation:
      'The target is reachable and holds nothing: a new store at the same place, an export that is not mounted on its server, or a bucket that was emptied. Next backups are full ones.',
    remedy: {
      text: 'Look at the store itself first: if an export or disk is only not mounted, mount it and all is back. Else make new backups of what matters now.',
      commands: [showBackupTarget(view), listLonghornBackups(view)],
    },
    runbook: runbookOf('HarvesterVMBackupDataMissing'),
  };
}

function findingOf(view: ClusterView, backups: readonly VmBackup[], dangling: number): Finding {
  const { namespace = '', vm = '', name = '', volumes = [] } = backups[0] ?? {};
  const names = backups.map((backup) => backup.name);
  const longhornBackups = volumes.flatMap(({ longhornBackup }) => longhornBackup ?? []);
  return {
    id: 'HarvesterVMBackupDataMissing',
    severity: 'warning',
    title: `Data of ${counted(backups.length, 'VMBackup')} of VM ${namespace}/${vm} is gone from the backup target`,
    subject: { namespace, vm, vmbackups: names },
    evidence: [
      { label: 'VMBackups', value: listed(names) },
      ...(dangling > 0
        ? [
            {
              label: counted(dangling, 'VMBackup'),
              value: 'called ready by Harvester, without its Longhorn backup',
            },
          ]
        : []),
      ...(backups.length > dangling
        ? [
            {
              label: counted(backups.length - dangling, 'VMBackup'),
              value: 'changed back to non-ready by Harvester',
            },
          ]
        : []),
    ],
    explanation:
      'They are listed, but cannot be restored. Another cluster with the same target, a lifecycle rule of the bucket, or somebody in the Longhorn UI deleted the data.',
    remedy: {
      text: 'Make a new backup of the VM now. Then find who deletes in the target before you trust the others.',
      commands: [
        showBackupConditions(namespace, name),
        ...(longhornBackups.length > 0 ? [listLonghornBackups(view, longhornBackups)] : []),
      ],
    },
    runbook: runbookOf('HarvesterVMBackupDataMissing'),
  };
}
