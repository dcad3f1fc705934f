import assert from 'node:assert/strict';
import { loadConfig } from '../../src/config/config.ts';
import { COMMANDS } from '../../src/config/option.ts';
import { parseFlags } from '../../src/config/flags.ts';
import { pages, type Page } from './runbook-pages.ts';

/** Every command line of freezewatch on a page: in blocks, and in the running text. */
const commandLines = ({ text, blocks }: Page): readonly string[] => [
  ...blocks
    .filter(({ language }) => language === 'sh')
    .flatMap((block) => block.text.split('\n').filter((line) => line.startsWith('freezewatch '))),
  ...Array.from(text.matchAll(/`(freezewatch [^`]+)`/g), ([, line = '']) => line),
];

const wordsOf = (line: string): readonly string[] =>
  line
    .replace(/"\$\w+"/g, 'name')
    .split(/\s+/)
    .slice(1);

describe('the command lines of freezewatch in the runbooks', () => {
  for (const page of pages) {
    for (const line of new Set(commandLines(page))) {
      it(`${page.name}: ${line} is understood`, async () => {
        const [name = '', ...args] = wordsOf(line);
        const command = COMMANDS.find((each) => each === name);
        assert.ok(command !== undefined, `no command ${name}`);
        await loadConfig({ command, environment: {}, ...parseFlags(command, args) });
      });
    }
  }
});
