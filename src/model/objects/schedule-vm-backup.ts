import { type Metadata, conditionOf, objectParts, orEmpty } from './metadata.ts';
import { type BackupType, backupType } from './vm-backup.ts';

export const SUSPEND_CAUSES = ['user', 'failures', 'target'] as const;
type SuspendCause = (typeof SUSPEND_CAUSES)[number];

/** A ScheduleVMBackup (Harvester >= 1.4). */
export interface ScheduleVmBackup extends Metadata {
  readonly vm: string;
  readonly type: BackupType;
  readonly cron: string;
  readonly failures: number;
  readonly maxFailures: number;
  /** undefined while the schedule is active. */
  readonly suspendedBy: SuspendCause | undefined;
}

/** Reasons of condition BackupSuspend (Harvester svm/common.go); any other suspension is a person's. */
const CAUSES: Readonly<Record<string, SuspendCause>> = {
  'Reach Max Failure': 'failures',
  'Longhorn Backup Not Synced': 'target',
};
const DEFAULT_MAX_FAILURES = 4;

/** Throws DecodeError. */
export function decodeScheduleVmBackup(object: unknown): ScheduleVmBackup {
  const { metadata, spec, status } = objectParts(object);
  const template = orEmpty(spec.child('vmbackup'));
  const condition = conditionOf(status, 'BackupSuspend');
  const suspended = spec.flag('suspend') === true || status.flag('suspended') === true;
  const reason = condition?.status === 'True' ? condition.reason : '';
  return {
    ...metadata,
    vm: orEmpty(template.child('source')).name('name'),
    type: backupType(template),
    cron: spec.name('cron'),
    failures: status.count('failure') ?? 0,
    maxFailures: spec.count('maxFailure') ?? DEFAULT_MAX_FAILURES,
    suspendedBy: suspended
      ? ((Object.hasOwn(CAUSES, reason) ? CAUSES[reason] : undefined) ?? 'user')
      : undefined,
  };
}
