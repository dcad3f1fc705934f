import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import { PAGE_WIDTH } from './page.ts';

/** Debian's browser; others are named by CHROMIUM. */
const DEFAULT_BROWSER = '/usr/bin/chromium';

/** Pictures of pages, each from its top to its bottom, as PNG. */
export const screenshots = (pages: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, Buffer>> =>
  withBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: PAGE_WIDTH, height: 600 } });
    const pictures = new Map<string, Buffer>();
    for (const [name, html] of pages) {
      await page.setContent(html);
      pictures.set(name, await page.screenshot({ fullPage: true, type: 'png' }));
    }
    return pictures;
  });

/** What a reader of the status page sees first, by the name of the picture. */
const READERS: Readonly<Record<string, BrowserContextOptions>> = {
  'status-page': { viewport: { width: 1_100, height: 1_000 }, colorScheme: 'light' },
  'status-page-dark': { viewport: { width: 1_100, height: 1_000 }, colorScheme: 'dark' },
  'status-page-phone': { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
};

/** Pictures of the status page at a URL as PNG: on a desk by day and by night, and on a phone. */
export const statusPageScreenshots = (url: string): Promise<ReadonlyMap<string, Buffer>> =>
  withBrowser(async (browser) => {
    const pictures = new Map<string, Buffer>();
    for (const [name, reader] of Object.entries(READERS)) {
      const page = await browser.newPage(reader);
      await page.goto(url);
      pictures.set(name, await page.screenshot({ type: 'png' }));
    }
    return pictures;
  });

async function withBrowser<T>(work: (browser: Browser) => Promise<T>): Promise<T> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'];
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? DEFAULT_BROWSER, args });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}
