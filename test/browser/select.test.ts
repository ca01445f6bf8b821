import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ChartSpec } from '../../client/chart/chart.js';
import { BROWSER, launchBrowser } from '../helpers/browser.js';
import { servePage, type ServedPage } from './build-page.js';
import type { ChartPage } from './page/chart.js';

declare const halftone: ChartPage;

/** The plot area of the page's chart, in CSS pixels. */
const PLOT = { left: 66, top: 14, width: 900 - 66 - 18, height: 520 - 14 - 56 };
const scatter: ChartSpec = {
  query: { dataset: 'some', snapshot: 's', mark: 'scatter', x: 'distance', y: 'delay' },
  domain: { x: [0, 3000], y: [-60, 180] },
  legend: false,
};
const histogram: ChartSpec = {
  query: { dataset: 'some', snapshot: 's', mark: 'histogram', x: 'distance' },
  legend: false,
};
const bar: ChartSpec = {
  query: { dataset: 'some', snapshot: 's', mark: 'bar', x: 'origin' },
  legend: false,
};
interface Loose {
  op: string;
  column: string;
  min: number;
  max: number;
  points: [number, number][];
  values: string[];
}

/** Where values of the scatter stand on the screen. */
const at = (x: number, y: number): [number, number] => [
  PLOT.left + (x / 3000) * PLOT.width,
  PLOT.top + ((180 - y) / 240) * PLOT.height,
];

describe.skipIf(BROWSER === undefined)('selecting rows in a chart', () => {
  let served: ServedPage;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    served = await servePage('chart');
    browser = await launchBrowser({ webgl: false });
    page = await browser.newPage({ viewport: { width: 900, height: 520 } });
    page.setDefaultTimeout(30_000);
  });
  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  async function open(spec: ChartSpec): Promise<void> {
    await page.goto(`${served.url}?renderer=cpu&select`);
    await page.evaluate((shown) => halftone.show(shown), spec);
    await page.waitForSelector('#chart[data-state=exact]');
    await page.waitForSelector('.gl-container > .halftone-marks', { state: 'attached' });
    await page.evaluate(() => {
      document.addEventListener('keydown', (event) => halftone.chart.key(event));
    });
  }
  const selections = () => page.evaluate(() => halftone.selections);
  const last = async () => (await selections()).at(-1);
  /** The filters of the last selection, with the members that ranges, polygons and lists have. */
  const filters = async () => (await last())!.filters as unknown as Loose[];
  const outline = () => page.locator('.halftone-selection path').nth(2).getAttribute('d');

  async function drag(path: readonly (readonly [number, number])[], shift = true): Promise<void> {
    if (shift) await page.keyboard.down('Shift');
    await page.mouse.move(...path[0]!);
    await page.mouse.down();
    for (const place of path.slice(1)) await page.mouse.move(...place, { steps: 3 });
    // Plotly takes a move a frame: on a busy machine all of them would be lost.
    if (!shift) {
      await page.evaluate(
        () =>
          new Promise((done) => {
            requestAnimationFrame(() => requestAnimationFrame(done));
          }),
      );
    }
    await page.mouse.up();
    if (shift) await page.keyboard.up('Shift');
  }

  test('what selects comes behind the first picture where somebody listens, and marks what was given before', async () => {
    const scripts = () =>
      page.evaluate(
        () =>
          performance
            .getEntriesByType('resource')
            .filter(({ name }) => name.includes('select-rows')).length,
      );
    const show = async (search: string): Promise<void> => {
      await page.goto(`${served.url}?renderer=cpu${search}`);
      expect(await scripts()).toBe(0);
      await page.evaluate((shown) => halftone.show(shown), scatter);
      await page.waitForSelector('#chart[data-state=exact]');
      await page.evaluate(() => halftone.chart.drawn());
    };
    await show('');
    expect(await scripts()).toBe(0);
    await page.evaluate(() =>
      halftone.chart.select([{ op: 'range', column: 'distance', min: 600, max: 1200 }]),
    );
    await expect.poll(() => page.locator('.halftone-selection').count()).toBe(1);
    expect(await scripts()).toBe(1);
    await show('&select');
    await expect.poll(scripts).toBe(1);
    expect(await selections()).toEqual([]);
  });

  test('a drag with Shift selects a box, and its filters follow the drag, a move, an edge and a click', async () => {
    await open(scatter);
    const asked = await page.evaluate(() => halftone.asked.length);
    await drag([at(500, 60), at(1500, 0)]);
    const all = await selections();
    expect(all.length).toBeGreaterThan(2);
    expect(all.slice(0, -1).every(({ phase }) => phase === 'changing')).toBe(true);
    const box = all.at(-1)!;
    expect(box.phase).toBe('final');
    const [x, y] = await filters();
    expect(x).toMatchObject({ op: 'range', column: 'distance' });
    expect(y).toMatchObject({ op: 'range', column: 'delay' });
    expect(Math.abs(x!.min - 500)).toBeLessThan(4);
    expect(Math.abs(x!.max - 1500)).toBeLessThan(4);
    expect(Math.abs(y!.min)).toBeLessThan(1);
    expect(Math.abs(y!.max - 60)).toBeLessThan(1);
    expect(box.brush!.x[0]).toBeCloseTo(500 / 3000, 2);
    expect(box.brush!.y![1]).toBeCloseTo(120 / 240, 2);
    // The chart marks it and asks for nothing: it goes on showing all rows.
    expect(await outline()).toMatch(/^M/);
    expect(await page.evaluate(() => halftone.asked.length)).toBe(asked);

    await drag([at(1000, 30), at(1300, 30)]);
    const [moved] = await filters();
    expect(Math.abs(moved!.min - 800)).toBeLessThan(8);
    expect(Math.abs(moved!.max - 1800)).toBeLessThan(8);
    await drag([at(1800, 30), at(2400, 30)]);
    const [wider] = await filters();
    expect(Math.abs(wider!.min - 800)).toBeLessThan(8);
    expect(Math.abs(wider!.max - 2400)).toBeLessThan(8);

    await drag([at(2700, 100), at(2700, 100)]);
    expect(await last()).toMatchObject({ filters: null, phase: 'final' });
    expect(await page.locator('.halftone-selection').count()).toBe(0);
  });

  test('the lasso gives a polygon of few points, and drags without a tool still move the axes', async () => {
    await open(scatter);
    await page.evaluate(() => halftone.chart.setTool('lasso'));
    const ring = Array.from({ length: 25 }, (_, i) => {
      const angle = (i / 24) * 2 * Math.PI;
      return at(1500 + 800 * Math.cos(angle), 60 + 70 * Math.sin(angle));
    });
    await drag(ring, false);
    const [polygon] = await filters();
    expect(polygon!.op).toBe('polygon');
    expect(polygon!.points.length).toBeGreaterThan(10);
    expect(polygon!.points.length).toBeLessThan(60);
    for (const [x, y] of polygon!.points) {
      expect(Math.hypot((x - 1500) / 800, (y - 60) / 70)).toBeCloseTo(1, 1);
    }
    expect(await page.evaluate(() => halftone.domains)).toEqual([]);
    // What comes from outside looks as if it had been drawn, and is not told again.
    const drawn = await outline();
    const count = (await selections()).length;
    await page.evaluate(
      (filters) => {
        halftone.chart.select(null);
        halftone.chart.select(filters);
      },
      (await last())!.filters,
    );
    expect(await outline()).toBe(drawn);
    expect((await selections()).length).toBe(count);
    await page.evaluate(() => halftone.chart.setTool('move'));
    await drag([at(1500, 60), at(1800, 60)], false);
    await page.waitForFunction(() => halftone.domains.length === 1);
    expect((await selections()).length).toBe(count);
  });

  test('a drag of the axes that is held until its exact picture is there is told once it is let go', async () => {
    await open(scatter);
    await page.mouse.move(...at(1500, 60));
    await page.mouse.down();
    await page.mouse.move(...at(1817, 43), { steps: 3 });
    await page.waitForFunction(
      () =>
        halftone.asked.length > 1 && document.querySelector('#chart[data-state=exact]') !== null,
    );
    expect(await page.evaluate(() => halftone.domains)).toEqual([]);
    await page.mouse.up();
    await page.waitForFunction(() => halftone.domains.length === 1);
    // Nothing is left to be told: a click and a double click are none of it.
    await page.mouse.dblclick(...at(1000, 20));
    await page.evaluate(() => halftone.chart.drawn());
    expect(await page.evaluate(() => halftone.domains.slice(1))).toEqual([null]);
  });

  test('a brush along x of a histogram, and Escape', async () => {
    await open(histogram);
    await drag([
      [300, 200],
      [500, 400],
    ]);
    const brush = (await last())!;
    expect(brush.filters).toHaveLength(1);
    expect(brush.brush!.y).toBeUndefined();
    expect(brush.brush!.x[0]).toBeCloseTo((300 - PLOT.left) / PLOT.width, 3);
    expect(brush.brush!.x[1]).toBeCloseTo((500 - PLOT.left) / PLOT.width, 3);
    await page.keyboard.press('Escape');
    expect(await last()).toMatchObject({ filters: null, phase: 'final' });
  });

  test('keys begin a box at the pointer, move and size it, and take it', async () => {
    await open(scatter);
    await page.mouse.move(...at(1500, 60));
    await page.keyboard.press('s');
    const [before] = await filters();
    expect((before!.min + before!.max) / 2).toBeCloseTo(1500, -1);
    await page.keyboard.press('ArrowRight');
    const [moved] = await filters();
    expect(moved!.min - before!.min).toBeCloseTo(60, 0);
    await page.keyboard.press('Shift+ArrowRight');
    const wider = (await last())!;
    expect(wider.phase).toBe('changing');
    const [x] = await filters();
    expect(x!.max - x!.min).toBeCloseTo(moved!.max - moved!.min + 60, 0);
    await page.keyboard.press('Enter');
    expect(await last()).toMatchObject({ phase: 'final', filters: wider.filters });
  });

  test('a click takes a bar, with Ctrl one more, and again takes it back', async () => {
    await open(bar);
    const keys = await page.locator('.ytick').count();
    const middle = (place: number): [number, number] => [
      PLOT.left + 100,
      PLOT.top + ((place + 0.5) / keys) * PLOT.height,
    ];
    await page.mouse.click(...middle(0));
    const first = await filters();
    expect(first[0]).toMatchObject({ op: 'in', column: 'origin' });
    expect(first[0]!.values).toHaveLength(1);
    await page.keyboard.down('Control');
    await page.mouse.click(...middle(1));
    await page.keyboard.up('Control');
    const both = await filters();
    expect(both[0]!.values).toHaveLength(2);
    await page.mouse.click(...middle(1));
    await page.mouse.click(...middle(1));
    expect(await last()).toMatchObject({ filters: null });
    // Other columns on the axes take a selection with them.
    await page.mouse.click(...middle(0));
    await page.evaluate((spec) => halftone.show(spec), histogram);
    expect(await last()).toMatchObject({ filters: null });
  });

  test('a click or the keys take bins of a histogram and cells of a heatmap, and again take them back', async () => {
    await open(histogram);
    const told = () => page.waitForFunction(() => halftone.selections.length > 0);
    const forget = () => page.evaluate(() => void (halftone.selections.length = 0));
    await page.mouse.click(150, 400);
    await told();
    const [bin] = await filters();
    expect(bin).toMatchObject({ op: 'range', column: 'distance', maxExclusive: true });
    expect(await last()).toMatchObject({ phase: 'final' });
    expect(await outline()).toMatch(/^M/);
    await forget();
    await page.mouse.click(150, 300);
    await told();
    expect(await last()).toMatchObject({ filters: null });
    // A drag still moves the axes, and selects nothing.
    await forget();
    await drag(
      [
        [300, 200],
        [340, 200],
      ],
      false,
    );
    await page.waitForFunction(() => halftone.domains.some((domain) => domain !== null));
    expect(await selections()).toEqual([]);

    // Two bins in the time of a double click are two selections, and the axes stay.
    await open(histogram);
    await page.mouse.click(150, 400);
    await page.mouse.click(300, 400);
    await page.waitForFunction(() => halftone.selections.length === 2);
    expect((await filters())[0]!.min).toBeGreaterThan(bin!.max);
    expect(await page.evaluate(() => halftone.domains)).toEqual([]);

    await open(histogram);
    await page.mouse.move(150, 400);
    await page.keyboard.press('s');
    await told();
    expect(await filters()).toEqual([bin]);
    expect(await last()).toMatchObject({ phase: 'changing' });
    await page.keyboard.press('ArrowRight');
    const [next] = await filters();
    expect(next!.min).toBe(bin!.max);
    await page.keyboard.press('Shift+ArrowRight');
    const [two] = await filters();
    expect(two!.min).toBe(next!.min);
    expect(two!.max).toBeGreaterThan(next!.max);
    // Who does not see it hears it.
    await page.waitForFunction(() =>
      /^distance \S+ to \S+: [\d,]+ rows?$/u.test(
        document.querySelector('#chart [role=status]')?.textContent ?? '',
      ),
    );
    await page.keyboard.press('Enter');
    expect(await last()).toMatchObject({ phase: 'final', filters: [two] });
    await page.keyboard.press('Escape');
    expect(await last()).toMatchObject({ filters: null });

    await open({
      ...scatter,
      query: { ...scatter.query, mark: 'heatmap', cells: { x: 20, y: 10 } },
    } as ChartSpec);
    await page.mouse.click(200, 350);
    await told();
    const cell = await filters();
    expect(cell.map(({ column }) => column)).toEqual(['distance', 'delay']);
    await forget();
    await page.mouse.click(200, 350);
    await told();
    expect(await last()).toMatchObject({ filters: null });
  });

  test('cells of categories are taken whole, by a click, a box or the keys, and told as lists', async () => {
    const query = { ...scatter.query, mark: 'heatmap', x: 'fare', y: 'origin' } as const;
    await open({ ...scatter, query, domain: { x: [0, 400] }, categories: { y: true } });
    const told = () => page.waitForFunction(() => halftone.selections.length > 0);
    const forget = () => page.evaluate(() => void (halftone.selections.length = 0));
    await page.mouse.move(200, 300);
    const hover = await page.evaluate(() => halftone.hovers.at(-1));
    const [, name] = /y (\w+)$/u.exec((hover as { label: string }).label)!;
    await page.mouse.click(200, 300);
    await told();
    const cell = await filters();
    expect(cell).toMatchObject([
      { op: 'range', column: 'fare', maxExclusive: true },
      { op: 'in', column: 'origin', values: [name] },
    ]);
    await forget();
    await page.mouse.click(200, 300);
    await told();
    expect(await last()).toMatchObject({ filters: null });

    // A box goes on to the edges of categories, and not to those of cells of numbers.
    await drag([
      [200.5, 300],
      [300.5, 380],
    ]);
    const [fares, origins] = await filters();
    expect(fares).toMatchObject({ op: 'range', column: 'fare' });
    expect(origins!.values).toContain(name);
    expect(origins!.values.length).toBeGreaterThan(2);
    const marked = await outline();
    expect(await last()).toMatchObject({ phase: 'final' });
    // What is set from outside is marked alike.
    const given = (await last())!.filters;
    await page.keyboard.press('Escape');
    expect(await page.locator('.halftone-selection').count()).toBe(0);
    await page.evaluate((chosen) => halftone.chart.select(chosen), given);
    expect(await outline()).toBe(marked);
    await page.evaluate(() => halftone.chart.select(null));

    await forget();
    await page.mouse.move(200, 300);
    await page.keyboard.press('s');
    await told();
    expect(await filters()).toEqual(cell);
    await page.keyboard.press('Shift+ArrowUp');
    const [, two] = await filters();
    expect(two!.values).toHaveLength(2);
    await expect
      .poll(() => page.locator('#chart [role=status]').textContent())
      .toMatch(/^fare \S+ to \S+, origin \w+, \w+: [\d,]+ rows?$/u);
    await page.keyboard.press('Escape');

    // The axis of numbers moves, that of categories stays.
    await page.evaluate(() => void (halftone.domains.length = 0));
    await drag(
      [
        [300, 200],
        [360, 260],
      ],
      false,
    );
    await page.waitForFunction(() => halftone.domains.some((domain) => domain !== null));
    expect(Object.keys((await page.evaluate(() => halftone.domains.at(-1))) as object)).toEqual([
      'x',
    ]);
  });
});
