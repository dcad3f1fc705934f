import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from 'yaml';
import type { Problem } from './problem.ts';

/** What one source gives for one option, and where, for the message if it is wrong. */
export interface Given {
  readonly place: string;
  /** Where it is in the file; undefined for a flag or a variable. */
  readonly offset?: number;
  readonly texts: readonly string[];
}

/** One key of the file. */
export interface FileEntry extends Given {
  readonly key: string;
  /** Where the key itself is. */
  readonly keyPlace: string;
  readonly offset: number;
  /** Written as a list, however many items it has. */
  readonly isList: boolean;
}

interface Reading {
  readonly placeOf: (node: Node) => string;
  readonly problems: Problem[];
}

export interface ConfigFile {
  readonly entries: readonly FileEntry[];
  /** Each with line and column. */
  readonly problems: readonly Problem[];
}

/** Reads a YAML file of options. Never throws: what is wrong is listed. */
export function readConfigFile(file: string): ConfigFile {
  const text = contentOf(file);
  if (typeof text !== 'string')
    return {
      entries: [],
      problems: [{ text: `--config: cannot read ${file}: ${text.message}`, offset: undefined }],
    };
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const placeAt = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const problems = document.errors.map(({ pos: [offset], message }) => ({
    text: `${placeAt(offset)}: ${message}`,
    offset,
  }));
  // After a key that is given twice the rest of the file is still checked; any other syntax error ends the check.
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return { entries: [], problems };
  const reading = { placeOf: (node: Node) => placeAt(offsetOf(node)), problems };
  const root = document.contents;
  if (root !== null && !isEmpty(root) && !isMap(root)) {
    const text = `${reading.placeOf(root)}: expected keys and values, as "web.listen-address: :9965"`;
    problems.push({ text, offset: offsetOf(root) });
  }
  const entries = isMap<Node, Node | null>(root) ? root.items.flatMap((pair) => entryOf(pair, reading)) : [];
  return { entries, problems };
}

const offsetOf = (node: Node): number => node.range?.[0] ?? 0;

function contentOf(file: string): string | Error {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function entryOf(
  { key, value }: { readonly key: Node; readonly value: Node | null },
  { placeOf, problems }: Reading,
): readonly FileEntry[] {
  const name = scalarText(key);
  if (name === undefined) {
    problems.push({ text: `${placeOf(key)}: expected the name of an option`, offset: offsetOf(key) });
    return [];
  }
  const offset = offsetOf(value ?? key);
  const place = `${placeOf(value ?? key)}: ${name}`;
  const texts = value === null ? [] : textsOf(value);
  if (texts === undefined) {
    const text = `${place}: expected one value or a list of values; a name with dots is one key, as "log.level: debug"`;
    problems.push({ text, offset });
    return [];
  }
  return [{ key: name, keyPlace: placeOf(key), place, offset, texts, isList: isSeq(value) }];
}

/** One text per item of a list; an empty value counts as an absent key. */
function textsOf(value: Node): readonly string[] | undefined {
  if (isEmpty(value)) return [];
  const nodes: readonly unknown[] = isSeq(value) ? value.items : [value];
  const texts = nodes.map(scalarText);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

const isEmpty = (node: Node): boolean => isScalar(node) && node.value === null;

/** Numbers as they were written: `1.10` is not 1.1. */
function scalarText(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  const { value, source } = node;
  if (typeof value === 'number') return source ?? String(value);
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
}
