import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import express from 'express';
import fc from 'fast-check';
import { reportOf } from '../../../src/findings/report.ts';
import { findingsDocument } from '../../../src/http/status-page/findings-document.ts';
import { html, type Html } from '../../../src/http/status-page/html.ts';
import { statusPage } from '../../../src/http/status-page/page.ts';
import { statusPages } from '../../../src/http/status-page/routes.ts';
import { anErrorBackup, aView, aVmi } from '../../builders.ts';
import { healthyView, incidentView } from './incident.ts';

const context = { clusterName: 'prod-east', version: '1.2.3', telemetryPath: '/metrics', waitingFor: [] };
const validate = new Ajv({ strict: true }).compile(
  JSON.parse(
    readFileSync(new URL('../../../docs/api-findings.schema.json', import.meta.url), 'utf8'),
  ) as object,
);

describe('a template of html', () => {
  it('escapes what it is given, and keeps what is HTML already', () => {
    assert.equal(
      html`<b title="${'"'}">${'<&>'}${html`<i>${"'"}</i>`}${undefined}${7}</b>`.toString(),
      '<b title="&quot;">&lt;&amp;&gt;<i>&#39;</i>7</b>',
    );
  });

  it('lets no text out of an element or an attribute', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const inside = html`${text}`.toString();
        assert.doesNotMatch(inside, /[<>"']/);
        assert.equal(unescaped(inside), text);
      }),
    );
  });

  it('refuses an object that only looks like HTML', () => {
    const forged = { toString: () => '<script>' } as unknown as Html;
    assert.throws(() => html`${forged}`, TypeError);
  });
});

const unescaped = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&');

describe('the status page', () => {
  it('has only the elements of its template, with any names and texts of the cluster', () => {
    const tagsOf = (name: string): readonly string[] => {
      const view = aView({ vmis: [aVmi({ name })], vmBackups: [anErrorBackup({ name, vm: name })] });
      return statusPage(reportOf(view), { ...context, clusterName: name }).match(/<[^>]*?(?=[\s>])/g) ?? [];
    };
    const expected = tagsOf('db');
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.constantFrom('', '<script>', '"><img src=x>', '</pre>', "'"),
        (text, attack) => {
          assert.deepEqual(tagsOf(`${attack}${text}`), expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('says what is wrong, the command that mends it, and what was checked', () => {
    const page = statusPage(reportOf(incidentView()), context);
    for (const text of [
      '1 problem to act on now',
      'VM prod/db is frozen again and again',
      'freezewatch break-loop --namespace prod --vm db --apply',
      'Freeze calls per minute in the last 1 h: at most 52, now 34',
      'bind a Role in namespace longhorn-system'.replace('bind', 'Bind'),
      'As of <time datetime="2025-03-05T12:00:00.000Z">2025-03-05 12:00:00 UTC</time>',
    ]) {
      assert.ok(page.includes(text), text);
    }
  });

  it('says of a healthy cluster what was checked', () => {
    const page = statusPage(reportOf(healthyView()), context);
    assert.ok(page.includes('Nothing is wrong in what was checked.'));
    assert.ok(page.includes('VMs frozen again and again'));
    assert.ok(!page.includes('What is wrong'));
  });

  it('names what is still being read for the first time', () => {
    const page = statusPage(reportOf(aView()), { ...context, waitingFor: ['longhorn_backups'] });
    assert.ok(page.includes('Still reading for the first time: Longhorn Backups.'));
  });

  it('keeps the id of a loop that is first seen by its VMBackups and then in the log', () => {
    const view = { vmis: [aVmi()], vmBackups: [anErrorBackup()] };
    const seen = aView({ ...view, freezeTrends: { 'prod/db': Array.from({ length: 20 }, () => 60) } });
    const idsOf = (page: string): readonly string[] => page.match(/<article [^>]*/g) ?? [];
    assert.deepEqual(
      idsOf(statusPage(reportOf(seen), context)),
      idsOf(statusPage(reportOf(aView(view)), context)),
    );
  });

  it('has one element for each id', () => {
    const backups = ['x', 'y'].map((vm) => anErrorBackup({ name: vm, vm, errorMs: undefined }));
    const page = statusPage(reportOf(incidentView({ vmBackups: backups })), context);
    const ids = Array.from(page.matchAll(/ id="([^"]+)"/g), ([, id]) => id);
    assert.deepEqual(ids, [...new Set(ids)]);
  });
});

describe('the findings as JSON', () => {
  for (const [name, view] of Object.entries({
    incident: incidentView(),
    healthy: healthyView(),
    empty: aView({ clusterUid: undefined }),
  })) {
    it(`follow their schema: ${name}`, () => {
      const document: unknown = JSON.parse(JSON.stringify(findingsDocument(reportOf(view), '')));
      assert.ok(validate(document), JSON.stringify(validate.errors));
    });
  }
});

describe('the routes of the status page', () => {
  it('serve page and JSON uncached, and allow the browser only what is in the page', async () => {
    const app = express();
    statusPages({ view: incidentView, telemetryPath: '/metrics', clusterName: 'prod-east' })(app);
    const server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const page = await fetch(`http://127.0.0.1:${port}/`);
      const text = await page.text();
      assert.match(page.headers.get('content-type') ?? '', /^text\/html; charset=utf-8/);
      assert.equal(page.headers.get('cache-control'), 'no-store');
      const policy = page.headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'none';/);
      assert.doesNotMatch(policy, /unsafe|\*/);
      for (const tag of ['style', 'script']) {
        const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(text)?.[1] ?? '';
        assert.ok(policy.includes(createHash('sha256').update(content).digest('base64')), tag);
      }
      const api = await fetch(`http://127.0.0.1:${port}/api/findings`);
      assert.equal(api.headers.get('cache-control'), 'no-store');
      assert.deepEqual(
        await api.json(),
        JSON.parse(JSON.stringify(findingsDocument(reportOf(incidentView()), 'prod-east'))),
      );
    } finally {
      server.close();
    }
  });
});
