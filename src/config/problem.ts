/** One thing that is wrong with the options. */
export interface Problem {
  readonly text: string;
  /** Where it is in the file of options; undefined for what the command line or a variable gave. */
  readonly offset: number | undefined;
}

/** The texts in reading order: what was typed or set first, then the file from its first line to its last. */
export function textsInOrder(problems: readonly Problem[]): readonly string[] {
  return [...problems].sort((a, b) => (a.offset ?? -1) - (b.offset ?? -1)).map(({ text }) => text);
}
