/** A person's statement that a target is shared on purpose until a date (`--allow-shared-target`). */
export interface AllowedSharing {
  /** A target id, or a cluster uid. */
  readonly id: string;
  readonly untilMs: number;
}
