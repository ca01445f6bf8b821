import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, hasBrowser, settled, startApp, type AppServer } from './app-page.js';

const ROWS = 300;
const ADDRESS = 'explore/points?mark=scatter&x=x&y=y&xr=0,1000&yr=0,1000';

/** The cells of a row of the file: no two rows are near to each other. */
const cellsOf = (row: number): [x: number, y: number, word: string, exact: bigint] => [
  (row * 37) % 1000,
  50 * (row % 20) + 25,
  `word ${row}`,
  9_007_199_254_740_993n + BigInt(row),
];
/** What the card tells of it. */
const told = (row: number): string => {
  const [x, y, word, exact] = cellsOf(row);
  return `Row ${row}\nx\n${x}\ny\n${y}\nword\n${word}\nexact\n${exact}`;
};

/** Where the row stands on the page: the canvas of the marks covers the ends that the address names. */
async function placeOf(page: Page, row: number): Promise<[left: number, top: number]> {
  const area = (await page.locator('.halftone-marks').boundingBox())!;
  const [x, y] = cellsOf(row);
  return [area.x + (area.width * x) / 1000, area.y + area.height * (1 - y / 1000)];
}

describe.skipIf(!hasBrowser())('the row that a click pins', () => {
  let app: AppServer;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'halftone-pinned-'));
    const lines = Array.from({ length: ROWS }, (_, row) => cellsOf(row).join(','));
    writeFileSync(join(folder, 'points.csv'), `x,y,word,exact\n${lines.join('\n')}\n`);
    app = await startApp([join(folder, 'points.csv')]);
  });
  afterAll(async () => {
    await app?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is the one under the pointer with the values of the file, as soon as the picture is there', async () => {
    const page = await app.open(ADDRESS);
    await settled(page);
    const card = page.getByRole('dialog', { name: 'Row' });
    for (const row of [7, 123, 299, 40]) {
      await page.mouse.click(...(await placeOf(page, row)));
      await expect.poll(() => card.innerText(), { message: `row ${row}` }).toBe(told(row));
    }
    await page.close();
  });

  test('is the one of the click where the page has not yet drawn what the pointer came to', async () => {
    const page = await app.open(ADDRESS);
    await settled(page);
    await page.locator('.nsewdrag').waitFor({ state: 'attached' });
    const [clientX, clientY] = await placeOf(page, 123);
    // A move and a click in one task, as a page has them that was busy.
    await page.locator('.nsewdrag').evaluate(
      (area, place) => {
        const tell = (type: string, buttons: number): boolean =>
          area.dispatchEvent(new PointerEvent(type, { bubbles: true, buttons, ...place }));
        tell('pointermove', 0);
        tell('pointerdown', 1);
        tell('pointerup', 0);
      },
      { clientX, clientY },
    );
    await page.getByRole('dialog', { name: 'Row' }).getByText('word 123').waitFor();
    await page.close();
  });

  test('is that of a tap of a finger, which has not moved there before', async () => {
    const page = await app.open(ADDRESS, { width: 390, touch: true });
    await settled(page);
    await page.locator('.nsewdrag').waitFor({ state: 'attached' });
    const card = page.getByRole('dialog', { name: 'Row' });
    for (const row of [7, 299]) {
      await page.touchscreen.tap(...(await placeOf(page, row)));
      await expect.poll(() => card.innerText(), { message: `row ${row}` }).toBe(told(row));
    }
    await page.close();
  });

  test('gives its place to the next one, and two quick clicks at two rows fit nothing', async () => {
    const page = await app.open(ADDRESS);
    await settled(page);
    await page.locator('.nsewdrag').waitFor({ state: 'attached' });
    const card = page.getByRole('dialog', { name: 'Row' });
    const [first, second] = [await placeOf(page, 7), await placeOf(page, 123)];
    await page.mouse.click(...first);
    await page.mouse.click(...second);
    await expect.poll(() => card.innerText()).toBe(told(123));
    // At one place they do, so the word of a wrong one would have come by now.
    await page.mouse.click(...first);
    await expect.poll(() => card.innerText()).toBe(told(7));
    expect(addressOf(page)).toBe(ADDRESS);
    await card.getByRole('button', { name: 'Close' }).click();
    // A double click is one wherever the click before it was.
    await page.mouse.click(...first);
    await page.mouse.dblclick(...second);
    await expect.poll(() => addressOf(page)).toBe('explore/points?mark=scatter&x=x&y=y');
    await page.close();
  });

  test('stands on a log axis where its logarithm does, between ticks that are powers of ten', async () => {
    const page = await app.open(ADDRESS.replace('xr=0,', 'xs=log&xr=1,'));
    await settled(page);
    const card = page.getByRole('dialog', { name: 'Row' });
    for (const row of [7, 123, 272]) {
      const [x] = cellsOf(row);
      const area = (await page.locator('.halftone-marks').boundingBox())!;
      const [, top] = await placeOf(page, row);
      await page.mouse.click(area.x + (area.width * Math.log10(x)) / 3, top);
      await expect.poll(() => card.innerText(), { message: `row ${row}` }).toBe(told(row));
    }
    const ticks = (await page.locator('.picture .xtick text').allTextContents()).map(Number);
    expect(ticks.filter((tick) => Math.log10(tick) % 1 === 0)).toEqual([1, 10, 100, 1000]);
    await page.close();
  });
});
