/** What a bare value may not contain: white space, quotes, equal signs, and everything that is not printable. */
const NEEDS_QUOTES = /^$|[\s"=\\\p{C}\p{Z}]/u;
/** JSON escapes the ASCII controls; these too could break a line or hide text in a terminal. */
const NOT_PRINTABLE = /[\p{C}\u2028\u2029]/gu;

/** `key=value` pairs on one line; values are quoted, with the escapes of JSON, where they have to be. */
export function logfmtLine(pairs: Readonly<Record<string, unknown>>): string {
  return Object.entries(pairs)
    .map(([key, value]) => `${keyText(key)}=${valueText(value)}`)
    .join(' ');
}

const keyText = (key: string): string => key.replace(/[\s"=\\\p{C}\p{Z}]/gu, '_') || '_';

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return NEEDS_QUOTES.test(text) ? JSON.stringify(text).replace(NOT_PRINTABLE, escaped) : text;
}

const escaped = (character: string): string =>
  character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
