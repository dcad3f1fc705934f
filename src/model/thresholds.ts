/**
 * What a judgement needs beside the facts: windows, counts and sizes, one group a subject. Findings read them here; a test
 * compares the rules and the panels with them. Durations that the demo's faster world divides are in `timing.ts`.
 */

/** When freeze calls are a loop: `rules/freeze.yaml`. */
export const FREEZE_LOOP = {
  /** Steps of the trend, one minute each, that one window covers: `increase(…[5m])`. */
  windowSteps: 5,
  /** A window with so many calls is no backup, even of a VM with many volumes. */
  fastCalls: 40,
  /** So many windows in a row, one a minute, are fast. */
  fastWindows: 10,
  /** Or some call in so many of the windows of an hour: one VMBackup alone is retried every 2 minutes (Harvester <= 1.4). */
  slowWindows: 40,
} as const;

/** When an upload that nothing was seen of stands still. */
export const BACKUP_PROGRESS = {
  /** An upload slower than this does not explain its age. */
  slowBytesPerSecond: 10 * 2 ** 20,
  /** So many times `progressStuckAfterMs`, a day, no size explains. */
  unseenWindows: 12,
} as const;

/** Habits of backups: `rules/backup.yaml`. */
export const BACKUP_HABITS = {
  /** More backups at a time in one namespace share the network and the target. */
  concurrent: 5,
  /** For so long. */
  concurrentForMs: 30 * 60_000,
  /** A restore proves the backups of a VM for so long. */
  verifiedForMs: 90 * 24 * 3_600_000,
} as const;

/** How far virt-handler may fill its memory limit before it is told: `rules/virt-handler.yaml`. */
export const VIRT_HANDLER_MEMORY = {
  highRatio: 0.9,
} as const;
