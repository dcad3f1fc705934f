import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { projectRoot } from '../../../src/project-root.ts';
import {
  compressedDuration,
  compressedExpression,
  compressedRules,
} from '../../../simulator/demo/compressed-rules.ts';
import { promtool } from '../../rules/promtool.ts';

describe('a compressed expression', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['divides ranges', 'rate(a[5m])', 'rate(a[5000ms])'],
    [
      'divides offsets and both parts of a subquery',
      'max_over_time(a[1h:5m] offset 1d)',
      'max_over_time(a[60000ms:5000ms] offset 1440000ms)',
    ],
    [
      'divides the seconds of a minute, an hour and a day',
      'a < 4 * 3600 + 60 / 86400',
      'a < 4 * 60 + 1 / 1440',
    ],
    [
      'leaves every other number',
      'a > 0.95 * 1024 + 600 + 1e60 + 60.5 - 360',
      'a > 0.95 * 1024 + 600 + 1e60 + 60.5 - 360',
    ],
    ['leaves strings and comments', `a{b="60",c='5m'} # 60 and 5m`, `a{b="60",c='5m'} # 60 and 5m`],
    [
      'leaves names that end like durations',
      'vm:freezes:increase5m + virt_handler:deriv10m',
      'vm:freezes:increase5m + virt_handler:deriv10m',
    ],
    ['reads compound durations', 'a[1h30m]', 'a[90000ms]'],
  ];
  for (const [title, expression, expected] of cases) {
    it(title, () => {
      assert.equal(compressedExpression(expression, 60), expected);
    });
  }

  it('is the expression itself at speed 1, but for how durations are written', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '60', ' ', '"5m"', "'60'", '+', '3600', '#x', '\n', '.5', '1e9')),
        (parts) => {
          assert.equal(compressedExpression(parts.join(' '), 1), parts.join(' '));
        },
      ),
    );
  });

  it('keeps every duration above zero', () => {
    assert.equal(compressedDuration('1s', 1e9), '1ms');
  });
});

describe('compressed rules', () => {
  it('shrink the intervals, and the queries of annotations but not their words', () => {
    const rules = compressedRules(
      `groups:
        - name: g
          interval: 1m
          rules:
            - alert: A
              expr: a > 60
              for: 5m
              keep_firing_for: 1h
              annotations: { description: "in 5m: {{ range query \`b[6h] * 3600\` }}" }`,
      60,
    );
    assert.deepEqual(parse(rules), {
      groups: [
        {
          name: 'g',
          interval: '1000ms',
          rules: [
            {
              alert: 'A',
              expr: 'a > 1',
              for: '5000ms',
              keep_firing_for: '60000ms',
              annotations: { description: 'in 5m: {{ range query `b[360000ms] * 60` }}' },
            },
          ],
        },
      ],
    });
  });

  it('are refused for a file that holds none', () => {
    assert.throws(() => compressedRules('groups: 1', 60), /not a file of Prometheus rules/);
  });

  it('of the shipped pack are valid to promtool', () => {
    const folder = mkdtempSync(join(tmpdir(), 'freezewatch-rules-'));
    try {
      const rules = join(projectRoot(), 'rules');
      const files = readdirSync(rules).map((name) => {
        const file = join(folder, name);
        writeFileSync(file, compressedRules(readFileSync(join(rules, name), 'utf8'), 60));
        return file;
      });
      execFileSync(promtool(), ['check', 'rules', '--lint=all', '--lint-fatal', ...files], { stdio: 'pipe' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
