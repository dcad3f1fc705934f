/** A person's statement that a target is shared on purpose until a date (`--allow-shared-target`). */
export interface AllowedSharing {
  /** A target id, or a cluster uid. */
  readonly id: string;
  readonly untilMs: number;
}

/**
 * Whether the sharing of a target is allowed now. The objects of one cluster never name the other: in there an entry
 * names the target, or this very cluster as the known reader. A peer's uid helps only who sees both clusters.
 */
export const isSharingAllowed = (
  allowed: readonly AllowedSharing[],
  nowMs: number,
  targetId: string,
  clusterUids: readonly string[],
): boolean =>
  allowed.some(({ id, untilMs }) => nowMs < untilMs && (id === targetId || clusterUids.includes(id)));
