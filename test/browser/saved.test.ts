import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChartSpec } from '../../client/chart/chart.js';
import { BROWSER, HAS_WEBGL, launchBrowser } from '../helpers/browser.js';
import { ssim, type Shown } from '../helpers/ssim.js';
import { servePage, type ServedPage } from './build-page.js';
import type { ChartPage } from './page/chart.js';

declare const halftone: ChartPage;

const SIZE = { width: 600, height: 400 };
/** Above and below what is on the screen stand the title and a footer. */
const TITLE = 40;
const FOOTER = 22;
const RENDERERS = HAS_WEBGL ? ['cpu', 'gpu', 'plotly'] : ['cpu', 'plotly'];

const spec = (query: object, more: Partial<ChartSpec> = {}): ChartSpec => ({
  query: { snapshot: 's', dataset: 'some', ...query } as ChartSpec['query'],
  labels: { x: 'across', y: 'up' },
  ...more,
});
const scatter = { mark: 'scatter', x: 'distance', y: 'delay' };
const domain = { x: [0, 3000], y: [-60, 180] };

const MARKS: Readonly<Record<string, ChartSpec>> = {
  density: spec({ ...scatter, budget: 100 }, { domain, legend: false }),
  'few points by category': spec(
    { ...scatter, dataset: 'few', color: 'airline' },
    { domain, legend: true },
  ),
  'a line': spec({ dataset: 'walk', mark: 'line', x: 'takenAt', y: 'level' }, { legend: false }),
  'a wide line': spec(
    { dataset: 'walk', mark: 'line', x: 'takenAt', y: 'level' },
    { legend: false, style: { stroke: 6 } },
  ),
  'a histogram': spec({ mark: 'histogram', x: 'distance' }, { legend: false }),
  'a heatmap': spec({ ...scatter, mark: 'heatmap' }, { domain, legend: false }),
  'a heatmap of text': spec(
    { mark: 'heatmap', x: 'airline', y: 'origin' },
    { legend: false, categories: { x: true, y: true } },
  ),
  bars: spec({ mark: 'bar', x: 'origin' }, { legend: false }),
};

const decoded = (base64: string): Shown => {
  const { width, height, data } = PNG.sync.read(Buffer.from(base64, 'base64'));
  return { width, height, pixels: data };
};

/** What a browser shows of a drawing. */
const pictureOf = (page: Page, svg: string): Promise<string> =>
  page.evaluate(async (text) => {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext('2d')!.drawImage(image, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1]!;
  }, svg);

const withoutWords = ({ width, pixels }: Shown): Shown => ({
  width,
  height: SIZE.height,
  pixels: pixels.subarray(4 * width * TITLE, 4 * width * (TITLE + SIZE.height)),
});

describe.skipIf(BROWSER === undefined)('a picture that is saved', () => {
  let served: ServedPage;
  let browser: Browser;
  beforeAll(async () => {
    [served, browser] = await Promise.all([servePage('chart'), launchBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  test.each(RENDERERS)(
    '%s: is what is on the screen, axes and marks, as PNG and as SVG, at any scale',
    async (renderer) => {
      const page = await browser.newPage({ viewport: SIZE });
      page.setDefaultTimeout(60_000);
      await page.goto(`${served.url}?renderer=${renderer}`);
      await page.evaluate(({ width, height }) => {
        const { style } = document.querySelector<HTMLElement>('#chart')!;
        Object.assign(style, { width: `${width}px`, height: `${height}px` });
      }, SIZE);
      const likeness: Record<string, number> = {};
      const onScreen: Record<string, number> = {};
      for (const [name, mark] of Object.entries(MARKS)) {
        await page.evaluate((shown) => halftone.draw(shown), mark);
        const { width, height, data } = PNG.sync.read(await page.screenshot());
        const screen = { width, height, pixels: data };
        for (const scale of [1, 2]) {
          const [png, svg] = await page.evaluate(
            async (times) => [await halftone.png(times), await halftone.svg(times)] as const,
            scale,
          );
          const saved = decoded(png);
          const drawing = decoded(await pictureOf(page, svg));
          expect([saved.width, saved.height], name).toEqual([
            scale * SIZE.width,
            scale * (TITLE + SIZE.height + FOOTER),
          ]);
          likeness[`${name}, PNG and SVG at ${scale}`] = ssim(saved, drawing);
          if (scale === 1) onScreen[name] = ssim(withoutWords(saved), screen);
        }
      }
      const below = (bar: number, found: Record<string, number>): unknown[] =>
        Object.entries(found).filter(([, value]) => value < bar);
      expect(below(0.99, likeness)).toEqual([]);
      // Words are placed a fraction of a pixel elsewhere.
      expect(below(0.93, onScreen)).toEqual([]);
      await page.close();
    },
  );
});
