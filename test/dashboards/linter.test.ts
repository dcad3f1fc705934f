import assert from 'node:assert/strict';
import { UID } from '../../tools/dashboards/link.ts';
import { allPanels, dashboards, panelsOf } from './dashboards.ts';

/** In Grafana since 9.1 at the latest, and in React. */
const KINDS: ReadonlySet<string> = new Set(['timeseries', 'stat', 'table', 'bargauge', 'state-timeline']);
const COLUMNS = 24;

const panelsThat = (isWrong: (panel: (typeof allPanels)[number]['panel']) => boolean): readonly string[] =>
  allPanels.filter(({ panel }) => isWrong(panel)).map(({ where }) => where);

describe('a dashboard', () => {
  it('has the uid its alerts and links know', () => {
    assert.deepEqual([...dashboards.values()].map(({ uid }) => uid).sort(), Object.values(UID).sort());
  });

  it('offers the data source and the clusters, all of them at first', () => {
    for (const [path, { templating }] of dashboards) {
      const [datasource, cluster] = templating.list;
      assert.deepEqual(
        [datasource?.type, datasource?.name, datasource?.query],
        ['datasource', 'datasource', 'prometheus'],
        path,
      );
      assert.deepEqual([cluster?.name, cluster?.allValue], ['cluster', '.*'], path);
      assert.match(
        JSON.stringify(cluster),
        /"multi":true.*"includeAll":true|"includeAll":true.*"multi":true/,
        path,
      );
    }
  });

  it('uses every variable it offers, and offers every one it uses', () => {
    for (const [path, dashboard] of dashboards) {
      const offered = dashboard.templating.list.map(({ name }) => name);
      const text = JSON.stringify({
        panels: dashboard.panels,
        annotations: dashboard.annotations,
        list: dashboard.templating,
      });
      const used = new Set(Array.from(text.matchAll(/\$\{?(?!__)([a-z_]+)/g), ([, name]) => name));
      assert.deepEqual([...used].sort(), [...offered].sort(), path);
    }
  });

  it('has a unique, stable id for every panel', () => {
    for (const [path, { panels }] of dashboards) {
      assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, path);
    }
  });

  it('lays its panels out without overlap, inside the grid, and without holes in a line', () => {
    for (const [path, { panels }] of dashboards) {
      const cells = new Map<string, string>();
      for (const { title, gridPos } of panels) {
        assert.ok(gridPos.x >= 0 && gridPos.x + gridPos.w <= COLUMNS, `${path}: ${title}`);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            assert.equal(cells.get(`${x}/${y}`), undefined, `${path}: ${title} covers another panel`);
            cells.set(`${x}/${y}`, title);
          }
        }
      }
      const bottom = Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
      assert.equal(cells.size, bottom * COLUMNS, `${path} has holes`);
    }
  });

  it('links to the others with its variables and its time range', () => {
    for (const [path, dashboard] of dashboards) {
      const [link] = (dashboard as unknown as { readonly links: readonly Record<string, unknown>[] }).links;
      assert.deepEqual(
        [link?.type, link?.tags, link?.includeVars, link?.keepTime],
        ['dashboards', ['freezewatch'], true, true],
        path,
      );
    }
  });

  it('links from values only to dashboards and variables that exist', () => {
    for (const { where, panel } of allPanels) {
      for (const [, uid, query = ''] of JSON.stringify(panel).matchAll(/"url":"\/d\/([\w-]+)\?([^"]*)/g)) {
        const target = [...dashboards.values()].find((each) => each.uid === uid);
        assert.ok(target, `${where} links to ${uid}`);
        const known = target.templating.list.map(({ name }) => name);
        for (const [, name = ''] of query.matchAll(/var-(\w+)=/g))
          assert.ok(known.includes(name), `${where}: ${name}`);
        assert.match(query, /\$\{datasource:queryparam\}.*\$\{__url_time_range\}/, where);
      }
    }
  });
});

describe('a panel', () => {
  it('is of a kind that Grafana 9.1 has and that needs no Angular', () => {
    assert.deepEqual(
      panelsThat(({ type }) => !KINDS.has(type)),
      [],
    );
  });

  it('has a title, a unit, words for emptiness, and a description that says what to do', () => {
    assert.deepEqual(
      panelsThat(({ title }) => title.length < 3),
      [],
    );
    assert.deepEqual(
      panelsThat(({ description = '' }) => description.split(' ').length < 12),
      [],
    );
    assert.deepEqual(
      panelsThat(({ fieldConfig }) => (fieldConfig?.defaults.unit ?? '') === ''),
      [],
    );
    assert.deepEqual(
      panelsThat(({ fieldConfig }) => (fieldConfig?.defaults.noValue ?? '').length < 10),
      [],
    );
  });

  it('asks the data source of the variable, and never asks nothing', () => {
    for (const { where, panel } of allPanels) {
      const { datasource, targets = [] } = panel as typeof panel & { readonly datasource: unknown };
      assert.ok(targets.length > 0, where);
      for (const each of [{ datasource }, ...targets]) {
        assert.deepEqual(
          (each as { readonly datasource?: unknown }).datasource,
          { type: 'prometheus', uid: '${datasource}' },
          where,
        );
      }
      for (const { expr } of targets) assert.notEqual(expr.trim(), '', where);
    }
  });

  it('names each of its queries', () => {
    for (const { where, panel } of allPanels) {
      const ids = (panel.targets ?? []).map(({ refId }) => refId);
      assert.equal(new Set(ids).size, ids.length, where);
      if (panel.type === 'table') continue;
      for (const { legendFormat = '' } of panel.targets ?? []) assert.notEqual(legendFormat, '', where);
    }
  });

  it('has thresholds that begin below everything and rise', () => {
    for (const { where, panel } of allPanels) {
      const values = panel.fieldConfig?.defaults.thresholds?.steps.map(({ value }) => value) ?? [];
      assert.equal(values[0], 0, where);
      assert.deepEqual(
        values,
        [...values].sort((a, b) => a - b),
        where,
      );
    }
  });

  it('overrides only columns that its table has', () => {
    for (const { where, panel } of allPanels.filter(({ panel: { type } }) => type === 'table')) {
      const headers = Object.values(
        panel.transformations?.find(({ id }) => id === 'organize')?.options.renameByName ?? {},
      );
      for (const { matcher } of panel.fieldConfig?.overrides ?? [])
        assert.ok(headers.includes(matcher.options), `${where}: ${matcher.options}`);
      for (const { displayName } of panel.options?.sortBy ?? [])
        assert.ok(headers.includes(displayName), `${where}: ${displayName}`);
    }
  });
});

describe('the overview', () => {
  it('asks in this order: can I trust it, what needs me, why', () => {
    const overview = dashboards.get('grafana/overview.json');
    assert.deepEqual(
      overview?.panels.filter(({ type }) => type === 'row').map(({ title }) => title),
      ['Can I trust this?', 'What needs me?', 'Why?'],
    );
    assert.ok(panelsOf(overview).length > 10);
  });
});
