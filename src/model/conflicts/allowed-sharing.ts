/** A person's statement that a target is shared on purpose until a date (`--allow-shared-target`). */
export interface AllowedSharing {
  /** A `target_id`, or the uid of a cluster. */
  readonly target: string;
  readonly untilMs: number;
}

/**
 * Whether the sharing of a target is allowed now. The objects of one cluster never name the other, so an entry
 * names the target, or this very cluster as the known reader. A peer's uid is of use only where both clusters are read.
 */
export const isSharingAllowed = (
  allowed: readonly AllowedSharing[],
  nowMs: number,
  targetId: string,
  clusterUids: readonly string[],
): boolean =>
  allowed.some(
    ({ target, untilMs }) => nowMs < untilMs && (target === targetId || clusterUids.includes(target)),
  );
