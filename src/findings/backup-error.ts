import { judgedBackups } from '../model/backups/backup-state.ts';
import { type Upload, uploadsOf } from '../model/backups/uploads.ts';
import { failingSinceMs } from '../model/freezes/freeze-loop.ts';
import { groupBy } from '../model/group-by.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';
import type { ClusterView } from '../model/view.ts';
import { CAUSES, CURES, VOLUME_CAUSES } from './backup-causes.ts';
import { type Evidence, type Finding, type Remedy, runbookOf } from './finding.ts';
import { breakLoop, listBackupErrors, listLonghornBackups } from './kubectl.ts';
import { uploadText } from './upload-text.ts';
import { counted, duration, listed } from './wording.ts';

/** VMBackups in error, one finding for each VM; those that drive a freeze loop are shown under it (causes.ts). */
export function findBackupErrors(view: ClusterView): readonly Finding[] {
  const failed = judgedBackups(view)
    .filter(({ backup, state }) => state === 'error' && isConfirmed(view, backup))
    .map(({ backup }) => backup);
  const byVm = groupBy(failed.sort(byName), ({ namespace, vm }) => `${namespace}/${vm}`);
  return [...byVm.values()].map((backups) => findingOf(view, backups));
}

const byName = (a: VmBackup, b: VmBackup): number =>
  `${a.namespace}/${a.vm}/${a.name}`.localeCompare(`${b.namespace}/${b.vm}/${b.name}`);

/** An import that was faster than Longhorn mends itself. */
const isConfirmed = ({ nowMs, timing }: ClusterView, backup: VmBackup): boolean =>
  nowMs - failingSinceMs(backup) >= timing.errorConfirmedAfterMs;

interface Failed {
  readonly backup: VmBackup;
  readonly uploads: readonly Upload[];
  /** Longhorn has, or is still making, what Harvester gave up: it must not be deleted. */
  readonly kept: boolean;
  /** Longhorn has not ended: an upload of it stands still. */
  readonly hangs: boolean;
}

const isKept = ({ state }: Upload): boolean => state === 'complete' || state === 'uploading';

function findingOf(view: ClusterView, backups: readonly VmBackup[]): Finding {
  const { namespace = '', vm = '' } = backups[0] ?? {};
  const names = backups.map(({ name }) => name);
  const failed = backups.map((backup): Failed => {
    const uploads = uploadsOf(view, backup);
    const kept = uploads.some(isKept);
    return { backup, uploads, kept, hangs: !kept && uploads.some(({ state }) => state === 'hangs') };
  });
  const oldestMs = Math.min(...backups.map(failingSinceMs));
  return {
    id: 'HarvesterVMBackupError',
    severity: 'warning',
    title: `${counted(backups.length, 'VMBackup')} of VM ${namespace}/${vm} ${backups.length === 1 ? 'is' : 'are'} in error`,
    subject: { namespace, vm, vmbackups: names },
    evidence: [
      { label: 'VMBackups', value: listed(names) },
      ...causesOf(backups),
      { label: 'Failing for', value: duration(view.nowMs - oldestMs) },
      ...failed.flatMap(({ uploads }) => uploadsEvidence(view, uploads)),
    ],
    explanation: explanationOf(failed),
    remedy: remedyOf(view, failed),
    runbook: runbookOf('HarvesterVMBackupError'),
  };
}

function causesOf(backups: readonly VmBackup[]): readonly Evidence[] {
  const reasons = [...groupBy(backups, ({ error }) => error ?? 'other')];
  const ofVolumes = groupBy(
    backups.flatMap(({ volumes }) => volumes.flatMap(({ error }) => error ?? [])),
    (error) => error,
  );
  return [
    ...reasons.map(([reason, { length }]) => ({ label: counted(length, 'time'), value: CAUSES[reason] })),
    ...[...ofVolumes].map(([error, { length }]) => ({
      label: `Of ${counted(length, 'volume')}`,
      value: VOLUME_CAUSES[error],
    })),
  ];
}

/** Missing ones are what the error says already. */
const uploadsEvidence = (view: ClusterView, uploads: readonly Upload[]): readonly Evidence[] =>
  uploads
    .filter(({ state }) => state !== 'missing')
    .map((upload) => ({ label: `Longhorn Backup ${upload.name}`, value: uploadText(view, upload) }));

function explanationOf(failed: readonly Failed[]): string {
  const lost = failed.filter(({ kept, hangs }) => !kept && !hangs).map(({ backup }) => backup);
  const reasons = [...new Set(lost.map(({ error }) => error ?? 'other'))];
  const kept = failed.filter((each) => each.kept);
  return [
    ...(kept.length === 0 ? [] : [keptText(kept)]),
    ...hangingText(failed),
    ...(lost.length === 0
      ? []
      : [
          `The VM has no backup of ${lost.length === 1 ? 'that moment' : 'those moments'}: ${reasons.map((reason) => CURES[reason]).join(' ')}`,
        ]),
  ].join(' ');
}

function hangingText(failed: readonly Failed[]): readonly string[] {
  const names = failed.filter(({ hangs }) => hangs).map(({ backup }) => backup.name);
  return names.length === 0
    ? []
    : [`Harvester gave up waiting for ${listed(names)}, and Longhorn has not ended: an upload of it hangs.`];
}

/** It recovers in every release: the VolumeSnapshot becomes ready with the upload, and clears the error (bk/backup_status.go). */
function keptText(kept: readonly Failed[]): string {
  const names = listed(kept.map(({ backup }) => backup.name));
  const complete = kept.every(({ uploads }) => uploads.every(({ state }) => state === 'complete'));
  return complete
    ? `Harvester gave up waiting for ${names}, but Longhorn completed it: its data is in the backup target, and Harvester calls it ready again when its VolumeSnapshot says so.`
    : `Harvester gave up waiting for ${names}, but Longhorn has backups of it that are complete or still upload: Harvester calls it ready again when all of them are complete.`;
}

function remedyOf(view: ClusterView, failed: readonly Failed[]): Remedy {
  const { namespace = '', vm = '' } = failed[0]?.backup ?? {};
  const kept = failed.filter((each) => each.kept);
  if (kept.length === 0 && failed.every(({ hangs }) => hangs)) {
    const hanging = failed.flatMap(({ uploads }) => uploads.map(({ name }) => name));
    return {
      text: 'See first why the upload hangs: the target, the network, the engine of its volume. Decide on the VMBackup when Longhorn has ended.',
      commands: [listBackupErrors(namespace), listLonghornBackups(view, hanging)],
    };
  }
  if (kept.length === 0) {
    return {
      text: 'Read the errors, mend the cause, and delete what failed: a schedule counts failures, and Harvester refuses to change the target meanwhile.',
      commands: [listBackupErrors(namespace), breakLoop(namespace, vm)],
    };
  }
  const names = listed(kept.map(({ backup }) => backup.name));
  const uploads = kept.flatMap((each) => each.uploads.map(({ name }) => name));
  return {
    text: `Keep ${names}: with the VMBackup, its data in the target would go. Read the errors and mend the cause; see whether its Longhorn backups go on.${kept.length === failed.length ? '' : ' Only the others can go.'}`,
    commands: [
      listBackupErrors(namespace),
      listLonghornBackups(view, uploads),
      ...(kept.length === failed.length ? [] : [breakLoop(namespace, vm)]),
    ],
  };
}
