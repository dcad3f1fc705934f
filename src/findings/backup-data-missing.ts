import { judgedBackups } from '../model/backups/backup-state.ts';
import { groupBy } from '../model/group-by.ts';
import type { ClusterView } from '../model/view.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';
import { type Finding, runbookOf } from './finding.ts';
import { listLonghornBackups, showBackupConditions } from './kubectl.ts';
import { counted, listed } from './wording.ts';

/** VMBackups that look ready and cannot be restored, one finding for each VM. */
export function findMissingData(view: ClusterView): readonly Finding[] {
  const missing = judgedBackups(view)
    .filter(({ state }) => state === 'degraded' || state === 'dangling')
    .sort((a, b) => a.backup.name.localeCompare(b.backup.name));
  const byVm = groupBy(missing, ({ backup }) => `${backup.namespace}/${backup.vm}`);
  return [...byVm].sort().map(([, judged]) => {
    const backups = judged.map(({ backup }) => backup);
    return findingOf(view, backups, judged.filter(({ state }) => state === 'dangling').length);
  });
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
