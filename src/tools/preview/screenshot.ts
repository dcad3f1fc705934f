import { chromium } from 'playwright-core';
import { PAGE_WIDTH } from './page.ts';

/** Debian's browser; others are named by CHROMIUM. */
const DEFAULT_BROWSER = '/usr/bin/chromium';

/** Pictures of pages, each from its top to its bottom, as PNG. */
export async function screenshots(pages: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, Buffer>> {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? DEFAULT_BROWSER });
  try {
    const page = await browser.newPage({ viewport: { width: PAGE_WIDTH, height: 600 } });
    const pictures = new Map<string, Buffer>();
    for (const [name, html] of pages) {
      await page.setContent(html);
      pictures.set(name, await page.screenshot({ fullPage: true, type: 'png' }));
    }
    return pictures;
  } finally {
    await browser.close();
  }
}
