/** A text as one word of a POSIX shell: in quotes unless every character is harmless without. */
export const shellWord = (text: string): string =>
  /^[a-zA-Z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A command line; each argument is quoted where that is needed to keep it one word. */
export const commandLine = (...words: readonly string[]): string => words.map(shellWord).join(' ');
