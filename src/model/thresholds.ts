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

/** When calls that come and go are a loop, whatever is between them: `rules/freeze.yaml`. */
export const FREEZE_BURSTS = {
  /** How far back the rules look. */
  hours: 6,
  /** Windows with some call in that time, and in its last hour. */
  windows: 180,
  lastHourWindows: 20,
  /** Or more calls than any backup makes in that time, and in its last hour. */
  calls: 1_000,
  lastHourCalls: 200,
} as const;

/** A VM that is frozen, and whose last freeze call is older, stays frozen: `rules/freeze.yaml`. */
export const STUCK_FROZEN = {
  quietMinutes: 5,
} as const;

/** So many failed or rejected calls within an hour, and none that succeeded: `rules/freeze.yaml`. */
export const FREEZE_FAILING = {
  calls: 3,
} as const;

/** A backup is stale when its schedule should have made so many since, and some time to make them: `rules/backup.yaml`. */
export const STALE_BACKUP = {
  intervals: 2,
  slackHours: 1,
} as const;

/** What else is said of backups: `rules/backup.yaml`. */
export const BACKUP_HABITS = {
  /** More backups of one namespace at a time share the network and the target. */
  concurrent: 5,
  /** A VM no backup of which was restored for so long. */
  unverifiedDays: 90,
} as const;

/** Of the 8 fingerprints of a store, so many are equal: one new volume moves all others. `rules/multi-cluster.yaml`. */
export const SAME_STORE = {
  equalHashes: 6,
} as const;

/**
 * What a freeze leaves in virt-handler where the client is never closed. Measured on the gRPC code that each KubeVirt
 * vendors, with 4,000 unclosed clients over a unix socket, two calls each: 100 to 120 KiB of resident memory a client
 * (gRPC 1.56 of KubeVirt 1.1 and 1.2, gRPC 1.58 of 1.3). With gRPC 1.65 (KubeVirt 1.4 to 1.6.0) it is 107 KiB, until the
 * idle timeout of 30 minutes closes the socket; 26 KiB and three goroutines stay. KubeVirt's own virt-handler, run against
 * a launcher that does nothing, agrees: 68 to 94 KiB, and 111 to 137 for a VMI of 30 KB.
 */
export const FREEZE_LEAK = {
  /** For good, before KubeVirt 1.4. */
  keptKib: 110,
  /** For good, from 1.4 on. */
  softenedKeptKib: 26,
  /** Beside them, until the idle timeout: vendor/google.golang.org/grpc/dialoptions.go (KubeVirt 1.4.0). */
  softenedHeldKib: 81,
  softenedHeldMinutes: 30,
} as const;

/** When the memory of virt-handler needs somebody: `rules/virt-handler.yaml`. */
export const VIRT_HANDLER_MEMORY = {
  /** So near the limit the kernel may end it at any moment. */
  highRatio: 0.9,
  /** Freeze loops fill it within this time. */
  freezeExhaustionHours: 24,
  /** A straight line reaches the limit within this time, and has used so much of what was free. */
  soonHours: 4,
  soonHeadroomRatio: 0.41,
  /** The same, so soon that nothing else is worth doing first. */
  imminentMinutes: 15,
  imminentRatio: 0.6,
  /** A kill is news for so long. */
  killedHours: 1,
  /** So many kills in a day are a habit. */
  killsPerDay: 2,
} as const;
