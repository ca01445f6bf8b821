import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSER, HAS_WEBGL, launchBrowser } from '../helpers/browser.js';
import { servePage, type ServedPage } from './build-page.js';
import type { GalleryPage } from './page/gallery.js';

declare const gallery: GalleryPage;

describe.skipIf(BROWSER === undefined || !HAS_WEBGL)('many charts on a page', () => {
  let served: ServedPage;
  let browser: Browser;

  beforeAll(async () => {
    served = await servePage('gallery');
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  test('64 charts share one context, and when it is lost none is blank, not for a frame', async () => {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1440 } });
    page.setDefaultTimeout(60_000);
    await page.goto(`${served.url}?renderer=gpu`);
    await page.evaluate(() => gallery.show(64, 10_000));
    const all = (renderer: string) =>
      page.waitForFunction(
        (wanted) =>
          document.querySelectorAll(`.chart[data-state=exact][data-renderer=${wanted}]`).length ===
          64,
        renderer,
      );
    await all('gpu');
    expect(await page.evaluate(() => gallery.contexts.length)).toBe(1);
    const drawn = await page.evaluate(() => gallery.inks());
    expect(drawn).toHaveLength(64);
    expect(Math.min(...drawn)).toBeGreaterThan(100);

    const after = await page.evaluate(async () => {
      const [gl] = gallery.contexts;
      // After the page has heard of it, before a frame is painted.
      const lost = new Promise((resolve) =>
        gl!.canvas.addEventListener('webglcontextlost', () => queueMicrotask(() => resolve(0))),
      );
      gl!.getExtension('WEBGL_lose_context')!.loseContext();
      await lost;
      const renderers = [...document.querySelectorAll<HTMLElement>('.chart')].map(
        ({ dataset }) => dataset['renderer'],
      );
      return { inks: gallery.inks(), renderers };
    });
    expect(after.renderers.every((name) => name === 'cpu')).toBe(true);
    expect(after.inks).toEqual(drawn);
    await all('gpu');
    expect(await page.evaluate(() => gallery.contexts.length)).toBe(2);
    expect(await page.evaluate(() => gallery.inks())).toEqual(drawn);
    await page.evaluate(() => gallery.charts.forEach((chart) => chart.destroy()));
    expect(await page.evaluate(() => gallery.contexts.map((gl) => gl.isContextLost()))).toEqual([
      true,
      true,
    ]);
    await page.close();
  });
});
