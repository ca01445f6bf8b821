import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChartSpec } from '../../client/chart/chart.js';
import { BROWSER, HAS_WEBGL, launchBrowser } from '../helpers/browser.js';
import { servePage, type ServedPage } from './build-page.js';
import type { ChartPage } from './page/chart.js';

declare const halftone: ChartPage;
/** How many bytes went up to the graphics card, and how often. */
declare const uploads: { bytes: number; calls: number };

const colored: ChartSpec = {
  query: {
    dataset: 'flights',
    snapshot: 's',
    mark: 'scatter',
    x: 'distance',
    y: 'delay',
    color: 'origin',
  },
  domain: { x: [0, 3000], y: [-60, 180] },
  legend: true,
};

describe.skipIf(BROWSER === undefined || !HAS_WEBGL)('what goes up to the graphics card', () => {
  let served: ServedPage;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    [served, browser] = await Promise.all([servePage('chart'), launchBrowser()]);
    page = await browser.newPage({ viewport: { width: 900, height: 520 } });
    await page.addInitScript(() => {
      const counted = { bytes: 0, calls: 0 };
      Object.assign(globalThis, { uploads: counted });
      const { prototype } = WebGLRenderingContext;
      for (const name of ['texImage2D', 'texSubImage2D', 'bufferData', 'bufferSubData'] as const) {
        const upload = Reflect.get(prototype, name) as (...args: unknown[]) => void;
        Object.assign(prototype, {
          [name](this: WebGLRenderingContext, ...args: unknown[]) {
            const data = args.find((arg) => ArrayBuffer.isView(arg));
            counted.calls++;
            counted.bytes += data?.byteLength ?? 0;
            Reflect.apply(upload, this, args);
          },
        });
      }
    });
    await page.goto(`${served.url}?renderer=gpu`);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  test('is no row when the legend, the palette, the theme, size or opacity change, and nothing is asked', async () => {
    await page.evaluate((spec) => halftone.draw(spec), colored);
    await page.locator('#chart[data-renderer=gpu]').waitFor();
    const first = await page.evaluate(() => ({ ...uploads }));
    const cells = await page
      .locator('.halftone-marks')
      .evaluate((canvas: HTMLCanvasElement) => canvas.width * canvas.height);
    expect(first.bytes).toBeGreaterThan(0);
    const asked = await page.evaluate(() => halftone.asked.length);
    const changes = {
      palette: () =>
        page.evaluate((spec) => halftone.draw(spec), {
          ...colored,
          style: { palette: 'muted' as const },
        }),
      opacity: () =>
        page.evaluate((spec) => halftone.draw(spec), { ...colored, style: { opacity: 0.5 } }),
      size: () =>
        page.evaluate((spec) => halftone.draw(spec), { ...colored, style: { radius: 3 } }),
      theme: () => page.evaluate(() => halftone.theme('dark')),
      legend: () => page.locator('.legendtoggle').first().click(),
    };
    for (const [name, change] of Object.entries(changes)) {
      const before = await page.evaluate(() => ({ ...uploads, hidden: halftone.hidden.length }));
      await change();
      if (name === 'legend')
        await expect.poll(() => page.evaluate(() => halftone.hidden.length)).toBe(1);
      await page.evaluate(() => halftone.chart.drawn());
      const bytes = (await page.evaluate(() => uploads.bytes)) - before.bytes;
      // Counts and colors of the cells of one picture at most, however many rows there are, and two triangles.
      expect(bytes, name).toBeLessThanOrEqual(8 * cells + 24);
      expect(await page.evaluate(() => halftone.asked.length), name).toBe(asked);
    }
  });
});
