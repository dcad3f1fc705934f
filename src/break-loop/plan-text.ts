import { failingSinceMs } from '../model/freezes/freeze-loop.ts';
import { CAUSES } from '../findings/backup-causes.ts';
import { commandLine } from '../findings/shell-word.ts';
import { counted, duration } from '../findings/wording.ts';
import { fullName, isSafe, type PlannedBackup } from './plan.ts';

/** The record of what is in error, and what would be done with each: for people, without any error's own text. */
export function planText(planned: readonly PlannedBackup[], nowMs: number): string {
  const safe = planned.filter(isSafe);
  const others = planned.filter((each) => !isSafe(each));
  return [
    `${counted(planned.length, 'VMBackup')} in error; safe to delete, and driving a freeze loop: ${safe.length}.`,
    ...(safe.length === 0
      ? []
      : ['', 'Safe to delete:', ...safe.map((each) => head(each, nowMs)), ...consequences(safe)]),
    ...(others.length === 0 ? [] : ['', 'Not deleted:', ...others.flatMap((each) => refusal(each, nowMs))]),
    '',
  ].join('\n');
}

const head = ({ backup }: PlannedBackup, nowMs: number): string =>
  `  ${fullName(backup)}  VM ${backup.vm}, ${backup.imported ? 'imported' : 'made here'}, failing for ${duration(nowMs - failingSinceMs(backup))}: ${CAUSES[backup.error ?? 'other']}`;

const refusal = (planned: PlannedBackup, nowMs: number): readonly string[] => [
  head(planned, nowMs),
  ...planned.obstacles.map((text) => `      ${text}`),
];

/** What deleting does beside ending the loop. */
function consequences(safe: readonly PlannedBackup[]): readonly string[] {
  const imported = safe.some(({ backup }) => backup.imported);
  const inTarget = safe.some(({ backup }) => backup.type === 'backup');
  return [
    inTarget
      ? '  Deleting removes each object and its file harvester/vmbackups/<namespace>/<name>.cfg in the target. No data of a volume is left to lose.'
      : '  Deleting removes each object. No data of a volume is left to lose.',
    ...(imported
      ? ['  Imported ones may come back: a cluster that still has them ready writes that file again.']
      : []),
  ];
}

/** What is left for a person, in the order that is safe (facts of Harvester's cleanup: docs/runbooks). */
export function nextSteps(planned: readonly PlannedBackup[]): string {
  const imported = planned.some(({ backup }) => backup.imported);
  const refused = planned.some((each) => each.drivesLoop && !isSafe(each));
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
      ...(refused
        ? [
            'Of what was not deleted: mend what is said against it, and run this again. Where a VolumeSnapshot exists, set deletionPolicy: Retain on its VolumeSnapshotContent first.',
          ]
        : []),
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
