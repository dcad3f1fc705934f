/**
 * What a judgement needs beside the facts: windows, counts and sizes, one group a subject. Findings read them here; a test
 * compares the rules and the panels with them. Durations that the demo's faster world divides are in `timing.ts`.
 */

/** When freeze calls are a loop: `rules/freeze.yaml`. A step of the history is one minute, as an evaluation of the rules. */
export const FREEZE_LOOP = {
  /** Steps that one window covers: `increase(…[5m])`. */
  windowSteps: 5,
  /** A window with so many calls is no backup, even of a VM with many volumes. */
  fastCalls: 40,
  /** All of the last so many windows are fast … */
  fastWindows: 10,
  /** … of which so many have to be known. */
  fastWindowsKnown: 8,
  /** Or some call in so many of the windows of an hour: one VMBackup alone is retried every 2 minutes (Harvester <= 1.4). */
  slowWindows: 40,
  hourSteps: 60,
  /** Or bursts: calls in so many windows of six hours, and in so many of the last hour. */
  historySteps: 360,
  burstWindows: 180,
  burstWindowsLastHour: 20,
  /** Or more calls than any backup makes, in six hours and in the last of them. */
  manyCalls: 1_000,
  manyCallsLastHour: 200,
  /** A caller that thaws after so many of its freezes of the last hour ends them itself: Harvester never calls unfreeze. */
  thawedRatio: 0.8,
  /** The rate is that of the last so many steps, `rate(…[10m])`, or of the time known. */
  rateSteps: 10,
  /** No rate is told from a shorter time than this part of a step. */
  rateMinSteps: 1 / 6,
  /** A log read for so many steps that shows no call refutes a loop seen from writes: retries are 2 minutes apart at most. */
  silentSteps: 10,
} as const;

/** When a frozen VM is stuck, and when freezes fail: `rules/freeze.yaml`. */
export const FREEZE_TROUBLE = {
  /** A freeze ends by its own timeout within so many steps, whoever asked for it. */
  frozenSteps: 5,
  /** So many failing calls within the hour, and none that works. */
  failingCalls: 3,
} as const;

/** How far virt-handler may fill its memory limit before it is told: `rules/virt-handler.yaml`. */
export const VIRT_HANDLER_MEMORY = {
  highRatio: 0.9,
} as const;

/** Measured per unclosed client: 110 KiB stay for good up to KubeVirt 1.3, 26 KiB of them from 1.4 (docs/decisions.md). */
export const FREEZE_LEAK_KIB = {
  per_freeze: 110,
  unknown: 110,
  per_freeze_softened: 26,
  client_race: 0,
  none: 0,
} as const;

/** How long before the limit the forecast from the freeze rate warns: `virt_handler:freeze_exhaustion_seconds`. */
export const FREEZE_FORECAST = {
  warnsBeforeMs: 24 * 3_600_000,
} as const;
