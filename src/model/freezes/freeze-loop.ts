import { freezesGuest, judgedBackups } from '../backups/backup-state.ts';
import { groupBy } from '../group-by.ts';
import { FREEZE_LOOP } from '../thresholds.ts';
import { type ClusterView, perView } from '../view.ts';
import { callsPerHour, type HistoryTime, isLoop, isSilent } from './loop-shape.ts';
import type { VmBackup } from '../objects/vm-backup.ts';

/** A VM that is frozen again and again, without a backup that ends. */
export interface FreezeLoop {
  readonly namespace: string;
  readonly vm: string;
  /** Empty while the VM does not run. */
  readonly node: string;
  /** Freeze calls in virt-api's log show it; otherwise only the VMBackups do. */
  readonly seenInLog: boolean;
  /** At the present rate; undefined where no log is read. */
  readonly callsPerHour: number | undefined;
  /** The VMBackups in error whose retries freeze the VM, the longest failing first. */
  readonly drivers: readonly VmBackup[];
}

/** Every VM in a freeze loop, by the thresholds of the alerts HarvesterVMFreezeLoop and HarvesterVMBackupFreezeLoop. */
export const freezeLoops: (view: ClusterView) => readonly FreezeLoop[] = perView((view) => {
  const drivers = groupBy(drivingBackups(view), ({ namespace, vm }) => `${namespace}/${vm}`);
  const time = historyTime(view);
  const loops = Array.from(view.vmis).flatMap((vmi): readonly FreezeLoop[] => {
    const { namespace, name: vm, node } = vmi;
    const history = view.countsFreezes ? view.freezeHistoryOf(namespace, vm) : undefined;
    const driving = drivers.get(`${namespace}/${vm}`) ?? [];
    const seenInLog = history !== undefined && isLoop(history, time);
    const seenInWrites = driving.some((backup) => isPersistent(view, backup)) && !isSilent(history, time);
    if (!seenInLog && !seenInWrites) return [];
    const rate = view.countsFreezes ? callsPerHour(history ?? [], time) : undefined;
    return [{ namespace, vm, node, seenInLog, callsPerHour: rate, drivers: driving }];
  });
  return loops.sort(
    (a, b) => (b.callsPerHour ?? 0) - (a.callsPerHour ?? 0) || b.drivers.length - a.drivers.length,
  );
});

const historyTime = ({ nowMs, timing, countsFreezes, freezesCountedSinceMs }: ClusterView): HistoryTime => ({
  nowMs,
  stepMs: timing.freezeTrendStepMs,
  countedSinceMs: countsFreezes ? freezesCountedSinceMs : undefined,
});

/** VMBackups in error whose last attempt, which froze the VM, was moments ago; the longest failing first. */
export const drivingBackups = (view: ClusterView): readonly VmBackup[] =>
  judgedBackups(view)
    .filter(({ backup, state }) => state === 'error' && isRetried(view, backup) && freezesGuest(view, backup))
    .map(({ backup }) => backup)
    .sort((a, b) => failingSinceMs(a) - failingSinceMs(b) || a.name.localeCompare(b.name));

/** The error's time moves with every attempt, at most two minutes apart (lasso controller.go, Harvester <= 1.8). */
const isRetried = ({ nowMs, timing }: ClusterView, { errorMs }: VmBackup): boolean =>
  errorMs !== undefined && nowMs - errorMs <= FREEZE_LOOP.windowSteps * timing.freezeTrendStepMs;

/** An import that was faster than Longhorn fails for some minutes, too. */
const isPersistent = ({ nowMs, timing }: ClusterView, backup: VmBackup): boolean =>
  nowMs - failingSinceMs(backup) >= timing.quietAfterMs;

/** Since when a VMBackup in error fails; where its controller did not note it, since it exists. */
export const failingSinceMs = ({ failedSinceMs, createdMs }: VmBackup): number =>
  failedSinceMs ?? createdMs ?? 0;
