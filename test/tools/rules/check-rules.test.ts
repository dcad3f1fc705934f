import assert from 'node:assert/strict';
import { ruleProblems } from '../../../tools/rules/check-rules.ts';
import type { AlertingRule, Rule } from '../../../tools/rules/rule-files.ts';
import type { RulePack } from '../../../tools/rules/rule-pack.ts';
import { runbookUrl } from '../../../src/findings/runbook-url.ts';

const sound: AlertingRule = {
  alert: 'A',
  expr: 'rate(go_goroutines[5m]) > 1',
  labels: { severity: 'warning' },
  annotations: { summary: 's', description: 'd. Next: look', runbook_url: runbookUrl('A') },
};

const pack = (rule: Rule, others: Partial<RulePack> = {}): RulePack => ({
  files: [{ name: 'a.yaml', groups: [{ name: 'a', rules: [rule] }] }],
  expectations: [
    { alert: 'A', firingLabels: [] },
    { alert: 'A', firingLabels: [{ namespace: 'n' }] },
  ],
  runbooks: new Set(['A']),
  ...others,
});

describe('the check of rules', () => {
  it('has nothing to say of a sound alert', () => {
    assert.deepEqual(ruleProblems(pack(sound)), []);
  });

  const expressions: readonly (readonly [string, string, RegExp])[] = [
    ['that is not PromQL', 'rate(up[5m]', /not PromQL/],
    [
      'that names a metric nobody exports',
      'rate(container_spec_memory_limit_bytes[5m])',
      /nobody exports container_spec/,
    ],
    ['that looks back longer than Harvester keeps', 'max_over_time(up[6d])', /retention/],
    ['that looks back longer in a subquery', 'max_over_time(up[121h:5m])', /retention/],
    ['whose range is too short for a scrape a minute', 'rate(up[2m])', /too few samples/],
    ['with a function of Prometheus 3', 'mad_over_time(up[5m])', /2\.42 has no mad_over_time/],
    ['that counts 60', 'count_over_time(up[1h]) >= 60', /only a time/],
    ['that counts 3600 / 60', 'changes(up[1h]) >= 3600 / 60', /only a time/],
    ['that writes a time as a plain number', 'time() - process_start_time_seconds < 300', /only a time/],
    ['that writes a time of a metric as a plain number', 'process_start_time_seconds < 900', /only a time/],
  ];
  for (const [title, expr, problem] of expressions) {
    it(`refuses an expression ${title}`, () => {
      const problems = ruleProblems(pack({ ...sound, expr }));
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', problem);
    });
  }

  for (const expr of [
    'time() - process_start_time_seconds < 5 * 60',
    'process_start_time_seconds > 0',
    'up > 1200 / 3600',
  ]) {
    it(`accepts ${expr}`, () => {
      assert.deepEqual(ruleProblems(pack({ ...sound, expr })), []);
    });
  }

  it('knows what the rules record', () => {
    const record: Rule = { record: 'a:b:c', expr: 'up' };
    const files = [
      { name: 'a.yaml', groups: [{ name: 'a', rules: [record, { ...sound, expr: 'a:b:c > 1' }] }] },
    ];
    assert.deepEqual(ruleProblems(pack(sound, { files })), []);
  });

  const broken: readonly (readonly [string, RulePack, RegExp])[] = [
    ['a severity', pack({ ...sound, labels: {} }), /no severity/],
    ['a summary', pack({ ...sound, annotations: { ...sound.annotations, summary: '' } }), /no summary/],
    [
      'a next step',
      pack({ ...sound, annotations: { ...sound.annotations, description: 'd' } }),
      /what to do next/,
    ],
    [
      'the runbook of its name',
      pack({ ...sound, annotations: { ...sound.annotations, runbook_url: runbookUrl('B') } }),
      /runbook_url is not/,
    ],
    ['a page of its runbook', pack(sound, { runbooks: new Set() }), /no page/],
    ['a test in which it fires', pack(sound, { expectations: [{ alert: 'A', firingLabels: [] }] }), /fires/],
    [
      'a test in which it is silent',
      pack(sound, { expectations: [{ alert: 'A', firingLabels: [{ namespace: 'n' }] }] }),
      /silent/,
    ],
    [
      'a namespace',
      pack(sound, {
        expectations: [
          { alert: 'A', firingLabels: [] },
          { alert: 'A', firingLabels: [{}] },
        ],
      }),
      /without a namespace/,
    ],
  ];
  for (const [title, rules, problem] of broken) {
    it(`refuses an alert without ${title}`, () => {
      const problems = ruleProblems(rules);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', problem);
    });
  }

  it('refuses two alerts of one name', () => {
    const files = [{ name: 'a.yaml', groups: [{ name: 'a', rules: [sound, sound] }] }];
    assert.match(ruleProblems(pack(sound, { files })).join('\n'), /two of that name/);
  });
});
