import type { LauncherEvent } from '../model/logs/launcher-line.ts';
import type { LauncherCounts } from '../model/view.ts';

const NONE: LauncherCounts = { safetyUnfreezes: 0, unfreezeFailures: 0, lastUnfreezeFailureMs: undefined };

/** The two lines of one failed thaw are written within this time. */
const SAME_EVENT_MS = 2_000;

interface Counts {
  safetyUnfreezes: number;
  unfreezeFailures: number;
  lastUnfreezeFailureMs: number | undefined;
  /** When the domain manager reported a failed thaw that the command server has not repeated yet. */
  reportedMs: number | undefined;
}

/** Counts the events in the launcher logs of each VM; both pods of a live migration count for their VM. */
export class LauncherLedger {
  readonly #byVm = new Map<string, Counts>();

  record(namespace: string, vm: string, event: LauncherEvent, atMs: number): void {
    const key = `${namespace}/${vm}`;
    const counts = this.#byVm.get(key) ?? { ...NONE, reportedMs: undefined };
    this.#byVm.set(key, counts);
    switch (event) {
      case 'safety_unfreeze':
        counts.safetyUnfreezes += 1;
        break;
      case 'thaw_failed':
        countFailure(counts, atMs);
        counts.reportedMs = atMs;
        break;
      case 'thaw_request_failed':
      case 'backup_thaw_failed':
        // The caller repeats what the domain manager reported; alone, it is a failure of its own.
        if (counts.reportedMs === undefined || atMs - counts.reportedMs > SAME_EVENT_MS)
          countFailure(counts, atMs);
        counts.reportedMs = undefined;
        break;
    }
  }

  of(namespace: string, vm: string): LauncherCounts {
    return this.#byVm.get(`${namespace}/${vm}`) ?? NONE;
  }

  forget(key: string): void {
    this.#byVm.delete(key);
  }
}

function countFailure(counts: Counts, atMs: number): void {
  counts.unfreezeFailures += 1;
  counts.lastUnfreezeFailureMs = Math.max(counts.lastUnfreezeFailureMs ?? 0, atMs);
}
