import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HAS_WEBGL } from '../helpers/browser.js';
import { hasBrowser, settled, startApp, type AppServer } from './app-page.js';

const ROWS = 2000;
/** Whole numbers beside 10^15, some pixels apart where nobody may zoom nearer; and numbers of 10^-9 that differ in their fourth digit. */
const bigOf = (row: number): number => 1e15 + 40 * row;
const tinyOf = (row: number): number => 1e-9 + ((row * 7) % 20) * 1e-13;
/** Three rows of ten have no value. */
const gapOf = (row: number): number | undefined => (row % 10 < 3 ? undefined : row % 2);

const RENDERERS = HAS_WEBGL ? ['cpu', 'gpu', 'plotly'] : ['cpu', 'plotly'];

/** The plot area as it is seen, and where the axes of Plotly have their ends. */
interface Seen {
  width: number;
  height: number;
  isInked(x: number, y: number): boolean;
  x: readonly [number, number];
  y: readonly [number, number];
}

async function look(page: Page): Promise<Seen> {
  const box = (await page.locator('.nsewdrag').boundingBox())!;
  const clip = {
    x: Math.round(box.x),
    y: Math.round(box.y),
    width: Math.round(box.width),
    height: Math.round(box.height),
  };
  const { width, height, data } = PNG.sync.read(await page.screenshot({ clip }));
  const [x, y] = await page.evaluate(() => {
    const { layout } = document.querySelector('.js-plotly-plot') as unknown as {
      layout: Record<'xaxis' | 'yaxis', { range: [number, number] }>;
    };
    return [layout.xaxis.range, layout.yaxis.range] as const;
  });
  return {
    width,
    height,
    x,
    y,
    // The marks are blue; axes, grid and words are gray.
    isInked(left, top) {
      const at = 4 * (Math.round(top) * width + Math.round(left));
      return left >= 0 && top >= 0 && data[at + 2]! - data[at]! > 60;
    },
  };
}

/** Where the axes say that a row is, in pixels of the plot area. */
const placeOf = ({ x, y, width, height }: Seen, bx: number, by: number): [number, number] => [
  ((bx - x[0]) / (x[1] - x[0])) * width,
  ((y[1] - by) / (y[1] - y[0])) * height,
];

/** How far the middle of the ink around a place is from it; undefined where there is none. */
function offBy(seen: Seen, [left, top]: readonly [number, number]): number | undefined {
  let [sumX, sumY, count] = [0, 0, 0];
  for (let dy = -7; dy <= 7; dy++) {
    for (let dx = -7; dx <= 7; dx++) {
      const [px, py] = [Math.floor(left) + dx, Math.floor(top) + dy];
      if (!seen.isInked(px, py)) continue;
      sumX += px + 0.5;
      sumY += py + 0.5;
      count++;
    }
  }
  return count === 0 ? undefined : Math.hypot(sumX / count - left, sumY / count - top);
}

/** The rows that are on the axes, but for those whose discs the edge cuts. */
function rowsOn(
  seen: Seen,
  yOf: (row: number) => number,
): [row: number, place: [number, number]][] {
  const found: [number, [number, number]][] = [];
  for (let row = 0; row < ROWS; row++) {
    const place = placeOf(seen, bigOf(row), yOf(row));
    const [left, top] = place;
    if (left > 9 && top > 9 && left < seen.width - 9 && top < seen.height - 9) {
      found.push([row, place]);
    }
  }
  return found;
}

describe.skipIf(!hasBrowser())('far from zero and near to it', () => {
  let app: AppServer;
  let folder: string;
  let page: Page;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-far-'));
    const lines = Array.from({ length: ROWS }, (_, row) =>
      [bigOf(row), tinyOf(row), gapOf(row) ?? ''].join(','),
    );
    writeFileSync(join(folder, 'far.csv'), `big,tiny,gap\n${lines.join('\n')}\n`);
    app = await startApp([join(folder, 'far.csv')]);
    page = await app.open('');
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(address: string, renderer: string): Promise<void> {
    await page.goto(`explore/far?${address}&renderer=${renderer}`);
    await settled(page);
    await page.locator(`.picture-host[data-renderer=${renderer}]`).waitFor();
    await page.locator('.nsewdrag').waitFor({ state: 'attached' });
    await axesDrawn();
  }
  /** The axes are drawn a little after the marks: Plotly's layout is that of the address then. */
  const axesDrawn = async (): Promise<void> => {
    await settled(page);
    await page.evaluate(
      () =>
        new Promise((done) => {
          requestAnimationFrame(() => requestAnimationFrame(done));
        }),
    );
  };
  const lowEnd = (): Promise<number> => look(page).then(({ x }) => x[0]);

  test.each(RENDERERS)(
    '%s: discs stand where the axes say, at every zoom and after a move',
    async (renderer) => {
      const ends = 'xr=1000000000038000,1000000000042000&yr=0.0000000009995,0.0000000010025';
      await open(`mark=scatter&x=big&y=tiny&size=3&opacity=1&${ends}`, renderer);
      let before = Number.NaN;
      for (const zoom of [0, 1, 2, 3, 4, 5, 6]) {
        if (zoom > 0) {
          await page.mouse.move(...(await middle()));
          await page.mouse.wheel(0, -400);
          await expect.poll(lowEnd).not.toBe(before);
          await axesDrawn();
        }
        const seen = await look(page);
        before = seen.x[0];
        const rows = rowsOn(seen, tinyOf);
        expect(rows.length, `zoom ${zoom}`).toBeGreaterThan(2);
        for (const [row, place] of rows) {
          expect(offBy(seen, place), `zoom ${zoom}, row ${row} at ${String(place)}`).toBeLessThan(
            0.8,
          );
        }
      }
      // And once a person has moved it.
      const [x, y] = await middle();
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x + 60, y + 30, { steps: 3 });
      // Plotly takes a move a frame: the last one would be lost.
      await axesDrawn();
      await page.mouse.up();
      await expect.poll(lowEnd).not.toBe(before);
      await axesDrawn();
      const after = await look(page);
      for (const [row, place] of rowsOn(after, tinyOf)) {
        expect(offBy(after, place), `moved, row ${row}`).toBeLessThan(0.8);
      }
    },
  );

  const middle = async (): Promise<[number, number]> => {
    const box = (await page.locator('.nsewdrag').boundingBox())!;
    return [box.x + box.width / 2, box.y + box.height / 2];
  };

  test('hover and table tell every digit', async () => {
    await open(
      'mark=scatter&x=big&y=tiny&size=5&opacity=1&xr=1000000000039800,1000000000040600&yr=0.0000000009995,0.0000000010025',
      'cpu',
    );
    const seen = await look(page);
    const box = (await page.locator('.nsewdrag').boundingBox())!;
    const [left, top] = placeOf(seen, bigOf(1001), tinyOf(1001));
    await page.mouse.move(box.x + left, box.y + top);
    const card = page.locator('.card-hover');
    await expect.poll(() => card.innerText()).toContain('Row 1,001');
    await expect.poll(() => card.innerText()).toMatch(/1,?000,?000,?000,?040,?040/u);
    await page.mouse.move(0, 0);
  });

  test.each(RENDERERS)(
    '%s: a line goes through its rows and breaks where there are none',
    async (renderer) => {
      await open(
        'mark=line&x=big&y=gap&bin=none&xr=1000000000040000,1000000000041600&yr=-0.2,1.2',
        renderer,
      );
      const seen = await look(page);
      /** Whether the column of pixels at a place of x has any ink. */
      const inkedAt = (x: number): boolean => {
        const left = Math.round(placeOf(seen, x, 0)[0]);
        return Array.from({ length: seen.height }, (_, top) => seen.isInked(left, top)).includes(
          true,
        );
      };
      for (let row = 1001; row < 1039; row++) {
        const [value, next] = [gapOf(row), gapOf(row + 1)];
        // Half way between two rows: a stroke between two values, nothing beside a gap.
        expect(inkedAt(bigOf(row) + 20), `after row ${row}`).toBe(
          value !== undefined && next !== undefined,
        );
        if (value === undefined) continue;
        const [left, top] = placeOf(seen, bigOf(row), value);
        const near = [-1, 0, 1].some((dx) =>
          [-1, 0, 1].some((dy) => seen.isInked(left + dx, top + dy)),
        );
        expect(near, `row ${row}`).toBe(true);
      }
    },
  );

  test('ticks beside 10^15 are told from each other, by a number that the name of the axis has', async () => {
    await open(
      'mark=scatter&x=big&y=tiny&xr=1000000000040000,1000000000041600&yr=0.0000000009995,0.0000000010025',
      'cpu',
    );
    const { x } = await look(page);
    await expect.poll(() => page.locator('.xtitle').textContent()).toMatch(/^big − [\d,]+$/u);
    const base = Number(
      (await page.locator('.xtitle').textContent())!.replace('big − ', '').replaceAll(',', ''),
    );
    const plot = (await page.locator('.nsewdrag').boundingBox())!;
    const ticks = await page.locator('.xaxislayer-above .xtick text').evaluateAll((all) =>
      all.map((text) => {
        const { left, width } = text.getBoundingClientRect();
        return { label: text.textContent, middle: left + width / 2 };
      }),
    );
    // Those on either side wait out of sight.
    const seen = ticks.filter(({ middle: at }) => at > plot.x && at < plot.x + plot.width);
    expect(seen.length).toBeGreaterThan(3);
    for (const { label, middle: at } of seen) {
      const value = base + Number(label.replaceAll(',', '').replace('−', '-'));
      const expected = plot.x + ((value - x[0]) / (x[1] - x[0])) * plot.width;
      expect(Math.abs(at - expected), label).toBeLessThan(2);
    }
  });
});
