import type { BackupTarget, LonghornBackup } from '../model/objects/longhorn.ts';
import type { TargetSetting } from '../model/objects/setting.ts';
import type { VmBackup } from '../model/objects/vm-backup.ts';
import type {
  BackupLoss,
  FailedImports,
  TargetHistory,
  TargetPast,
} from '../model/targets/target-history.ts';
import { TIMING, type Timing } from '../model/timing.ts';

/** Before and after; `previous` is undefined for what comes, `next` for what goes. */
interface Step<T> {
  readonly previous: T | undefined;
  readonly next: T | undefined;
  readonly nowMs: number;
}

/** The history of the backup targets, kept from the changes of their objects. */
export class TargetLedger implements TargetHistory {
  readonly targets = new Map<string, TargetPast>();
  readonly losses = new Map<string, BackupLoss>();
  readonly failedImports = new Map<string, FailedImports>();
  settingChangedMs: number | undefined;
  readonly #timing: Timing;

  constructor(timing: Timing = TIMING) {
    this.#timing = timing;
  }

  /** A Longhorn Backup came, changed or went. `targets` are the BackupTargets as they are now. */
  recordBackup({ previous, next, nowMs }: Step<LonghornBackup>, targets: Iterable<BackupTarget>): void {
    const backup = next ?? previous;
    if (backup === undefined) return;
    if (isPresent(next)) {
      this.losses.delete(backup.name);
      return;
    }
    const marked = next?.objectOnlyRemoval === true && next.state === 'Completed';
    if (this.losses.has(backup.name) || !(isPresent(previous) || marked)) return;
    const target = Array.from(targets).find(({ name }) => name === backup.target);
    const vanished = marked && backup.native && target?.available === true && this.#isSettled(backup, nowMs);
    this.#forgetOld(nowMs, target?.pollIntervalMs ?? 0);
    this.losses.set(backup.name, { target: backup.target, atMs: nowMs, vanished });
    const past = this.targets.get(backup.target);
    if (vanished && past) this.targets.set(backup.target, { ...past, removed: past.removed + 1 });
  }

  #isSettled(backup: LonghornBackup, nowMs: number): boolean {
    const past = this.targets.get(backup.target);
    return past !== undefined && nowMs - past.placeSinceMs > this.#timing.targetChangeGraceMs;
  }

  /** Losses are in the order of time. One that is not listed is older than any grace. */
  #forgetOld(nowMs: number, pollIntervalMs: number): void {
    const keptMs = Math.max(this.#timing.removalEvidenceMs, 2 * pollIntervalMs);
    for (const [name, { atMs }] of this.losses) {
      if (nowMs - atMs <= keptMs) return;
      this.losses.delete(name);
    }
  }

  /** A BackupTarget came, changed or went. At another place its history begins anew. */
  recordTarget({ previous, next, nowMs }: Step<BackupTarget>): void {
    const name = (next ?? previous)?.name ?? '';
    const past = this.targets.get(name);
    if (next === undefined) {
      this.targets.delete(name);
      this.#forgetLossesOf(name);
    } else if (past?.placeId !== next.place?.targetId || past === undefined) {
      const placeId = next.place?.targetId;
      this.targets.set(name, { placeId, placeSinceMs: nowMs, availableSinceMs: undefined, removed: 0 });
      // Backups and targets are watched apart: removals that a change causes may be seen before it.
      this.#forgetLossesOf(name);
    } else if (next.available && previous?.available === false) {
      this.targets.set(name, { ...past, availableSinceMs: nowMs });
    }
  }

  /** A VMBackup went: a confirmed failed import leaves a trace, as deleting it does not mend its cause. */
  recordVmBackup({ previous, next, nowMs }: Step<VmBackup>): void {
    if (next !== undefined || previous?.location === undefined || !previous.imported) return;
    const failedMs = nowMs - (previous.failedSinceMs ?? nowMs);
    if (previous.error !== 'lh_backup_not_found' || failedMs <= this.#timing.errorConfirmedAfterMs) return;
    const { location } = previous;
    const key = `${location.endpoint}|${location.bucket}`;
    const past = this.failedImports.get(key);
    const counts = past !== undefined && nowMs - past.atMs <= this.#timing.conflictEvidenceMs;
    this.failedImports.set(key, { location, count: (counts ? past.count : 0) + 1, atMs: nowMs });
  }

  /** Harvester's Setting came, changed or went. */
  recordSetting({ previous, next, nowMs }: Step<TargetSetting>): void {
    if (previous !== undefined && previous.place?.targetId !== next?.place?.targetId)
      this.settingChangedMs = nowMs;
  }

  #forgetLossesOf(target: string): void {
    for (const [name, loss] of this.losses) if (loss.target === target) this.losses.delete(name);
  }
}

/** Longhorn's mark comes moments before the object goes (backup_volume_controller.go), and means the data is gone. */
const isPresent = (backup: LonghornBackup | undefined): boolean =>
  backup?.state === 'Completed' && !backup.objectOnlyRemoval;
