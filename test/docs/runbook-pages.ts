import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  /** What follows the language: `read-only`, `variables` or nothing. */
  readonly mark: string;
  readonly text: string;
  /** The section it is in. */
  readonly section: string;
}

export interface Page {
  /** Without `.md`; of a runbook the name of its alert. */
  readonly name: string;
  readonly text: string;
  /** The headings of level 1 and 2. */
  readonly titles: readonly string[];
  readonly sections: readonly string[];
  readonly blocks: readonly Block[];
}

const FOLDER = join(projectRoot(), 'docs/runbooks');
const INDEX = 'README';

/** Every page of docs/runbooks, the index as well. */
export const pages: readonly Page[] = readdirSync(FOLDER)
  .sort()
  .map((file) => pageOf(file.replace(/\.md$/, ''), readFileSync(join(FOLDER, file), 'utf8')));

export const runbooks: readonly Page[] = pages.filter(({ name }) => name !== INDEX);

/** The assignments a block that is run begins with: those the page sets for all of its blocks. */
export const variablesOf = ({ blocks }: Page): string =>
  blocks
    .filter(({ mark }) => mark === 'variables')
    .map(({ text }) => text)
    .join('\n');

/** What a block says it prints in the incident: a pattern for each such comment, or nothing at all. */
export function expectationsOf({ text }: Block): readonly RegExp[] {
  const texts = Array.from(text.matchAll(/^# In the incident: (.*)$/gm), ([, pattern = '']) => pattern);
  return texts.map((pattern) => (pattern === 'nothing' ? /^$/ : new RegExp(pattern)));
}

function pageOf(name: string, text: string): Page {
  const blocks: Block[] = [];
  const sections: string[] = [];
  const titles: string[] = [];
  let open: { readonly indent: string; readonly info: string; readonly lines: string[] } | undefined;
  for (const line of text.split('\n')) {
    const [, indent = '', info = ''] = /^( *)```(.*)$/.exec(line) ?? [];
    if (open !== undefined && line.trim() === '```') {
      const [language = '', mark = ''] = open.info.split(' ');
      blocks.push({ language, mark, text: open.lines.join('\n'), section: sections.at(-1) ?? '' });
      open = undefined;
    } else if (open !== undefined) open.lines.push(line.slice(open.indent.length));
    else if (line.trim().startsWith('```')) open = { indent, info, lines: [] };
    else if (line.startsWith('## ')) sections.push(line.slice(3));
    else if (line.startsWith('# ')) titles.push(line.slice(2));
  }
  if (open !== undefined) throw new Error(`${name}: a block is not closed`);
  return { name, text, titles, sections, blocks };
}
