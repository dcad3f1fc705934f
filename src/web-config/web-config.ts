import { readFileSync } from 'node:fs';
import { isMap, isScalar, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from '../errors.ts';
import { tlsServerOf, type TlsServer } from './tls-server.ts';
import { webConfigSchema } from './web-config-schema.ts';

/** The content of the file of `--web.config.file`. */
export interface WebConfig {
  /** undefined: plain HTTP. */
  readonly tls: TlsServer | undefined;
  /** Added to every response. */
  readonly headers: Readonly<Record<string, string>>;
  /** bcrypt hashes by user name; empty: open to all. */
  readonly users: ReadonlyMap<string, string>;
  /** Every file that was read: this one, certificates, keys. */
  readonly files: readonly string[];
}

/** Reads the file and those it names, relative to it; throws ConfigError that lists every problem with line and column. */
export function readWebConfig(file: string): WebConfig {
  const { fields, problems } = fieldsOf(file, contentOf(file));
  if (fields === undefined) throw new ConfigError(problems);
  const { tls_server_config: tlsFields, http_server_config: http, basic_auth_users: users } = fields;
  const tls = tlsFields && tlsServerOf(tlsFields, file);
  return {
    tls,
    headers: { ...http?.headers },
    users: new Map(Object.entries(users ?? {})),
    files: [file, ...(tls?.files ?? [])],
  };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`--web.config.file: cannot read ${file}: ${String(error)}`], error);
  }
}

interface Reading {
  readonly fields: z.infer<typeof webConfigSchema> | undefined;
  readonly problems: readonly string[];
}

function fieldsOf(file: string, text: string): Reading {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const placeAt = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const unreadable = document.errors.map((error) => `${placeAt(error.pos[0])}: ${error.message}`);
  if (unreadable.length > 0) return { fields: undefined, problems: unreadable };
  const { success, data, error } = webConfigSchema.safeParse(document.toJS() ?? {});
  if (success) return { fields: data, problems: [] };
  const problems = error.issues.flatMap((issue) => issueLines(issue, document, placeAt));
  return { fields: undefined, problems };
}

/** One line per unknown key, one for any other issue. The values themselves are not repeated: some are secrets. */
function issueLines(
  issue: z.core.$ZodIssue,
  document: Document,
  placeAt: (offset: number) => string,
): readonly string[] {
  const path = issue.path.map(String);
  if (issue.code !== 'unrecognized_keys') {
    return [`${placeAt(offsetOf(document, issue.path))}: ${path.join('.')}: ${issue.message}`];
  }
  return issue.keys.map((key) => {
    const place = placeAt(keyOffset(document, issue.path, key));
    return `${place}: unknown key ${[...path, key].join('.')}${key === 'rate_limit' ? ' (rate limits are not supported)' : ''}`;
  });
}

function keyOffset(document: Document, path: readonly PropertyKey[], name: string): number {
  const parent = document.getIn(path, true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && key.value === name)
    : undefined;
  return hasRange(pair?.key) ? pair.key.range[0] : offsetOf(document, path);
}

/** Where the value at a path begins; that of the nearest parent when it is missing. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  const node = document.getIn(path, true);
  if (hasRange(node)) return node.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}

const hasRange = (node: unknown): node is { readonly range: readonly [number, number, number] } =>
  typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
