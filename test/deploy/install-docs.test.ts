import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeChart } from './chart.ts';
import { ROOT } from './manifests.ts';

const PAGES = ['docs/install.md', 'docs/install.zh-CN.md'] as const;
const textOf = (page: string): string => readFileSync(join(ROOT, page), 'utf8');
const blocks = (page: string, language: string): readonly string[] =>
  Array.from(textOf(page).matchAll(/^( *)```(\w+)\n([^]*?)^\1```/gm))
    .filter(([, , name]) => name === language)
    .map(([, , , text = '']) => text);
const commands = (page: string): readonly string[] =>
  blocks(page, 'console').flatMap((text) =>
    text
      .replace(/\\\n\s*/g, '')
      .trim()
      .split(/\n\s*/),
  );

describe('the installation guide', () => {
  it('has the same commands and values in both languages', () => {
    const [english, chinese] = PAGES;
    assert.ok(commands(english).length > 10);
    assert.deepEqual(commands(chinese), commands(english));
    const withoutComments = (page: string): readonly string[] =>
      blocks(page, 'yaml').map((text) => text.replace(/\s*#.*$/gm, ''));
    assert.deepEqual(withoutComments(chinese), withoutComments(english));
  });

  it('names only files that are there', () => {
    for (const page of PAGES) {
      const paths = textOf(page).match(/\b(?:deploy|rules|grafana|docs)\/[\w./-]*\w/g) ?? [];
      assert.ok(paths.length > 5);
      for (const path of paths) assert.ok(existsSync(join(ROOT, path)), `${page}: there is no ${path}`);
    }
  });
});

describeChart('the installation guide, with helm', (chart) => {
  for (const command of commands(PAGES[0]).filter((line) => line.includes('--set'))) {
    it(`\`${command.slice(2, 90)}…\` renders`, () => {
      const args = Array.from(command.matchAll(/--(?:set|namespace) \S+/g), ([flag]) =>
        flag.split(' '),
      ).flat();
      assert.ok(chart.renderWith(...args).length > 5);
    });
  }

  it('has values that the chart takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'freezewatch-values-'));
    try {
      const values = blocks(PAGES[0], 'yaml');
      assert.equal(values.length, 2);
      for (const text of values) {
        writeFileSync(join(folder, 'values.yaml'), text);
        chart.renderWith('--values', join(folder, 'values.yaml'));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
