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
/** Of the pages with a back end each. */
const ZONES: Readonly<Record<string, string>> = {
  gpu: 'Asia/Kathmandu',
  plotly: 'America/New_York',
};
/** The plot area of a chart without legend or ramp, in CSS pixels. */
const PLOT = { x: 66, y: 14, width: SIZE.width - 66 - 18, height: SIZE.height - 14 - 56 };

const spec = (query: object, more: Partial<ChartSpec> = {}): ChartSpec => ({
  query: { snapshot: 's', ...query } as ChartSpec['query'],
  legend: false,
  ...more,
});
const scatter = (query: object, more: Partial<ChartSpec> = {}): ChartSpec =>
  spec(
    { mark: 'scatter', dataset: 'some', x: 'distance', y: 'delay', ...query },
    { domain: { x: [0, 3000], y: [-60, 180] }, ...more },
  );
/** So small a budget that rows come as counts. */
const dense = { budget: 100 };
const means = { mark: 'line', x: { column: 'takenAt', bin: 7_200_000 }, y: 'level' };

/** Every mark, in the ways that it is drawn. */
const MARKS: Readonly<Record<string, ChartSpec>> = {
  density: scatter(dense),
  'density by category': scatter({ ...dense, color: 'origin' }),
  'density by number': scatter({ ...dense, color: 'fare' }),
  'density in the colors of a ramp': scatter(dense, { style: { shade: 'log' } }),
  'density on a log axis': scatter(
    { ...dense, scale: { x: 'log' } },
    { domain: { x: [30, 3000], y: [-60, 180] } },
  ),
  'density over time': scatter(
    { ...dense, x: 'departedAt' },
    { domain: { x: ['2001-02-03', '2002-05-06'], y: [-60, 180] } },
  ),
  'many points': scatter({}),
  'few points': scatter({ dataset: 'few' }),
  'few points by category': scatter({ dataset: 'few', color: 'airline' }),
  'a line': spec({ dataset: 'walk', mark: 'line', x: 'takenAt', y: 'level' }),
  'lines by category': spec({
    dataset: 'walk',
    mark: 'line',
    x: 'takenAt',
    y: 'level',
    color: 'sensor',
  }),
  'wide lines by category': spec(
    { dataset: 'walk', mark: 'line', x: 'takenAt', y: 'level', color: 'sensor' },
    { style: { stroke: 8 } },
  ),
  'a wide line of means': spec(
    { dataset: 'walk', ...means, aggregate: { op: 'mean', column: 'level' } },
    { style: { stroke: 5 } },
  ),
  'means with a band': spec({
    dataset: 'walk',
    ...means,
    aggregate: { op: 'mean', column: 'level' },
    band: [0.1, 0.9],
  }),
  'a histogram': spec({ dataset: 'some', mark: 'histogram', x: 'distance' }),
  'a stacked histogram': spec({
    dataset: 'some',
    mark: 'histogram',
    x: 'departedAt',
    color: 'airline',
  }),
  'a histogram on a log axis': spec({
    dataset: 'some',
    mark: 'histogram',
    x: 'fare',
    scale: { y: 'log' },
  }),
  'a heatmap': spec(
    { dataset: 'some', mark: 'heatmap', x: 'distance', y: 'delay' },
    { domain: { x: [0, 3000], y: [-60, 180] } },
  ),
  'a heatmap of text': spec(
    { dataset: 'some', mark: 'heatmap', x: 'airline', y: 'origin' },
    { categories: { x: true, y: true } },
  ),
  'a heatmap of text and numbers': spec(
    { dataset: 'some', mark: 'heatmap', x: 'fare', y: 'origin' },
    { categories: { y: true }, domain: { x: [0, 400] } },
  ),
  bars: spec({ dataset: 'some', mark: 'bar', x: 'origin' }),
};

/** Those that tell what is under a pointer each in a way of its own. */
const TOLD = [
  'density',
  'many points',
  'few points by category',
  'lines by category',
  'a stacked histogram',
  'a heatmap',
  'a heatmap of text',
  'a heatmap of text and numbers',
  'bars',
];

/** The plot area as it is seen, axes and all. */
async function seen(page: Page): Promise<Shown> {
  const { width, height, data } = PNG.sync.read(await page.screenshot({ clip: PLOT }));
  return { width, height, pixels: data };
}

/** The picture in a data address. */
function shownIn(address: string): Shown {
  const { width, height, data } = PNG.sync.read(Buffer.from(address.split(',')[1]!, 'base64'));
  return { width, height, pixels: data };
}

/** The marks alone, as they lie on their canvas. */
const marksOn = async (page: Page): Promise<Shown> =>
  shownIn(
    await page.evaluate(() =>
      document.querySelector<HTMLCanvasElement>('.halftone-marks')!.toDataURL('image/png'),
    ),
  );

/** Shows a chart and waits until its marks and its axes are on the screen. */
const draw = (page: Page, shown: ChartSpec): Promise<void> =>
  page.evaluate((next) => halftone.draw(next), shown);

const turn = (page: Page, theme: 'light' | 'dark'): Promise<void> =>
  page.evaluate((name) => halftone.theme(name), theme);

const rendererOf = (page: Page): Promise<string | null> =>
  page.locator('#chart').getAttribute('data-renderer');

/** Where shares of the plot area, from the top left, are on the page. */
const at = (x: number, y: number): [number, number] => [
  PLOT.x + x * PLOT.width,
  PLOT.y + y * PLOT.height,
];

async function drag(page: Page, from: [number, number], to: [number, number]): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move(...to, { steps: 3 });
  // Plotly takes a move a frame: the last one would be lost.
  await page.evaluate(
    () =>
      new Promise((done) => {
        requestAnimationFrame(() => requestAnimationFrame(done));
      }),
  );
  await page.mouse.up();
}

describe.skipIf(BROWSER === undefined)('each back end', () => {
  let served: ServedPage;
  let browser: Browser;
  let blind: Browser;

  beforeAll(async () => {
    served = await servePage('chart');
    [browser, blind] = await Promise.all([launchBrowser(), launchBrowser({ webgl: false })]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), blind?.close()]);
    await served?.close();
  });

  /** `prepare` runs in the page before anything else. */
  async function open(renderer: string, using = browser, prepare?: () => void): Promise<Page> {
    // Times are drawn in the zone that they are told in, wherever a person sits.
    const page = await using.newPage({ viewport: SIZE, timezoneId: ZONES[renderer] ?? 'UTC' });
    page.setDefaultTimeout(60_000);
    if (prepare !== undefined) await page.addInitScript(prepare);
    await page.goto(`${served.url}?select&renderer=${renderer}`);
    await page.evaluate(({ width, height }) => {
      const { style } = document.querySelector<HTMLElement>('#chart')!;
      Object.assign(style, { width: `${width}px`, height: `${height}px` });
    }, SIZE);
    return page;
  }

  test('draws every mark alike, light and dark', async () => {
    const first = HAS_WEBGL ? 'gpu' : 'cpu';
    const pages = [open(first), open('auto', blind), open('plotly', blind)];
    const [gpu, cpu, plotly] = (await Promise.all(pages)) as [Page, Page, Page];
    const rasters: Record<string, number> = {};
    const traces: Record<string, number> = {};
    for (const [name, mark] of Object.entries(MARKS)) {
      await Promise.all([gpu, cpu, plotly].map((page) => draw(page, mark)));
      traces[name] = ssim(...(await Promise.all([seen(cpu), seen(plotly)])));
      for (const theme of ['dark', 'light'] as const) {
        await Promise.all([gpu, cpu].map((page) => turn(page, theme)));
        const surface = theme === 'dark' ? [26, 27, 30] : undefined;
        const marks = await Promise.all([marksOn(gpu), marksOn(cpu)]);
        rasters[`${name}, ${theme}`] = ssim(...marks, surface);
      }
    }
    // In the dark one of each kind is enough: an image, discs, lines, bars.
    await Promise.all([cpu, plotly].map((page) => turn(page, 'dark')));
    for (const name of ['density', 'few points', 'a line', 'a histogram']) {
      await Promise.all([cpu, plotly].map((page) => draw(page, MARKS[name]!)));
      const pictures = await Promise.all([seen(cpu), seen(plotly)]);
      traces[`${name}, dark`] = ssim(...pictures);
    }
    const unlike = (likeness: Record<string, number>): string[] =>
      Object.entries(likeness).flatMap(([name, value]) =>
        value < 0.97 ? [`${name}: ${value}`] : [],
      );
    expect(unlike(rasters), 'the processor and the graphics card').toEqual([]);
    expect(unlike(traces), 'Plotly and the processor').toEqual([]);
    expect(await Promise.all([gpu, cpu, plotly].map(rendererOf))).toEqual([first, 'cpu', 'plotly']);
    await Promise.all([gpu, cpu, plotly].map((page) => page.close()));
  });

  test('draws what takes the processor long in a worker, the same as on the thread of the page', async () => {
    const withWorker = await open('cpu', blind, () => {
      const workers: { isReady: boolean; asked: number }[] = [];
      globalThis.Worker = class extends Worker {
        #seen = { isReady: false, asked: 0 };
        constructor(...args: ConstructorParameters<typeof Worker>) {
          super(...args);
          workers.push(this.#seen);
          this.addEventListener('message', ({ data }) => (this.#seen.isReady ||= data === 'ready'));
        }
        override postMessage(...args: never[]): void {
          this.#seen.asked++;
          super.postMessage(...(args as unknown as [unknown]));
        }
      };
      Object.assign(globalThis, { workers });
    });
    const without = await open('cpu', blind, () => Reflect.deleteProperty(globalThis, 'Worker'));
    const asked = (): Promise<number> =>
      withWorker.evaluate(
        () => (globalThis as unknown as { workers: { asked: number }[] }).workers[0]!.asked,
      );
    // The first picture is there before the worker is.
    await draw(withWorker, MARKS['density']!);
    await withWorker.waitForFunction(
      () => (globalThis as unknown as { workers: { isReady: boolean }[] }).workers[0]?.isReady,
    );
    // With small discs such a picture is there within a frame, without the worker.
    const large = { radius: 12 };
    for (const [name, style, isSlow] of [
      ['density by category', large, true],
      ['density by number', large, true],
      ['density by category', undefined, false],
      ['many points', undefined, false],
    ] as const) {
      const before = await asked();
      await Promise.all(
        [withWorker, without].map((page) =>
          draw(page, { ...MARKS[name]!, ...(style && { style }) }),
        ),
      );
      expect(await asked(), name).toBe(before + (isSlow ? 1 : 0));
      const [drawn, expected] = await Promise.all([withWorker, without].map(marksOn));
      expect(Buffer.compare(drawn!.pixels, expected!.pixels), name).toBe(0);
      // What is under the pointer is known as before: the counts came back.
      await withWorker.mouse.move(...at(0.13, 0.74));
      expect(await withWorker.evaluate(() => halftone.hovers.at(-1)), name).toBeDefined();
    }
    await Promise.all([withWorker, without].map((page) => page.close()));
  });

  test('finds and selects the same rows', async () => {
    const told = await Promise.all(
      [open('gpu'), open('plotly'), open('auto', blind)].map(async (opening) => {
        const page = await opening;
        const facts: unknown[] = [];
        for (const name of TOLD) {
          const mark = MARKS[name]!;
          await draw(page, mark);
          const hovers: unknown[] = [];
          for (const place of [at(0.13, 0.74), at(0.4, 0.76)]) {
            await page.mouse.move(...place);
            hovers.push(await page.evaluate(() => halftone.hovers.at(-1)));
          }
          await page.mouse.move(2, 2);
          await page.evaluate(() => halftone.chart.setTool('box'));
          if (mark.query.mark === 'bar') await page.mouse.click(...at(0.01, 0.3));
          else await drag(page, at(0.2, 0.3), at(0.5, 0.8));
          const selection = await page.evaluate(() => halftone.selections.at(-1));
          const outline = await page.locator('.halftone-selection path').nth(2).getAttribute('d');
          await page.evaluate(() => halftone.chart.select(null));
          facts.push({ hovers, selection, outline });
        }
        await page.close();
        return facts;
      }),
    );
    for (const [i, name] of TOLD.entries()) {
      expect(told[1]![i], name).toEqual(told[0]![i]);
      expect(told[2]![i], name).toEqual(told[0]![i]);
      expect(told[0]![i], name).toMatchObject({ selection: { phase: 'final' } });
    }
  });

  test.skipIf(!HAS_WEBGL)(
    'goes on without its context under every mark, in the same task',
    async () => {
      const page = await open('gpu', browser, () => {
        const getContext = Reflect.get(HTMLCanvasElement.prototype, 'getContext') as () => unknown;
        HTMLCanvasElement.prototype.getContext = function (
          this: HTMLCanvasElement,
          ...args: never
        ) {
          const context = Reflect.apply(getContext, this, args);
          if (args[0] === 'webgl') Object.assign(globalThis, { gl: context });
          return context as never;
        };
      });
      await page.clock.install();
      for (const name of TOLD) {
        await draw(page, MARKS[name]!);
        await page.locator('#chart[data-renderer=gpu]').waitFor();
        const before = await marksOn(page);
        const renderer = await page.evaluate(async () => {
          const { gl } = globalThis as unknown as { gl: WebGLRenderingContext };
          // After the page has heard of it, before a frame is painted.
          const lost = new Promise((resolve) =>
            gl.canvas.addEventListener('webglcontextlost', () => queueMicrotask(() => resolve(0))),
          );
          gl.getExtension('WEBGL_lose_context')!.loseContext();
          await lost;
          const canvas = document.querySelector<HTMLCanvasElement>(
            '.gl-container > .halftone-marks',
          )!;
          Object.assign(globalThis, { picture: canvas.toDataURL('image/png') });
          return document.querySelector<HTMLElement>('#chart')!.dataset['renderer'];
        });
        expect(renderer, name).toBe('cpu');
        const picture = await page.evaluate(
          () => (globalThis as unknown as { picture: string }).picture,
        );
        expect(ssim(before, shownIn(picture)), name).toBeGreaterThan(0.97);
        expect(await page.evaluate(() => halftone.chart.status().rendererReason)).toBe(
          'the context of the graphics card was lost',
        );
        await page.clock.fastForward(2100);
      }
      await page.close();
    },
  );

  test('hides what the legend hides, and moves with the axes, where Plotly draws', async () => {
    const page = await open('plotly', blind);
    const colored = { ...MARKS['few points by category']!, legend: true };
    await draw(page, colored);
    const discs = page.locator('.scatterlayer .point');
    const all = await discs.count();
    expect(all).toBeGreaterThan(300);
    await page.locator('.legendtoggle').first().click();
    await expect.poll(() => discs.count()).toBeLessThan(all);
    await draw(page, MARKS['density']!);
    const image = page.locator('.imagelayer image');
    const left = async (): Promise<number> => Number(await image.getAttribute('x'));
    const before = await left();
    await page.evaluate(() => (halftone.delayMs = 400));
    await page.mouse.move(...at(0.3, 0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.5, 0.5), { steps: 4 });
    // Plotly draws it again while the button is down: the old picture moves.
    await expect.poll(left).toBeCloseTo(before + 0.2 * PLOT.width, -1);
    await page.mouse.up();
    await page.locator('#chart[data-state=exact]').waitFor();
    await page.evaluate(() => halftone.chart.drawn());
    expect(await left()).toBeCloseTo(before, 0);
    expect(await page.evaluate(() => halftone.domains.length)).toBe(1);
    await page.close();
  });

  test('saves what Plotly has drawn, as lines where it is a line', async () => {
    const page = await open('plotly', blind);
    await draw(page, MARKS['a line']!);
    const svg = await page.evaluate(() => halftone.svg(2));
    expect(svg).toMatch(/class="js-line"/);
    expect(svg).not.toMatch(/<image/);
    await draw(page, MARKS['density']!);
    const image = PNG.sync.read(Buffer.from(await page.evaluate(() => halftone.png(2)), 'base64'));
    let ink = 0;
    for (let i = 0; i < image.data.length; i += 4) {
      if (image.data[i]! < 150 && image.data[i + 2]! > 150) ink++;
    }
    expect(ink).toBeGreaterThan(2000);
    await page.close();
  });

  test('is Plotly where its private fields are not what they were, and where there is no canvas', async () => {
    const unknown = await open('auto', browser, () => {
      const find = Reflect.get(Element.prototype, 'querySelector') as () => Element | null;
      Element.prototype.querySelector = function (this: Element, ...args: never) {
        return args[0] === '.gl-container' ? null : Reflect.apply(find, this, args);
      };
    });
    const bare = await open('auto', blind, () => {
      const getContext = Reflect.get(HTMLCanvasElement.prototype, 'getContext') as () => unknown;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: never) {
        // Plotly has canvases of its own.
        const isOurs = !new Error().stack!.includes('plotly');
        return (isOurs ? null : Reflect.apply(getContext, this, args)) as never;
      };
    });
    const known = await open('plotly');
    for (const [page, reason] of [
      [unknown, 'this version of Plotly is not known to us'],
      [bare, 'this browser gives no canvas'],
      [known, 'it was asked for by name'],
    ] as const) {
      await draw(page, MARKS['density']!);
      await page.locator('#chart[data-renderer=plotly]').waitFor();
      expect(await page.evaluate(() => halftone.chart.status().rendererReason)).toBe(reason);
    }
    expect(ssim(await seen(known), await seen(unknown))).toBeGreaterThan(0.999);
    // The person's hand is followed by what Plotly says publicly.
    await drag(unknown, at(0.3, 0.5), at(0.5, 0.5));
    await unknown.waitForFunction(() => halftone.domains.length === 1);
    const domain = await unknown.evaluate(() => halftone.domains[0]);
    expect((domain as { x: number[] }).x[0]).toBeCloseTo(-600, -1);
    expect(await bare.locator('.imagelayer image').count()).toBe(1);
    await Promise.all([unknown, bare, known].map((page) => page.close()));
  });
});
