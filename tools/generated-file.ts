/** A file that is computed from the declarations and committed. */
export interface GeneratedFile {
  /** Below the root of the repository. */
  readonly path: string;
  readonly text: string;
}
