import { freezesGuest, judgedBackups } from '../backups/backup-state.ts';
import { groupBy } from '../group-by.ts';
import { type ClusterView, FREEZE_TREND_STEPS, perView } from '../view.ts';
import type { VmBackup } from '../objects/vm-backup.ts';

/** A VM that is frozen again and again, and no backup ends it. */
export interface FreezeLoop {
  readonly namespace: string;
  readonly vm: string;
  /** Empty while the VM does not run. */
  readonly node: string;
  /** Freeze calls in virt-api's log show it; otherwise only the VMBackups do. */
  readonly seenInLog: boolean;
  /** By the last ten steps of the trend; undefined where no log told. */
  readonly callsPerHour: number | undefined;
  /** The VMBackups in error whose retries freeze the VM, the longest failing first. */
  readonly drivers: readonly VmBackup[];
}

/** Steps of the trend that one look back covers: with minutes, as the alert's `increase(…[5m])`. */
const WINDOW_STEPS = 5;
/** A window with so many calls is no backup, not even of a VM with many volumes. */
const FAST_CALLS = 30;
/** Each of so many windows in a row. */
const FAST_WINDOWS = 6;
/** Or some call in so many of the hour's windows: one VMBackup alone is retried every 2 minutes (Harvester <= 1.4). */
const SLOW_WINDOWS = 40;
const RATE_STEPS = 10;
const HOUR_MS = 3_600_000;

/** Every VM in a freeze loop, by the thresholds of the alerts HarvesterVMFreezeLoop and HarvesterVMBackupFreezeLoop. */
export const freezeLoops: (view: ClusterView) => readonly FreezeLoop[] = perView((view) => {
  const drivers = groupBy(drivingBackups(view), ({ namespace, vm }) => `${namespace}/${vm}`);
  const loops = Array.from(view.vmis).flatMap((vmi): readonly FreezeLoop[] => {
    const { namespace, name: vm, node } = vmi;
    const trend = view.countsFreezes ? view.freezeTrendOf(namespace, vm) : [];
    const driving = drivers.get(`${namespace}/${vm}`) ?? [];
    const seenInLog = isLoop(trend);
    if (!seenInLog && !driving.some((backup) => isPersistent(view, backup))) return [];
    const callsPerHour = view.countsFreezes ? hourlyRate(trend, view.timing.freezeTrendStepMs) : undefined;
    return [{ namespace, vm, node, seenInLog, callsPerHour, drivers: driving }];
  });
  return loops.sort(
    (a, b) => (b.callsPerHour ?? 0) - (a.callsPerHour ?? 0) || b.drivers.length - a.drivers.length,
  );
});

/** Whether calls per step show a loop, and it goes on. A loop is told from a backup by its persistence. */
export function isLoop(trend: readonly number[]): boolean {
  const windows = trend.map((_, index) => sum(trend.slice(Math.max(0, index - WINDOW_STEPS + 1), index + 1)));
  if ((windows.at(-1) ?? 0) === 0) return false;
  // The last step is still running.
  const complete = windows.slice(0, -1);
  const fast = complete.slice(-FAST_WINDOWS);
  return (
    (fast.length === FAST_WINDOWS && fast.every((calls) => calls >= FAST_CALLS)) ||
    complete.filter((calls) => calls > 0).length >= SLOW_WINDOWS
  );
}

/** VMBackups in error whose last attempt, which froze the VM, was moments ago; the longest failing first. */
export const drivingBackups = (view: ClusterView): readonly VmBackup[] =>
  judgedBackups(view)
    .filter(({ backup, state }) => state === 'error' && isRetried(view, backup) && freezesGuest(view, backup))
    .map(({ backup }) => backup)
    .sort((a, b) => failingSinceMs(a) - failingSinceMs(b) || a.name.localeCompare(b.name));

/** The error's time moves with every attempt, at most two minutes apart (lasso controller.go, Harvester <= 1.8). */
const isRetried = ({ nowMs, timing }: ClusterView, { errorMs }: VmBackup): boolean =>
  errorMs !== undefined && nowMs - errorMs <= WINDOW_STEPS * timing.freezeTrendStepMs;

/** An import that was faster than Longhorn fails for some minutes, too. */
const isPersistent = ({ nowMs, timing }: ClusterView, backup: VmBackup): boolean =>
  nowMs - failingSinceMs(backup) >= timing.quietAfterMs;

/** Since when a VMBackup in error fails; where its controller did not note it, since it exists. */
export const failingSinceMs = ({ failedSinceMs, createdMs }: VmBackup): number =>
  failedSinceMs ?? createdMs ?? 0;

function hourlyRate(trend: readonly number[], stepMs: number): number {
  const complete = trend.slice(FREEZE_TREND_STEPS - 1 - RATE_STEPS, -1);
  return Math.round((sum(complete) * HOUR_MS) / (RATE_STEPS * stepMs));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
