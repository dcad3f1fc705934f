import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe, { type AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import * as breakLoop from '../../src/commands/break-loop.ts';
import { runCommand } from '../commands/run-command.ts';
import { watchedIncident, type WatchedIncident } from './watched-incident.ts';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
const REFRESH_MS = 10_000;

const executablePath = ['chromium', 'chromium-browser', 'google-chrome']
  .flatMap((name) => (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name)))
  .find((file) => existsSync(file));

describe('the status page in a browser', function () {
  this.timeout(90_000);
  let incident: WatchedIncident;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const opened: (() => Promise<void>)[] = [];

  before(async function () {
    if (executablePath === undefined) {
      process.stderr.write('SKIPPED: no chromium on PATH, so nobody looks at the status page\n');
      return void this.skip();
    }
    incident = await watchedIncident();
    opened.push(incident.close);
    browser = await chromium.launch({ executablePath, args: FLAGS });
    opened.push(() => browser.close());
    page = await browser.newPage({ viewport: { width: 1_200, height: 900 } });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    // The page's timer is ours: it refreshes when we say so.
    await page.clock.install();
    await page.goto(incident.url);
  });
  after(async () => {
    for (const close of opened.reverse()) await close();
  });

  /** Refreshes until `text` is (or is no longer) on the page. */
  const follow = async (text: string, isThere: boolean): Promise<void> => {
    const deadline = performance.now() + 40_000;
    while ((await page.getByText(text).count()) > 0 !== isThere) {
      assert.ok(performance.now() < deadline, `${isThere ? 'never there' : 'still there'}: ${text}`);
      const answered = page.waitForResponse(incident.url);
      await page.clock.runFor(REFRESH_MS);
      await answered;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };

  const violations = async (): Promise<readonly string[]> => {
    await page.evaluate(axe.source);
    const { violations: found }: AxeResults = await page.evaluate('axe.run()');
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  };

  it('shows the incident, with its cause and the command that ends it', async () => {
    await follow('VM erp/db-01 is frozen again and again', true);
    await follow('freezewatch break-loop --namespace erp --vm db-01 --apply', true);
    assert.match((await page.locator('#verdict').textContent()) ?? '', /to act on now/);
    assert.match(await page.title(), /^\(\d+\) freezewatch/);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is accessible in ${colorScheme}, with everything unfolded`, async () => {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(
        "document.querySelectorAll('details').forEach((details) => { details.open = true; })",
      );
      assert.deepEqual(await violations(), []);
    });
  }

  it('does not scroll sideways on a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const [wanted = 0, had = 0] = await page.evaluate<readonly number[]>(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    );
    assert.ok(wanted <= had, `${wanted} > ${had}`);
    await page.setViewportSize({ width: 1_200, height: 900 });
  });

  it('keeps the place of its reader when it refreshes', async () => {
    const table = page.locator('#sources-table');
    await table.locator('summary').scrollIntoViewIfNeeded();
    await page.evaluate("document.getElementById('sources-table').open = true");
    const command = page.locator('article pre').first();
    await command.focus();
    await page.evaluate('scrollTo(0, 300)');
    const before = await page.locator('time').getAttribute('datetime');
    const top = (await command.boundingBox())?.y ?? 0;
    const answered = page.waitForResponse(incident.url);
    await page.clock.runFor(REFRESH_MS);
    await answered;
    await page.locator(`time:not([datetime="${before}"])`).waitFor();
    assert.equal(await table.getAttribute('open'), '');
    assert.equal(await page.evaluate('document.activeElement.tagName'), 'PRE');
    assert.ok(Math.abs(((await command.boundingBox())?.y ?? 0) - top) < 2);
  });

  it('follows the incident to its end', async () => {
    const { exitCode } = await runCommand(
      { ...breakLoop, name: 'break-loop' },
      incident.kubeconfig,
      '--apply',
    );
    assert.equal(exitCode, 0);
    await follow('is frozen again and again', false);
  });

  it('says so when freezewatch does not answer any more, and goes on when it does', async () => {
    await page.route(incident.url, (route) => route.abort());
    const failed = page.waitForEvent('requestfailed');
    await page.clock.runFor(REFRESH_MS);
    await failed;
    await page.getByText('freezewatch does not answer').waitFor();
    await page.unroute(incident.url);
    complaints.length = 0;
    await page.clock.runFor(REFRESH_MS);
    await page.locator('#stale:empty').waitFor({ state: 'attached' });
  });

  it('has no complaint in the console', () => {
    assert.deepEqual(complaints, []);
  });

  it('can be read without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const plain = await context.newPage();
    await plain.goto(incident.url);
    assert.ok(await plain.getByRole('heading', { name: 'What was checked' }).isVisible());
    await context.close();
  });
});
