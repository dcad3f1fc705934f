import { backupStanding, type JudgedBackup, judgedBackups } from '../model/backups/backup-state.ts';
import { uploadsOf } from '../model/backups/uploads.ts';
import { groupBy } from '../model/group-by.ts';
import { harvesterTarget } from '../model/targets/current-target.ts';
import type { ClusterView } from '../model/view.ts';
import { type Evidence, type Finding, runbookOf } from './finding.ts';
import { listLonghornBackups, showBackupConditions } from './kubectl.ts';
import { commandLine } from './shell-word.ts';
import { uploadText } from './upload-text.ts';
import { counted, duration } from './wording.ts';

/** VMBackups that are being deleted for too long, or whose upload stands still, one finding for each VM. */
export function findStuckBackups(view: ClusterView): readonly Finding[] {
  const stuck = judgedBackups(view)
    .filter((judged) => judged.stuck)
    .sort((a, b) => a.backup.name.localeCompare(b.backup.name));
  const byVm = groupBy(stuck, ({ backup }) => `${backup.namespace}/${backup.vm}`);
  return [...byVm].sort().map(([, judged]) => findingOf(view, judged));
}

function findingOf(view: ClusterView, judged: readonly JudgedBackup[]): Finding {
  const backups = judged.map(({ backup }) => backup);
  const { namespace = '', vm = '', name = '' } = backups[0] ?? {};
  const target = harvesterTarget(view);
  return {
    id: 'HarvesterVMBackupStuck',
    severity: 'warning',
    title: `${counted(backups.length, 'VMBackup')} of VM ${namespace}/${vm} ${backups.length === 1 ? 'is' : 'are'} stuck`,
    subject: { namespace, vm, vmbackups: backups.map((backup) => backup.name) },
    evidence: judged.flatMap((each) => evidenceOf(view, each)),
    explanation:
      target?.target.available === false
        ? 'The backup target is not available: nothing can be uploaded to it or deleted from it.'
        : 'A schedule drops its runs while its last backup does not come to an end, and nothing else reports it.',
    remedy: {
      text: 'Look at the Longhorn backups of its volumes and at the target. Do not remove finalizers: the data would stay in the target, and another import would bring the VMBackup back.',
      commands: [
        showBackupConditions(namespace, name),
        listLonghornBackups(view),
        commandLine('kubectl', 'get', 'virtualmachinerestores.harvesterhci.io', '-n', namespace),
      ],
    },
    runbook: runbookOf('HarvesterVMBackupStuck'),
  };
}

function evidenceOf(view: ClusterView, { backup, state }: JudgedBackup): readonly Evidence[] {
  const { nowMs } = view;
  const { name, deletingSinceMs, createdMs, progress } = backup;
  if (state === 'deleting')
    return [{ label: name, value: `being deleted for ${duration(nowMs - (deletingSinceMs ?? nowMs))}` }];
  const { stillSinceMs } = backupStanding(view, backup);
  const still = stillSinceMs === undefined ? '' : `, no progress for ${duration(nowMs - stillSinceMs)}`;
  const hanging = uploadsOf(view, backup).filter((upload) => upload.state === 'hangs');
  return [
    {
      label: name,
      value:
        state === 'error'
          ? 'in error, while Longhorn has not ended'
          : `in progress for ${duration(nowMs - (createdMs ?? nowMs))}, ${progress} % done${still}`,
    },
    ...hanging.map((upload) => ({
      label: `Longhorn Backup ${upload.name}`,
      value: uploadText(view, upload),
    })),
  ];
}
