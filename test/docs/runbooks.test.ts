import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';
import { expressionFacts } from '../../tools/rules/expression.ts';
import { knownMetrics } from '../../tools/rules/known-metrics.ts';
import { isAlert, readRuleFiles, rulesOf } from '../../tools/rules/rule-files.ts';
import { quotedRule, quoteIn } from '../../tools/runbook-quote.ts';
import { expectationsOf, pages, runbooks } from './runbook-pages.ts';

const SECTIONS = ['Meaning', 'Impact', 'Diagnosis', 'Mitigation', 'How it can be wrong'];
const LOOKING = new Set(['get', 'logs', 'top', 'auth']);
const rules = rulesOf(readRuleFiles(join(projectRoot(), 'rules')));
const alerts = rules.filter(isAlert);

/** Headings as GitHub names their anchors. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

describe('the runbooks', () => {
  it('are one page for each alert, and no other', () => {
    assert.deepEqual(
      runbooks.map(({ name }) => name),
      alerts.map(({ alert }) => alert).sort(),
    );
  });

  it('have the name of the alert as their only title, and the sections in one order', () => {
    for (const { name, titles, sections } of runbooks) {
      assert.deepEqual({ name, titles, sections }, { name, titles: [name], sections: SECTIONS });
    }
  });

  for (const rule of alerts) {
    it(`quote the rule ${rule.alert} as it is (npm run generate brings it up to date)`, () => {
      const page = runbooks.find(({ name }) => name === rule.alert);
      assert.equal(quoteIn(page?.text ?? ''), quotedRule(rule));
      const [first] = page?.blocks.filter(({ language }) => language === 'promql') ?? [];
      assert.equal(first?.section, 'Meaning');
    });
  }

  it('point to the versions and to the safe order, and are listed in the index', () => {
    const index = pages.find(({ name }) => name === 'README');
    for (const { name, text } of runbooks) {
      for (const anchor of ['README.md#versions', 'README.md#the-safe-order'])
        assert.ok(text.slice(0, text.indexOf('## Meaning')).includes(anchor), `${name}: ${anchor}`);
      assert.ok(index?.text.includes(`](${name}.md)`), `${name} is not in the index`);
    }
  });

  it('link to pages and headings that exist', () => {
    for (const { name, text } of pages) {
      for (const [, target = '', anchor] of text.matchAll(/\]\(([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
        if (target.startsWith('https://')) continue;
        const file = join(projectRoot(), 'docs/runbooks', target === '' ? `${name}.md` : target);
        assert.ok(existsSync(file), `${name}: ${target}`);
        const headings = Array.from(
          readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm),
          ([, each = '']) => each,
        );
        if (anchor !== undefined) assert.ok(headings.map(anchorOf).includes(anchor), `${name}: #${anchor}`);
      }
    }
  });

  it('query only metrics that exist, in PromQL that parses', () => {
    const known = knownMetrics(rules);
    for (const { name, blocks } of pages) {
      for (const { text } of blocks.filter(({ language }) => language === 'promql')) {
        const { valid, metrics } = expressionFacts(text);
        assert.ok(valid, `${name}: ${text}`);
        assert.deepEqual(
          [...metrics].filter((metric) => !known.has(metric)),
          [],
          name,
        );
      }
    }
  });

  it('mark as read-only only what looks', () => {
    for (const { name, blocks } of pages) {
      for (const { text } of blocks.filter(({ mark }) => mark === 'read-only')) {
        const verbs = Array.from(text.matchAll(/\bkubectl (\S+)/g), ([, verb = '']) => verb);
        assert.ok(verbs.length > 0, `${name}: ${text}`);
        assert.deepEqual(
          verbs.filter((verb) => !LOOKING.has(verb)),
          [],
          `${name}: ${text}`,
        );
      }
    }
  });

  it('set every variable of a command before it, on the page', () => {
    for (const { name, blocks } of pages) {
      const script = blocks
        .filter(({ language }) => language === 'sh')
        .map(({ text }) => text)
        .join('\n');
      for (const { index, 1: variable = '' } of script.matchAll(/\$\{?([A-Z_]+)\}?/g)) {
        const assigned = new RegExp(`\\b(?:${variable}=|read -r [A-Z_ ]*${variable}\\b|for ${variable} in)`);
        assert.match(script.slice(0, index), assigned, `${name}: ${variable}`);
      }
    }
  });

  it('never print a Secret, or the copies of Secrets in a VMBackup', () => {
    const printsAll =
      /kubectl (?:describe\b.*vmbackup|describe\b.*virtualmachinebackup|get\b.*(?:virtualmachinebackups|vmbackups?)\b.*-o ?(?:yaml|json)\b)/;
    for (const { name, blocks } of pages) {
      for (const line of blocks.flatMap(({ text }) => text.split('\n'))) {
        assert.doesNotMatch(line, printsAll, name);
        assert.doesNotMatch(
          line,
          /kubectl get secret|secretBackups|settings\.harvesterhci\.io(?! server-version)/,
          name,
        );
      }
    }
  });

  it('say in a pattern that can be read what the incident shows', () => {
    const expectations = pages.flatMap(({ blocks }) => blocks.flatMap((block) => [...expectationsOf(block)]));
    assert.ok(expectations.length > 40);
  });
});
