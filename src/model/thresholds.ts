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

/** How far virt-handler may fill its memory limit before it is told: `rules/virt-handler.yaml`. */
export const VIRT_HANDLER_MEMORY = {
  highRatio: 0.9,
} as const;

/** When two stores are taken for one by their content: `rules/multi-cluster.yaml`. */
export const EQUAL_STORE = {
  /** Equal names of private places prove nothing; so many of 8 equal hashes do, also under different names. */
  hashes: 6,
  /** Of an equal name, all of fewer do, if there are so many to compare. */
  fewHashes: 4,
} as const;
