import { judgedBackups } from '../model/backups/backup-state.ts';
import { drivingBackups } from '../model/freezes/freeze-loop.ts';
import type { ClusterView } from '../model/view.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';
import { obstacles } from './obstacles.ts';
import { volumeObstacles, type VolumeCheckOptions } from './volume-check.ts';

/** Which VMBackups are asked for. */
interface Selection {
  readonly namespace: string | undefined;
  readonly vm: string | undefined;
}

export interface PlannedBackup {
  readonly backup: VmBackup;
  /** Each retry freezes the running VM. */
  readonly drivesLoop: boolean;
  /** The reasons not to delete it, a sentence each; when empty, it is safe to delete. */
  readonly obstacles: readonly string[];
}

/** Every selected VMBackup in error and whether it is safe to delete; those that drive a loop first. */
export async function planDeletions(
  view: ClusterView,
  selection: Selection,
  options: VolumeCheckOptions,
): Promise<readonly PlannedBackup[]> {
  const driving = new Set(drivingBackups(view));
  const planned: PlannedBackup[] = [];
  for (const backup of errorBackups(view, selection)) {
    const drivesLoop = driving.has(backup);
    planned.push({
      backup,
      drivesLoop,
      obstacles: drivesLoop
        ? [...obstacles(view, backup), ...(await volumeObstacles(backup, options))]
        : ['it drives no freeze loop: its VM does not run, is not frozen by it, or it is not retried now'],
    });
  }
  return planned.sort((a, b) => Number(b.drivesLoop) - Number(a.drivesLoop));
}

export const isSafe = ({ obstacles: against }: PlannedBackup): boolean => against.length === 0;

const errorBackups = (view: ClusterView, { namespace, vm }: Selection): readonly VmBackup[] =>
  judgedBackups(view)
    .filter(({ state }) => state === 'error')
    .map(({ backup }) => backup)
    .filter((backup) => namespace === undefined || backup.namespace === namespace)
    .filter((backup) => vm === undefined || backup.vm === vm)
    .sort((a, b) => fullName(a).localeCompare(fullName(b)));

export const fullName = ({ namespace, name }: VmBackup): string => `${namespace}/${name}`;
