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
  /** A rate needs at least this part of a step. */
  rateMinSteps: 1 / 6,
  /** A log of so many steps without a call refutes a loop that writes suggest: retries are at most 2 minutes apart. */
  silentSteps: 10,
} as const;

/** When a frozen VM is stuck, and when freezes fail: `rules/freeze.yaml`. */
export const FREEZE_TROUBLE = {
  /** Every freeze ends by its own timeout within so many steps. */
  frozenSteps: 5,
  /** So many calls failed within the hour, and no call succeeded. */
  failingCalls: 3,
} as const;

/** When an upload stands still whose progress was not seen. */
export const BACKUP_PROGRESS = {
  /** An upload slower than this does not explain its age. */
  slowBytesPerSecond: 10 * 2 ** 20,
  /** After so many times `progressStuckAfterMs`, a day, an upload of any size is stuck. */
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

/** A backup is stale when its schedule should have made so many since, and some time to make them: `rules/backup.yaml`. */
export const STALE_BACKUP = {
  intervals: 2,
  slackHours: 1,
  /** One that was never made is missed where a schedule runs so often … */
  firstIntervalHours: 24,
  /** … and has existed for so long. */
  firstAfterDays: 2,
} as const;

/** When the memory of virt-handler needs attention: `rules/virt-handler.yaml`. */
export const VIRT_HANDLER_MEMORY = {
  /** So near the limit the kernel may end it at any moment. */
  highRatio: 0.9,
  /** A straight line reaches the limit within this time, and has used so much of what was free. */
  soonHours: 4,
  soonHeadroomRatio: 0.41,
  /** The same, so soon that it has to be handled at once. */
  imminentMinutes: 15,
  imminentRatio: 0.6,
  /** A kill is news for so long. */
  killedHours: 1,
  /** So many kills in a day are a habit. */
  killsPerDay: 2,
} as const;

/**
 * KiB for good per freeze whose client virt-handler never closes, by the known leak of the version. Measured on the gRPC
 * code that each KubeVirt vendors, with 4,000 unclosed clients over a unix socket, two calls each: 100 to 120 KiB of
 * resident memory a client (gRPC 1.56 of KubeVirt 1.1 and 1.2, gRPC 1.58 of 1.3). With gRPC 1.65 (KubeVirt 1.4 to 1.6.0)
 * it is 107 KiB, until the idle timeout of 30 minutes closes the socket; 26 KiB and three goroutines stay. KubeVirt's own
 * virt-handler, run against a launcher that does nothing, agrees: 68 to 94 KiB, and 111 to 137 for a VMI of 30 KB.
 */
export const FREEZE_LEAK_KIB = {
  per_freeze: 110,
  unknown: 110,
  per_freeze_softened: 26,
  client_race: 0,
  none: 0,
} as const;

/** What else a softened leak holds, until the idle timeout: vendor/google.golang.org/grpc/dialoptions.go (KubeVirt 1.4.0). */
export const SOFTENED_LEAK = {
  heldKib: 81,
  heldMinutes: 30,
} as const;

/** How long before the limit the forecast from the freeze rate warns: `virt_handler:freeze_exhaustion_seconds`. */
export const FREEZE_FORECAST = {
  warnsBeforeMs: 24 * 3_600_000,
} as const;

/** When two stores are taken for one by their content: `rules/multi-cluster.yaml`. */
export const EQUAL_STORE = {
  /** Equal names of private places prove nothing; so many of 8 equal hashes do, also under different names. */
  hashes: 6,
  /** Of an equal name, all of fewer do, if there are so many to compare. */
  fewHashes: 4,
} as const;
