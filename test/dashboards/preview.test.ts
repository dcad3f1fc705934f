import assert from 'node:assert/strict';
import type { PanelJson } from '../../tools/preview/dashboard-file.ts';
import { figure, inUnit, wordFigure } from '../../tools/preview/figures.ts';
import { filledLegend } from '../../tools/preview/legend.ts';
import { dashboardPage } from '../../tools/preview/page.ts';
import type { TargetData } from '../../tools/preview/panel-data.ts';
import { tableHtml } from '../../tools/preview/table-html.ts';
import { interpolated, paced } from '../../tools/preview/variables.ts';
import { dashboards } from './dashboards.ts';

const variable = { name: 'cluster', label: 'Cluster', offered: ['a', 'b.c'], allValue: '.*' };
const cells = (html: string): readonly string[] =>
  Array.from(html.matchAll(/<td[^>]*>([^<]*)/g), ([, text = '']) => text);
const answer = (
  refId: string,
  ...rows: readonly (readonly [Readonly<Record<string, string>>, number])[]
): TargetData => ({
  refId,
  legend: '',
  series: rows.map(([labels, value]) => ({ labels, points: [[0, value]] })),
});

describe('the variables of a query', () => {
  it('become their values, as a regular expression', () => {
    const text = 'm{cluster=~"$cluster|"}';
    assert.equal(interpolated(text, [variable], new Map()), 'm{cluster=~".*|"}');
    assert.equal(interpolated(text, [variable], new Map([['cluster', ['a']]])), 'm{cluster=~"a|"}');
    assert.equal(
      interpolated(text, [variable], new Map([['cluster', ['a', 'b.c']]])),
      'm{cluster=~"(a|b\\\\.c)|"}',
    );
  });

  it('leave the interval at four scrapes where the step is shorter, and follow the step where it is longer', () => {
    assert.equal(paced('rate(m[$__rate_interval])', { speed: 1, stepSeconds: 15 }), 'rate(m[240000ms])');
    assert.equal(paced('rate(m[$__rate_interval])', { speed: 1, stepSeconds: 600 }), 'rate(m[660000ms])');
    assert.equal(paced('rate(m[$__rate_interval])', { speed: 60, stepSeconds: 1 }), 'rate(m[4000ms])');
  });
});

describe('a figure of a preview', () => {
  const steps = [
    { value: 0, color: 'green' },
    { value: 0.9, color: 'red' },
  ];

  it('has the unit, and the colour of the highest threshold it reaches', () => {
    assert.deepEqual(figure(0.9, { unit: 'percentunit', thresholds: { steps } }, 1), {
      text: '90%',
      colour: '#f2495c',
    });
    assert.deepEqual(figure(0.5, { unit: 'percentunit', thresholds: { steps } }, 1), {
      text: '50%',
      colour: '#73bf69',
    });
  });

  it('is in the time of its world', () => {
    assert.equal(figure(60, { unit: 's' }, 60).text, '1 hours');
    assert.equal(figure(60, { unit: 'reqps' }, 60).text, '1 req/s');
    assert.equal(figure(60, { unit: 'none' }, 60).text, '60');
  });

  it('is in words where its value has some', () => {
    const field = {
      mappings: [
        { type: 'value', options: { '3': { text: 'conflict', color: 'red' }, error: { text: 'failed' } } },
      ],
    };
    assert.deepEqual(figure(3, field, 1), { text: 'conflict', colour: '#f2495c' });
    assert.equal(wordFigure('error', field).text, 'failed');
    assert.equal(wordFigure('ready', field).text, 'ready');
  });

  it('is written in bytes by powers of 1024', () => {
    assert.deepEqual(
      [0, 1_024, 1_677_721_600].map((value) => inUnit(value, 'bytes')),
      ['0 B', '1 KiB', '1.6 GiB'],
    );
  });
});

describe('a table of a preview', () => {
  const panel: PanelJson = {
    ...{ id: 1, type: 'table', title: 't', gridPos: { x: 0, y: 0, w: 24, h: 8 } },
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          indexByName: { vm: 0, 'Value #A': 1, 'Value #B': 2 },
          renameByName: { vm: 'VM', 'Value #A': 'Calls', 'Value #B': 'Loop' },
        },
      },
    ],
    options: { sortBy: [{ displayName: 'Calls', desc: true }] },
    fieldConfig: { defaults: {}, overrides: [] },
  };

  it('has one row for what agrees in all labels, largest first, and leaves open what is not known', () => {
    const data = [answer('A', [{ vm: 'db' }, 1], [{ vm: 'app' }, 2]), answer('B', [{ vm: 'db' }, 3])];
    assert.deepEqual(cells(tableHtml(panel, data, 1)), ['app', '2', '', 'db', '1', '3']);
  });

  it('cannot be broken by a name', () => {
    const html = tableHtml(panel, [answer('A', [{ vm: '<script>' }, 1]), answer('B')], 1);
    assert.ok(!html.includes('<script>'));
    assert.ok(html.includes('&#60;script&#62;'));
  });
});

describe('a legend', () => {
  it('is filled from the labels; a missing one leaves nothing', () => {
    assert.equal(filledLegend('{{cluster}} {{namespace}}/{{vm}}', { namespace: 'erp', vm: 'db' }), 'erp/db');
  });
});

describe('the preview of a dashboard', () => {
  for (const [path, dashboard] of dashboards) {
    it(`says that it is not Grafana, and why a panel is empty: ${path}`, () => {
      const html = dashboardPage({
        ...{ dashboard, variables: [variable], choice: new Map([['cluster', ['a']]]), marks: [], speed: 1 },
        panels: dashboard.panels.map((panel) => ({ panel, data: [] })),
        range: { start: 0, end: 3_600 },
      });
      assert.match(html, /preview, not Grafana/);
      assert.match(html, /Cluster: a</);
      for (const { type, fieldConfig } of dashboard.panels) {
        if (type !== 'row') assert.ok(html.includes((fieldConfig?.defaults.noValue ?? '').slice(0, 20)));
      }
    });
  }
});
