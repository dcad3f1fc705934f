/** A text as one word of a POSIX shell: in quotes unless every character is harmless without. */
export const shellWord = (text: string): string =>
  /^[a-zA-Z0-9_./:=@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

/** A command line; each argument is one word, whatever it contains. */
export const commandLine = (...words: readonly string[]): string => words.map(shellWord).join(' ');
