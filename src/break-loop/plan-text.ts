import { failingSinceMs } from '../model/freeze-loop.ts';
import { CAUSES } from '../findings/freeze-loop.ts';
import { commandLine } from '../findings/shell-word.ts';
import { duration } from '../findings/wording.ts';
import { fullName, isSafe, type PlannedBackup } from './plan.ts';

/** The record of what is in error, and what would be done with each: for people, without any error's own text. */
export function planText(planned: readonly PlannedBackup[], nowMs: number): string {
  const safe = planned.filter(isSafe);
  const others = planned.filter((each) => !isSafe(each));
  return [
    `${planned.length} VMBackups in error, ${safe.length} of them drive a freeze loop and are safe to delete.`,
    ...(safe.length === 0
      ? []
      : ['', 'Safe to delete:', ...safe.flatMap((each) => [head(each, nowMs), ...consequences(each)])]),
    ...(others.length === 0
      ? []
      : [
          '',
          'Not deleted:',
          ...others.flatMap((each) => [head(each, nowMs), ...each.obstacles.map((text) => `      ${text}`)]),
        ]),
    '',
  ].join('\n');
}

const head = ({ backup }: PlannedBackup, nowMs: number): string =>
  `  ${fullName(backup)}  VM ${backup.vm}, ${backup.imported ? 'imported' : 'made here'}, failing for ${duration(nowMs - failingSinceMs(backup))}: ${CAUSES[backup.error ?? 'other']}`;

function consequences({ backup }: PlannedBackup): readonly string[] {
  const { imported, namespace, name, type } = backup;
  const metadata =
    type === 'backup'
      ? ` and its metadata file harvester/vmbackups/${namespace}/${name}.cfg in the target`
      : '';
  return [
    `      Deleting removes the object${metadata}; no data of a volume is left to lose.`,
    ...(imported
      ? [
          '      It came from the target: a cluster that still has it may write its metadata again, and it comes back.',
        ]
      : []),
  ];
}

/** What is left for a person, in the order that is safe (facts of Harvester's cleanup: docs/runbooks). */
export function nextSteps(planned: readonly PlannedBackup[]): string {
  const imported = planned.some(({ backup }) => backup.imported);
  const namespaces = [...new Set(planned.map(({ backup }) => backup.namespace))];
  const show = commandLine(
    'kubectl',
    'get',
    'schedulevmbackups.harvesterhci.io',
    '-A',
    '-o',
    'custom-columns=NAMESPACE:.metadata.namespace,NAME:.metadata.name,SUSPENDED:.spec.suspend',
  );
  return [
    'What remains to be done, in this order:',
    ...[
      `Suspend the backup schedules of every cluster that uses the target, and see which are: ${show}`,
      'Of what was not deleted: mend what is said against it, and run this again. Where a VolumeSnapshot exists, set deletionPolicy: Retain on its VolumeSnapshotContent first.',
      ...(imported
        ? [
            'Give the cluster that came later a bucket or export of its own, and only then delete there what it imported. On Harvester 1.3 deny DeleteObject in the bucket first: changing the target may delete data.',
          ]
        : []),
      `Make new backups, see that they become ready, and resume the schedules: ${namespaces.map((namespace) => commandLine('kubectl', 'get', 'virtualmachinebackups.harvesterhci.io', '-n', namespace)).join('; ')}`,
    ].map((text, index) => `  ${index + 1}. ${text}`),
    '',
  ].join('\n');
}
