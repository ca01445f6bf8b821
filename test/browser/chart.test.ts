import type { Browser, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChartSpec } from '../../client/chart/chart.js';
import { linearCell } from '../../protocol/cells.js';
import { tinyFlights, tinyWalk } from '../fixtures/tiny-tables.js';
import { BROWSER, HAS_WEBGL, launchBrowser } from '../helpers/browser.js';
import { strokeOfAllRows } from '../reference/all-rows.js';
import { servePage, type ServedPage } from './build-page.js';
import type { ChartPage } from './page/chart.js';

declare const halftone: ChartPage;

/** The back ends that draw on a canvas here. */
const RASTERS = HAS_WEBGL ? ['cpu', 'gpu'] : ['cpu'];
const testGpu = test.skipIf(!HAS_WEBGL);

const DOMAIN = { x: [0, 3000], y: [-60, 180] };
const scatter = (dataset: string, more: object = {}): ChartSpec => ({
  query: { dataset, snapshot: 's', mark: 'scatter', x: 'distance', y: 'delay', ...more },
  domain: DOMAIN,
  labels: { x: 'distance', y: 'delay' },
  legend: false,
});

interface Shot {
  width: number;
  height: number;
  /** Red, green, blue and opacity, top row first. */
  pixels: Uint8Array;
  data: Record<string, string>;
}

/** The canvas of the marks as it is, and what the element says about it. */
async function shot(page: Page): Promise<Shot> {
  const { base64, ...rest } = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>('.halftone-marks')!;
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    let bytes = '';
    for (let at = 0; at < data.length; at += 8192) {
      bytes += String.fromCharCode(...data.subarray(at, at + 8192));
    }
    const element = document.querySelector<HTMLElement>('#chart')!;
    return { width, height, base64: btoa(bytes), data: Object.assign({}, element.dataset) };
  });
  const data = rest.data as Record<string, string>;
  return { ...rest, data, pixels: Buffer.from(base64, 'base64') };
}

const settled = (page: Page, state = 'exact'): Promise<unknown> =>
  page.waitForFunction(
    (wanted) => document.querySelector<HTMLElement>('#chart')!.dataset['state'] === wanted,
    state,
  );

async function show(page: Page, spec: ChartSpec): Promise<void> {
  await page.evaluate((shown) => halftone.show(shown), spec);
  await settled(page);
}

/** The share of pixels whose opacity is further than 2 of 255 from 1 - (1 - a)^(rows within r), counted row by row. */
function shareOff(
  { width, height, pixels, data }: Shot,
  rows: number,
  domain = DOMAIN,
  keep: (row: number) => boolean = () => true,
  tolerance = 2,
): number {
  const { distance, delay } = tinyFlights(rows) as Record<string, Float64Array>;
  const radius = Number(data['radius']);
  const opacity = Number(data['opacity']);
  const [x0, x1] = domain.x as [number, number];
  const [y0, y1] = domain.y as [number, number];
  const within = new Uint32Array(width * height);
  const reach = Math.floor(radius);
  for (let row = 0; row < rows; row++) {
    if (!keep(row)) continue;
    const ix = linearCell(distance![row]!, x0, x1, width);
    const iy = linearCell(delay![row]!, y0, y1, height);
    if (ix < 0 || iy < 0) continue;
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const [x, y] = [ix + dx, height - 1 - iy + dy];
        if (dx * dx + dy * dy > radius * radius) continue;
        if (x >= 0 && y >= 0 && x < width && y < height) within[y * width + x]!++;
      }
    }
  }
  let off = 0;
  for (let i = 0; i < within.length; i++) {
    const expected = 255 * (1 - (1 - opacity) ** within[i]!);
    if (Math.abs(pixels[i * 4 + 3]! - expected) > tolerance) off++;
  }
  return off / within.length;
}

const inkOf = ({ pixels }: Shot): number => {
  let ink = 0;
  for (let i = 3; i < pixels.length; i += 4) ink += pixels[i]!;
  return ink;
};

describe.skipIf(BROWSER === undefined)('a chart in the browser', () => {
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

  async function open(renderer: string, using = browser): Promise<Page> {
    const page = await using.newPage({ viewport: { width: 900, height: 520 } });
    await page.goto(`${served.url}?renderer=${renderer}`);
    return page;
  }
  const axesShown = (page: Page): Promise<unknown> =>
    page.waitForSelector('.gl-container > .halftone-marks', { state: 'attached' });

  for (const renderer of RASTERS) {
    test(`${renderer}: density has the opacity of all rows, drawn one over the other`, async () => {
      const page = await open(renderer);
      await show(page, scatter('flights'));
      const density = await shot(page);
      expect(density.data).toMatchObject({ method: 'density', renderer, matched: '60000' });
      expect(inkOf(density)).toBeGreaterThan(0);
      expect(shareOff(density, 60_000)).toBeLessThan(0.001);
      await page.close();
    });

    test(`${renderer}: any opacity is that of the formula to a step of 255`, async () => {
      const page = await open(renderer);
      for (const opacity of [0.5, 0.02, 0.002]) {
        await show(page, { ...scatter('flights'), style: { opacity, radius: 1.5 } });
        const picture = await shot(page);
        expect(picture.data).toMatchObject({ renderer, opacity: String(opacity) });
        expect(
          shareOff(picture, 60_000, DOMAIN, () => true, 1),
          `opacity ${opacity}`,
        ).toBe(0);
      }
      await page.close();
    });

    test(`${renderer}: points look as the same rows do as density`, async () => {
      const page = await open(renderer);
      await show(page, scatter('some'));
      const points = await shot(page);
      expect(points.data).toMatchObject({ method: 'points', renderer });
      expect(shareOff(points, 8000)).toBeLessThan(0.001);
      await page.close();
    });
  }

  test.each(RASTERS)('%s: a line covers of each pixel what its stroke does', async (renderer) => {
    const page = await open(renderer);
    const query = {
      dataset: 'walk',
      snapshot: 's',
      mark: 'line',
      x: 'takenAt',
      y: 'level',
    } as const;
    const { takenAt, level } = tinyWalk(9000) as Record<string, Float64Array>;
    const [from, to] = [4500, 8999].map((row) => new Date(takenAt![row]!).toISOString());
    await show(page, { query, domain: { x: [from!, to!] }, legend: false });
    const { width, height, pixels, data } = await shot(page);
    expect(data).toMatchObject({ renderer });
    const rows = level!.subarray(4500);
    const [low, high] = [Math.min(...rows), Math.max(...rows)];
    const margin = (high - low) * 0.05;
    const x = Float64Array.from(rows, (_, i) => (i / 4499) * width);
    const y = rows.map((value) => ((high + margin - value) / (high - low + 2 * margin)) * height);
    const expected = strokeOfAllRows({ x, y }, { width, height }, 0.75);
    let worst = 0;
    for (let i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs(pixels[i * 4 + 3]! - 255 * expected[i]!));
    }
    expect(worst).toBeLessThan(3);
    await page.close();
  });

  testGpu('both back ends give the same colors, for categories and for numbers', async () => {
    const [cpu, gpu] = await Promise.all([open('cpu'), open('gpu')]);
    for (const color of ['origin', 'fare']) {
      await show(cpu, scatter('flights', { color }));
      await show(gpu, scatter('flights', { color }));
      const [a, b] = await Promise.all([shot(cpu), shot(gpu)]);
      expect(b.data['renderer']).toBe('gpu');
      let off = 0;
      for (let i = 0; i < a.pixels.length; i += 4) {
        // What reaches the screen is color times opacity.
        const differs = [0, 1, 2].some((k) => {
          const [one, other] = [a, b].map(({ pixels }) => (pixels[i + k]! * pixels[i + 3]!) / 255);
          return Math.abs(one! - other!) > 2;
        });
        if (differs || Math.abs(a.pixels[i + 3]! - b.pixels[i + 3]!) > 2) off++;
      }
      expect(off / (a.pixels.length / 4)).toBeLessThan(0.001);
    }
    await Promise.all([cpu.close(), gpu.close()]);
  });

  test('without any WebGL the same picture is drawn', async () => {
    const page = await open('auto', blind);
    expect(
      await page.evaluate(() => document.createElement('canvas').getContext('webgl')),
    ).toBeNull();
    await show(page, scatter('flights'));
    const density = await shot(page);
    expect(density.data['renderer']).toBe('cpu');
    expect(shareOff(density, 60_000)).toBeLessThan(0.001);
    await page.close();
  });

  testGpu('a lost context costs nothing but the graphics card', async () => {
    const page = await open('gpu');
    await page.addInitScript(() => {
      const getContext = Reflect.get(HTMLCanvasElement.prototype, 'getContext') as () => unknown;
      HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, ...args: never) {
        const context = Reflect.apply(getContext, this, args);
        if (args[0] === 'webgl') Object.assign(globalThis, { gl: context });
        return context as never;
      };
    });
    await page.reload();
    await show(page, scatter('flights'));
    expect((await shot(page)).data['renderer']).toBe('gpu');
    await page.evaluate(() => {
      const { gl } = globalThis as unknown as { gl: WebGLRenderingContext };
      gl.getExtension('WEBGL_lose_context')!.loseContext();
    });
    await page.waitForSelector('#chart[data-renderer=cpu]');
    await show(page, scatter('flights', { budget: 24_000 }));
    expect(shareOff(await shot(page), 60_000)).toBeLessThan(0.001);
    await page.waitForSelector('#chart[data-renderer=gpu]');
    expect(shareOff(await shot(page), 60_000)).toBeLessThan(0.001);
    await page.close();
  });

  testGpu(
    'a graphics card that lost against the CPU is given back, and not tried again',
    async () => {
      const page = await browser.newPage({ viewport: { width: 900, height: 520 } });
      await page.clock.install();
      await page.addInitScript(() => {
        const getContext = Reflect.get(HTMLCanvasElement.prototype, 'getContext') as () => unknown;
        const made: WebGLRenderingContext[] = [];
        Object.assign(globalThis, { made });
        HTMLCanvasElement.prototype.getContext = function (
          this: HTMLCanvasElement,
          ...args: never
        ) {
          const context = Reflect.apply(getContext, this, args);
          if (args[0] === 'webgl') made.push(context as WebGLRenderingContext);
          return context as never;
        };
        // No time passes on this page, and a draw is lost.
        Object.assign(performance, { now: () => 0 });
      });
      await page.goto(served.url);
      await show(page, scatter('flights'));
      const contexts = () =>
        page.evaluate(() =>
          (globalThis as unknown as { made: WebGLRenderingContext[] }).made.map((gl) =>
            gl.isContextLost(),
          ),
        );
      await page.clock.runFor(1000);
      await expect.poll(contexts).toEqual([true]);
      await page.clock.runFor(10_000);
      expect(await contexts()).toEqual([true]);
      expect((await shot(page)).data['renderer']).toBe('cpu');
      await page.close();
    },
  );

  test('a question is asked once, and at once', async () => {
    const page = await open('cpu');
    const asked = await page.evaluate((spec) => {
      halftone.show(spec);
      return halftone.asked.length;
    }, scatter('flights'));
    expect(asked).toBe(1);
    await settled(page);
    await axesShown(page);
    expect(await page.evaluate(() => halftone.asked.length)).toBe(1);
    await page.close();
  });

  test('axes that stay where they are are not drawn again', async () => {
    const page = await open('cpu');
    await show(page, scatter('flights'));
    await axesShown(page);
    const drawnOnce = (spec: ChartSpec) =>
      page.evaluate(async (next) => {
        let changes = 0;
        const observer = new MutationObserver((records) => (changes += records.length));
        observer.observe(document.querySelector('.main-svg')!, { subtree: true, childList: true });
        halftone.show(next);
        const chart = document.querySelector<HTMLElement>('#chart')!;
        do await new Promise((resolve) => setTimeout(resolve));
        while (chart.dataset['state'] !== 'exact');
        changes += observer.takeRecords().length;
        observer.disconnect();
        return changes;
      }, spec);
    const filters = [{ op: 'range', column: 'delay', min: 0 }];
    expect(await drawnOnce(scatter('flights', { filters }))).toBe(0);
    const other = { ...scatter('flights', { filters }), domain: { x: [0, 1000], y: [0, 90] } };
    expect(await drawnOnce(other)).toBeGreaterThan(0);
    await page.close();
  });

  test('axes of other views, data and sizes keep the elements that they have', async () => {
    const page = await open('cpu');
    await page.evaluate((spec) => halftone.draw(spec), scatter('flights'));
    const draw = (spec: ChartSpec) =>
      page.evaluate(async (next) => {
        const before = [...document.querySelectorAll('.main-svg, .modebar-container')];
        await halftone.draw(next);
        return before.length > 0 && before.every((element) => element.isConnected);
      }, spec);
    expect(await draw({ ...scatter('flights'), domain: { x: [0, 1000], y: [0, 90] } })).toBe(true);
    expect(await draw({ ...scatter('few'), labels: { x: 'how far', y: 'delay' } })).toBe(true);
    await page.evaluate(
      () => (document.querySelector<HTMLElement>('#chart')!.style.width = '500px'),
    );
    expect(await draw(scatter('some', { color: 'carrier' }))).toBe(true);
    await page.close();
  });

  test('the numbers of a ramp beside the picture are those of another one when it comes', async () => {
    const page = await open('cpu');
    const greatest: number[] = [];
    for (const dataset of ['flights', 'few']) {
      const spec = {
        ...scatter(dataset, { mark: 'heatmap' }),
        style: { shade: 'linear' as const },
      };
      await page.evaluate((next) => halftone.draw(next), spec);
      const numbers = await page.locator('.halftone-ramp div').allTextContents();
      const valueOf = (text: string): number => parseFloat(text) * (text.endsWith('k') ? 1000 : 1);
      greatest.push(Math.max(...numbers.map(valueOf).filter(Number.isFinite)));
    }
    expect(greatest[0]).toBeGreaterThan(10 * greatest[1]!);
    await page.close();
  });

  test('a drag moves the old picture at once, and the exact one of the new domain follows', async () => {
    const page = await open('cpu');
    await show(page, scatter('flights'));
    await axesShown(page);
    const before = await shot(page);
    await page.evaluate(() => (halftone.delayMs = 400));
    await page.mouse.move(400, 200);
    await page.mouse.down();
    await page.mouse.move(500, 240, { steps: 4 });
    const moving = await shot(page);
    expect(moving.data['state']).toBe('moving');
    // The pixel that was at (300, 200) is now 100 to the right and 40 below.
    let same = 0;
    for (let y = 60; y < 400; y += 7) {
      for (let x = 120; x < 780; x += 7) {
        const from = (y - 40) * before.width + x - 100;
        const to = y * moving.width + x;
        if (Math.abs(before.pixels[from * 4 + 3]! - moving.pixels[to * 4 + 3]!) <= 64) same++;
      }
    }
    expect(same).toBeGreaterThan(0.95 * 49 * 95);
    await page.mouse.up();
    await settled(page);
    const { domains } = await page.evaluate(() => ({ domains: halftone.domains }));
    expect(domains).toHaveLength(1);
    const domain = domains[0] as typeof DOMAIN;
    expect(domain.x[0]).toBeCloseTo(-100 * (3000 / before.width), 0);
    expect(domain.y[0]).toBeCloseTo(-60 + 40 * (240 / before.height), 0);
    expect(shareOff(await shot(page), 60_000, domain)).toBeLessThan(0.001);
    await page.close();
  });

  test('a drag asks for where it is once it is answered where it was, and withdraws nothing', async () => {
    const page = await open('cpu');
    await show(page, scatter('flights'));
    await axesShown(page);
    await page.evaluate(() => (halftone.delayMs = 500));
    await page.mouse.move(400, 200);
    await page.mouse.down();
    const asked = (): Promise<number> => page.evaluate(() => halftone.asked.length);
    for (let x = 401; (await asked()) < 4; x++) await page.mouse.move(x, 240);
    expect(await page.evaluate(() => halftone.withdrawn)).toBe(0);
    await page.mouse.up();
    await page.waitForFunction(() => halftone.domains.length === 1);
    await settled(page);
    const last = await page.evaluate(() => [halftone.asked.at(-1)!.domain, halftone.domains[0]]);
    expect(last[0]).toEqual(last[1]);
    await page.close();
  });

  test('an estimate stands in until the exact picture is there, on the same axes and in like shades', async () => {
    const page = await open('cpu');
    await page.evaluate((spec) => {
      halftone.estimates = true;
      halftone.show(spec);
    }, scatter('flights'));
    await page.locator('#chart[data-estimated=true]').waitFor();
    const coarse = await shot(page);
    expect(coarse.data['state']).toBe('moving');
    await page.evaluate(() => halftone.answerLater!());
    await settled(page);
    const exact = await shot(page);
    expect(exact.data['estimated']).toBeUndefined();
    expect(coarse.data['radius']).toBe(exact.data['radius']);
    const ratio = Number(coarse.data['opacity']) / Number(exact.data['opacity']);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.6);
    const ink = ({ pixels }: Shot): number => {
      let sum = 0;
      for (let i = 3; i < pixels.length; i += 4) sum += pixels[i]!;
      return sum;
    };
    expect(ink(coarse) / ink(exact)).toBeGreaterThan(0.5);
    expect(ink(coarse) / ink(exact)).toBeLessThan(1.5);
    expect(shareOff(exact, 60_000)).toBeLessThan(0.001);
    await page.close();
  });

  test('whoever moves on withdraws the exact picture behind an estimate', async () => {
    const page = await open('cpu');
    await page.evaluate((spec) => {
      halftone.estimates = true;
      halftone.show(spec);
    }, scatter('flights'));
    await page.locator('#chart[data-estimated=true]').waitFor();
    await page.evaluate((spec) => {
      const late = halftone.answerLater!;
      halftone.estimates = false;
      halftone.show(spec);
      late();
    }, scatter('some'));
    await settled(page);
    expect((await shot(page)).data['matched']).toBe('8000');
    await page.close();
  });

  test('the wheel zooms around the pointer, and a domain from outside is shown without a second word', async () => {
    const page = await open('cpu');
    await show(page, scatter('flights'));
    await axesShown(page);
    await page.mouse.move(475, 240);
    await page.mouse.wheel(0, -240);
    await page.waitForFunction(() => halftone.domains.length === 1);
    await settled(page);
    const domain = (await page.evaluate(() => halftone.domains[0])) as typeof DOMAIN;
    expect(domain.x[1]! - domain.x[0]!).toBeLessThan(3000);
    const zoomed = await shot(page);
    expect(shareOff(zoomed, 60_000, domain)).toBeLessThan(0.001);
    const asked = await page.evaluate(() => halftone.asked.length);
    await page.evaluate((same) => halftone.show(same), { ...scatter('flights'), domain });
    expect(await page.evaluate(() => halftone.asked.length)).toBe(asked);
    await page.close();
  });

  test('a double click asks for everything', async () => {
    const page = await open('cpu');
    await show(page, scatter('flights'));
    await axesShown(page);
    await page.mouse.dblclick(400, 250);
    await page.waitForFunction(() => halftone.domains.includes(null));
    await page.close();
  });

  test('shift and drag zoom to a box, and nothing moves before the box is drawn', async () => {
    const page = await open('cpu');
    await show(page, scatter('flights'));
    await axesShown(page);
    await page.keyboard.down('Shift');
    await page.mouse.move(80, 250);
    await page.mouse.down();
    await page.mouse.move(680, 430, { steps: 5 });
    expect((await shot(page)).data['state']).toBe('exact');
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await page.waitForFunction(() => halftone.domains.length === 1);
    await settled(page);
    const domain = (await page.evaluate(() => halftone.domains[0])) as typeof DOMAIN;
    expect(shareOff(await shot(page), 60_000, domain)).toBeLessThan(0.001);
    await page.close();
  });

  test('the newest question wins, however late older answers come', async () => {
    const page = await open('cpu');
    await show(page, scatter('flights'));
    await page.evaluate(
      (specs) => {
        halftone.delayMs = 300;
        halftone.show(specs[0]!);
        setTimeout(() => {
          halftone.delayMs = 0;
          halftone.show(specs[1]!);
        }, 50);
      },
      [scatter('flights', { color: 'origin' }), scatter('some')],
    );
    await page.waitForSelector('#chart[data-matched="8000"]');
    await page.waitForTimeout(400);
    expect((await shot(page)).data).toMatchObject({ matched: '8000', state: 'exact' });
    await page.close();
  });

  test('a pointer finds the row under it, or in density how many rows', async () => {
    const page = await open('cpu');
    await show(page, scatter('few'));
    await axesShown(page);
    const { distance, delay } = tinyFlights(400) as Record<string, Float64Array>;
    const row = distance!.findIndex((value, at) => value > 2000 && delay![at]! > 40);
    const [width, height] = [900 - 66 - 18, 520 - 14 - 56];
    const left = 66 + (distance![row]! / 3000) * width;
    const top = 14 + ((180 - delay![row]!) / 240) * height;
    await page.mouse.move(left + 3, top + 3);
    const near = await page.evaluate(() => halftone.hovers.at(-1));
    expect(near).toMatchObject({ kind: 'row', row, x: distance![row], y: delay![row] });
    await show(page, scatter('flights'));
    await page.mouse.move(66 + (200 / 3000) * width, 14 + (180 / 240) * height);
    const crowd = await page.evaluate(() => halftone.hovers.at(-1));
    expect(crowd).toMatchObject({ kind: 'rows' });
    await page.mouse.move(5, 5);
    expect(await page.evaluate(() => halftone.hovers.at(-1))).toBeUndefined();
    await page.close();
  });

  test('a saved picture has axes and marks, at twice the size, as sharp as it is large', async () => {
    const page = await open('cpu');
    await show(page, {
      ...scatter('flights', { color: 'origin' }),
      title: 'Delay',
      footer: 'flights',
    });
    const base64 = await page.evaluate(() => halftone.png(2));
    const image = PNG.sync.read(Buffer.from(base64, 'base64'));
    expect(image.width).toBeGreaterThanOrEqual(1800);
    const asked = await page.evaluate(() => halftone.asked.at(-1)!);
    expect(asked.width).toBe(2 * (900 - 66 - 18));
    const tones = (left: number, top: number, width: number, height: number): number => {
      let dark = 0;
      for (let y = top; y < top + height; y++) {
        for (let x = left; x < left + width; x++) {
          const at = (y * image.width + x) * 4;
          if (image.data[at]! + image.data[at + 1]! + image.data[at + 2]! < 600) dark++;
        }
      }
      return dark;
    };
    expect(tones(20, 200, 100, 600), 'labels at the left').toBeGreaterThan(200);
    expect(tones(140, 20, 200, 60), 'a title').toBeGreaterThan(200);
    expect(tones(200, 400, 600, 400), 'marks').toBeGreaterThan(20_000);
    expect(tones(image.width - 320, 100, 300, 400), 'a legend').toBeGreaterThan(500);
    await page.close();
  });

  test('a saved drawing has its words as text and its marks as an image of any scale', async () => {
    const page = await open('cpu');
    const shaded = { style: { shade: 'log' as const }, title: 'Delay <b>', footer: 'flights' };
    await page.evaluate((spec) => halftone.draw(spec), { ...scatter('flights'), ...shaded });
    const numbers = await page.locator('.halftone-ramp div').allTextContents();
    const drawing = await page.evaluate(async () => {
      const text = await halftone.svg(3);
      const svg = new DOMParser().parseFromString(text, 'image/svg+xml');
      const image = new Image();
      image.src = svg.querySelector('image')!.getAttribute('xlink:href')!;
      await image.decode();
      const words = [...svg.querySelectorAll('text')].map((each) => each.textContent);
      return { width: image.width, words, faults: svg.querySelectorAll('parsererror').length };
    });
    expect(drawing.faults).toBe(0);
    expect(drawing.width).toBe(3 * (900 - 66 - 18));
    expect(drawing.words).toContain('Delay <b>');
    expect(drawing.words).toContain('distance');
    // The ramp's too.
    expect(numbers).toContain('rows (log)');
    expect(drawing.words).toEqual(expect.arrayContaining(numbers.filter(Boolean)));
    await page.close();
  });

  test('hidden categories leave the picture, and nothing is asked for that', async () => {
    const page = await open('cpu');
    const colored = scatter('flights', { color: 'origin' });
    await show(page, { ...colored, legend: true });
    const { origin } = tinyFlights(60_000);
    const asked = await page.evaluate(() => halftone.asked.length);
    const categories = await page.evaluate(() => {
      const color = halftone.chart.status().metadata!.color!;
      return color.kind === 'category'
        ? color.categories.map(({ label, role }) => (role === 'null' ? null : label))
        : [];
    });
    const [first] = categories;
    const without = (label: string | null) => (row: number) => (origin as string[])[row] !== label;
    await show(page, { ...colored, legend: true, hidden: [first!] });
    expect(shareOff(await shot(page), 60_000, DOMAIN, without(first!))).toBeLessThan(0.001);
    await show(page, { ...colored, legend: true, hidden: [] });
    expect(shareOff(await shot(page), 60_000)).toBeLessThan(0.001);
    // By the chart's own legend, and kept when the owner speaks of other things.
    await page.locator('.legendtoggle').nth(1).click();
    await expect.poll(() => page.evaluate(() => halftone.hidden)).toEqual([categories[1]]);
    await show(page, { ...colored, legend: true, title: 'other words' });
    expect(shareOff(await shot(page), 60_000, DOMAIN, without(categories[1]!))).toBeLessThan(0.001);
    // Two clicks in one task: a busy machine could keep others further apart than a double click is.
    await page.evaluate((label) => {
      const named = [...document.querySelectorAll('.traces')].find((each) =>
        each.textContent.startsWith(label),
      )!;
      for (const type of ['mousedown', 'mouseup', 'mousedown', 'mouseup']) {
        const entry = named.querySelector('.legendtoggle')!;
        entry.dispatchEvent(new MouseEvent(type, { bubbles: true }));
      }
    }, first!);
    await expect.poll(() => page.evaluate(() => halftone.hidden)).toEqual(categories.slice(1));
    expect(await page.evaluate(() => halftone.asked.length)).toBe(asked);
    // One that is hidden while another picture is on its way does not keep that from being the exact one.
    await page.evaluate(
      ({ spec, hidden }) => {
        halftone.delayMs = 50;
        halftone.show(spec);
        halftone.show({ ...spec, hidden });
      },
      {
        spec: { ...colored, query: { ...colored.query, snapshot: 'next' }, legend: true },
        hidden: [first!],
      },
    );
    await page.locator('#chart[data-state=exact]').waitFor();
    // Nor where what is left is fitted by other axes: lower bars.
    const { y: _, ...query } = colored.query;
    const bars: ChartSpec = { query: { ...query, mark: 'histogram' }, hidden: [], legend: true };
    await show(page, bars);
    await page.evaluate(
      ({ spec, hidden }) => {
        halftone.show(spec);
        halftone.show({ ...spec, hidden });
      },
      {
        spec: { ...bars, query: { ...bars.query, snapshot: 'next' } },
        hidden: [first!],
      },
    );
    await page.locator('#chart[data-state=exact]').waitFor();
    await page.close();
  });

  test('a chart without matching rows is empty, and one without an answer says what is wrong', async () => {
    const page = await open('cpu');
    await page.evaluate((spec) => halftone.show(spec), {
      ...scatter('flights'),
      domain: { x: [90_000, 90_001], y: [0, 1] },
    });
    await settled(page, 'empty');
    expect(inkOf(await shot(page))).toBe(0);
    await page.evaluate((spec) => halftone.show(spec), scatter('nowhere'));
    await settled(page, 'error');
    expect(await page.evaluate(() => String(halftone.chart.status().error))).toContain('Error');
    await show(page, scatter('flights'));
    expect(await page.evaluate(() => halftone.chart.status().error)).toBeUndefined();
    await page.close();
  });

  test('another size asks for another picture, in device pixels', async () => {
    const page = await browser.newPage({
      viewport: { width: 900, height: 520 },
      deviceScaleFactor: 2,
    });
    await page.goto(`${served.url}?renderer=cpu`);
    await show(page, scatter('flights'));
    expect((await shot(page)).width).toBe(2 * (900 - 66 - 18));
    await page.evaluate(
      () => (document.querySelector<HTMLElement>('#chart')!.style.width = '600px'),
    );
    await page.waitForFunction(() => halftone.asked.at(-1)!.width === 2 * (600 - 66 - 18));
    await settled(page);
    const small = await shot(page);
    expect(small.width).toBe(2 * (600 - 66 - 18));
    expect(shareOff(small, 60_000)).toBeLessThan(0.001);
    // One that is not seen asks when it is, though its size is the old one.
    const display = (value: string) =>
      page.evaluate(async (each) => {
        document.querySelector<HTMLElement>('#chart')!.style.display = each;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      }, value);
    await display('none');
    await page.evaluate((spec) => halftone.show(spec), scatter('few'));
    await display('');
    await settled(page);
    expect(await page.evaluate(() => halftone.asked.at(-1)!.dataset)).toBe('few');
    await page.close();
  });
});
