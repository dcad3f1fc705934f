import { type Hindrance, type HinderedBackup, hinderedBackups } from '../model/backups/restorable.ts';
import { changeBlockers } from '../model/backups/target-change.ts';
import { type Identity, keyOf } from '../model/change.ts';
import { groupBy } from '../model/group-by.ts';
import type { ClusterView } from '../model/view.ts';
import { type Evidence, type Finding, runbookOf, type Subject } from './finding.ts';
import { showBackupTarget } from './kubectl.ts';
import { commandLine } from './shell-word.ts';
import { counted, listed } from './wording.ts';

/** VMBackups that cannot be restored as things are, though their data is not lost; one finding for each cause. */
export function findNotRestorable(view: ClusterView): readonly Finding[] {
  const byCause = groupBy(hinderedBackups(view), ({ hindrance }) => hindrance);
  return [...byCause].sort().map(([hindrance, hindered]) => findingOf(view, hindrance, hindered));
}

const TEXTS: Readonly<
  Record<Hindrance, { readonly title: string; readonly why: string; readonly remedy: string }>
> = {
  no_target: {
    title: 'no backup target is set',
    why: 'Harvester restores only from the target that its Setting names, and it names none.',
    remedy: 'Set the backup target they were written to.',
  },
  other_target: {
    title: 'they lie in another target than the present one',
    why: 'Harvester restores only from the target that its Setting names. Their data is where it was; its health check may call it missing all the same, since it looks in the present target.',
    remedy:
      'To restore one, set the backup target back to theirs for that time. Do not delete them as lost: their data would stay in the other target.',
  },
  other_spelling: {
    title: 'the backup target is spelled in another way than when they were made',
    why: 'It is the same place, but Harvester compares endpoint, bucket and region letter by letter, NFS options included.',
    remedy: 'To restore one, set the backup target in the very words they note.',
  },
  target_unavailable: {
    title: 'the backup target cannot be read',
    why: 'Harvester accepts a restore all the same, and it hangs. Nothing says that data is gone.',
    remedy: 'Bring the store back first.',
  },
  storageclass_missing: {
    title: 'the storage class of a volume does not exist',
    why: 'A restore makes its volumes with the storage class they had, and they would stay pending.',
    remedy: 'Create the storage class again.',
  },
  not_ready: {
    title: 'Harvester calls them not ready',
    why: 'Their Longhorn Backup is not complete, or Harvester gives a reason that freezewatch does not know.',
    remedy:
      'Read the reason in the condition Ready; one that freezewatch does not know, please report, without names.',
  },
};

function findingOf(view: ClusterView, hindrance: Hindrance, hindered: readonly HinderedBackup[]): Finding {
  const { title, why, remedy } = TEXTS[hindrance];
  const names = hindered.map(({ backup }) => `${backup.namespace}/${backup.name}`).sort();
  const vms = [...new Set(hindered.map(({ backup }) => `${backup.namespace}/${backup.vm}`))].sort();
  const blockers = isSolvedByTargetChange(hindrance) ? blockersOf(view) : [];
  return {
    id: 'backups-not-restorable-now',
    severity: 'info',
    title: `${counted(names.length, 'VMBackup')} of ${counted(vms.length, 'VM')} cannot be restored now: ${title}`,
    subject: subjectOf(hindered),
    evidence: [
      { label: 'VMs', value: listed(vms) },
      { label: 'VMBackups', value: listed(names) },
      ...blockers,
    ],
    explanation: why,
    remedy: {
      text: `${remedy}${blockers.length === 0 ? '' : ' Harvester refuses to change the target while one of the objects named above is there as it is.'}`,
      commands: [showLocations(), showBackupTarget(view)],
    },
    runbook: runbookOf('HarvesterBackupTargetUnavailable'),
  };
}

const isSolvedByTargetChange = (hindrance: Hindrance): boolean =>
  hindrance === 'no_target' || hindrance === 'other_target' || hindrance === 'other_spelling';

function subjectOf(hindered: readonly HinderedBackup[]): Subject {
  const [first] = hindered;
  const backup = first?.backup;
  const same = (key: 'namespace' | 'vm'): boolean =>
    hindered.every((each) => each.backup[key] === backup?.[key]);
  if (backup === undefined || !same('namespace')) return {};
  const { namespace, vm } = backup;
  return same('vm')
    ? { namespace, vm, vmbackups: hindered.map((each) => each.backup.name).sort() }
    : { namespace };
}

/** The very objects for which Harvester refuses to change its backup target. */
export function blockersOf(view: ClusterView): readonly Evidence[] {
  const { backups, restores } = changeBlockers(view);
  const evidence = (state: string, noun: string, objects: readonly Identity[]) =>
    objects.length === 0
      ? []
      : [
          {
            label: 'Against a change of the target',
            value: `${counted(objects.length, noun)} (${state}): ${listed(objects.map(keyOf))}`,
          },
        ];
  return [
    ...evidence('not ready, or being deleted', 'VMBackup', backups),
    ...evidence('not complete, or being deleted', 'VirtualMachineRestore', restores),
  ];
}

const showLocations = (): string =>
  commandLine(
    'kubectl',
    'get',
    'virtualmachinebackups.harvesterhci.io',
    '-A',
    '-o',
    'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,ENDPOINT:.status.backupTarget.endpoint,BUCKET:.status.backupTarget.bucketName,REGION:.status.backupTarget.bucketRegion',
  );
