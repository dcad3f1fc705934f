import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';
import { alertsDocs, templateInWords } from '../../tools/alerts-docs.ts';
import { isAlert, readRuleFiles, rulesOf } from '../../tools/rules/rule-files.ts';
import { quotedRule, quoteIn, withQuotedRule } from '../../tools/runbook-quote.ts';

const FOLDER = join(projectRoot(), 'rules');

const FILE = {
  name: 'x.yaml',
  text: `# About x, in
# two lines.
groups:
  - name: x.rules
    rules: [{ record: a, expr: b }]
  - name: x.alerts
    rules:
      - alert: HarvesterX
        expr: up == 0
        for: 5m
        keep_firing_for: 15m
        labels: { severity: warning }
        annotations: { summary: 'VM {{ $labels.vm }} has a | b.' }
      - alert: HarvesterY
        expr: up == 1
        labels: { severity: info }
        annotations: { summary: 'y' }
`,
};

describe('docs/alerts.md', () => {
  it('has a table for each group with alerts, begun by what the file says of itself', () => {
    const text = alertsDocs([FILE]);
    assert.deepEqual(text.slice(text.indexOf('## ')).split('\n'), [
      '## x.alerts',
      '',
      '[rules/x.yaml](../rules/x.yaml). About x, in two lines.',
      '',
      '| alert | severity | for | what it says |',
      '|---|---|---|---|',
      '| [HarvesterX](runbooks/HarvesterX.md) | warning | 5m | VM *vm* has a \\| b. |',
      '| [HarvesterY](runbooks/HarvesterY.md) | info | at once | y |',
      '',
    ]);
  });

  it('has every shipped alert once, and puts its template into words', () => {
    const names = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
    const text = alertsDocs(names.map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') })));
    const alerts = rulesOf(readRuleFiles(FOLDER)).filter(isAlert);
    for (const { alert } of alerts) assert.equal(text.split(`| [${alert}](`).length, 2, alert);
    assert.doesNotMatch(text, /\{\{|\$labels/);
  });

  it('throws for a file without groups', () => {
    assert.throws(
      () => alertsDocs([{ name: 'no.yaml', text: 'rules: []' }]),
      /no\.yaml: expected groups of rules/,
    );
  });
});

describe('templateInWords', () => {
  const CASES = [
    ['VM {{ $labels.namespace }}/{{ $labels.vm }}.', 'VM *namespace*/*vm*.'],
    ['{{ with $labels.node }} on node {{ . }}{{ end }}!', ' on node *node*!'],
    ['of{{ with $labels.vm }} VM {{ . }}{{ else }} none{{ end }}', 'of VM *vm*'],
    ['in {{ $value | humanizeDuration }}', 'in *value*'],
    ['{{ printf "%.0f" $value }} calls', '*value* calls'],
    [
      '{{ range printf `max by (t) (m{c=%q})` $labels.c | query }}{{ .Labels.t }}{{ else }}{{ $labels.id }}{{ end }}.',
      '*t*.',
    ],
  ] as const;
  for (const [template, words] of CASES) {
    it(`reads ${template}`, () => {
      assert.equal(templateInWords(template), words);
    });
  }

  it('throws for a template it does not know', () => {
    assert.throws(() => templateInWords('{{ if $x }}'), /cannot put this template into words/);
  });
});

describe('the quote of a rule in its runbook', () => {
  const rule = { alert: 'HarvesterX', expr: 'up == $1\n', labels: { severity: 'warning' }, annotations: {} };

  it('has severity and times in a comment, then the expression', () => {
    const timed = { ...rule, for: '5m', keep_firing_for: '15m' };
    assert.equal(
      quotedRule(timed),
      '```promql\n# severity: warning, for: 5m, keep_firing_for: 15m\nup == $1\n```',
    );
    assert.equal(quotedRule(rule), '```promql\n# severity: warning, for: 0s\nup == $1\n```');
  });

  it('is the first PromQL block of the page, and replaced there alone', () => {
    const page = 'before\n\n```promql\nold\n```\n\n```promql\nother\n```\n';
    assert.equal(quoteIn(page), '```promql\nold\n```');
    assert.equal(
      withQuotedRule(page, rule),
      'before\n\n```promql\n# severity: warning, for: 0s\nup == $1\n```\n\n```promql\nother\n```\n',
    );
    assert.equal(quoteIn('no block'), undefined);
    assert.equal(withQuotedRule('no block', rule), 'no block');
  });
});
