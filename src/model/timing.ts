const MINUTE_MS = 60_000;

/** The intervals our judgements rest on, in milliseconds. The demo, whose world runs faster, divides those of the world. */
export interface Timing {
  /** A source silent for longer has no series. */
  readonly unreachableAfterMs: number;
  /** The API server's discovery polling alone makes virt-api write lines more often than this. */
  readonly muteAfterMs: number;
  /** How often the memory of virt-handler is asked for; metrics-server itself looks every 15 s or more seldom. */
  readonly memoryPollMs: number;
  /** How often the cluster's uid is read again: it changes only with the cluster, but the source has to stay fresh. */
  readonly identityPollMs: number;
  /** How soon a new virt-api pod is followed; its log is read from its first line, however late. */
  readonly virtApiLookMs: number;
  /** How soon a launcher's log is opened, or closed; it is read from before the event that made its VM a suspect. */
  readonly launcherLookMs: number;
  /** A VM without a freeze call for so long is no suspect any more. */
  readonly quietAfterMs: number;
  /** How long before the event that made a VM a suspect its launcher's log is opened. */
  readonly lookBackMs: number;
  /** Freeze calls are kept in steps of this length, to show and judge their course. */
  readonly freezeTrendStepMs: number;
  /** A VMBackup being deleted or made for longer is stuck. */
  readonly deletingStuckAfterMs: number;
  readonly progressStuckAfterMs: number;
  /** Clocks of two clusters may differ by so much. */
  readonly clockSkewMs: number;
  /** Slack, beside three polls, until a foreign backup is seen here. */
  readonly foreignWriteSlackMs: number;
  /** A `not found` error younger than this may be an import that was faster than Longhorn's poll. */
  readonly errorConfirmedAfterMs: number;
  /** Removals this soon after a change of the target's URL are the change's. */
  readonly targetChangeGraceMs: number;
  /** A change of the target may be seen so much later than the removals it causes. */
  readonly removalSettledAfterMs: number;
  /** How long a live foreign write counts as evidence of a shared target, and of a conflict. */
  readonly sharedEvidenceMs: number;
  readonly conflictEvidenceMs: number;
  /** A cluster that wrote a backup within this time is a writer. */
  readonly writerMs: number;
  /** Removals seen within this time count as harm. */
  readonly removalEvidenceMs: number;
}

export const TIMING: Timing = {
  unreachableAfterMs: 5 * MINUTE_MS,
  muteAfterMs: 5 * MINUTE_MS,
  memoryPollMs: 30_000,
  identityPollMs: 2 * MINUTE_MS,
  virtApiLookMs: 500,
  launcherLookMs: 1_000,
  quietAfterMs: 10 * MINUTE_MS,
  lookBackMs: 30_000,
  freezeTrendStepMs: MINUTE_MS,
  deletingStuckAfterMs: 15 * MINUTE_MS,
  progressStuckAfterMs: 120 * MINUTE_MS,
  clockSkewMs: 2 * MINUTE_MS,
  foreignWriteSlackMs: 10 * MINUTE_MS,
  errorConfirmedAfterMs: 15 * MINUTE_MS,
  targetChangeGraceMs: 10 * MINUTE_MS,
  removalSettledAfterMs: MINUTE_MS,
  sharedEvidenceMs: 24 * 60 * MINUTE_MS,
  conflictEvidenceMs: 7 * 24 * 60 * MINUTE_MS,
  writerMs: 7 * 24 * 60 * MINUTE_MS,
  removalEvidenceMs: 60 * MINUTE_MS,
};

/** How long we trust our own inputs: the API server of a faster world is no faster itself. */
const OF_OUR_INPUTS: ReadonlySet<string> = new Set([
  'unreachableAfterMs',
  'muteAfterMs',
  'virtApiLookMs',
  'launcherLookMs',
  'lookBackMs',
]);

/** The same judgements in a world that runs `speed` times as fast. */
export const compressedTiming = (speed: number): Timing =>
  Object.fromEntries(
    Object.entries(TIMING).map(([name, ms]) => [name, OF_OUR_INPUTS.has(name) ? ms : ms / speed]),
  ) as unknown as Timing;
