/** One thing that is read from a cluster into its picture: a kind, a log, an identity. */
export interface Input {
  /** Reads what there is now. What cannot be read is reported among the sources; rejects for an abort and for a bug. */
  readonly once: (signal: AbortSignal) => Promise<void>;
  /** Keeps the picture up to date until the signal aborts. Rejects only for a bug. */
  readonly follow: (signal: AbortSignal) => Promise<void>;
}
