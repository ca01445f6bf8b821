import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from '@uwdata/flechette';
import { PNG } from 'pngjs';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withDuckDb } from '../bench/duckdb.js';
import { addressOf, hasBrowser, sample, settled, startApp, type AppServer } from './app-page.js';

const FLIGHTS = sample('flights-3m.parquet');

const filterOf = (page: Page, column: string): Locator =>
  page.locator('.filter-head button[aria-expanded]').filter({ hasText: column });

describe.skipIf(!hasBrowser())('the page', () => {
  let app: AppServer;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'halftone-app-'));
    app = await startApp([FLIGHTS]);
  });
  afterAll(async () => {
    await app?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('opens a time and a number on the mean per day, says why, and every row is accounted for', async () => {
    const page = await app.open('explore/flights-3m');
    await settled(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain(
      'Mean delay per day',
    );
    await page.getByText('date is a time and delay a number').waitFor();
    const status = page.getByRole('group', { name: 'Status' });
    await expect.poll(() => status.innerText()).toContain('3,000,000 rows');
    await expect.poll(() => addressOf(page)).toBe('explore/flights-3m');
    await page.getByRole('button', { name: 'Show every point' }).click();
    await settled(page);
    await expect.poll(() => addressOf(page)).toBe('explore/flights-3m?bin=none');
    await page.close();
  });

  test('a line with its band is an estimate that says so, and then exact, of the same shape', async () => {
    const page = await app.open('');
    const asked: string[] = [];
    let letGo = (): void => undefined;
    const isWaiting = new Promise<void>((resolve) => (letGo = resolve));
    await page.route('**/api/v1/frame?*', async (route) => {
      const question = new URL(route.request().url()).searchParams.get('q')!;
      const { mark, quality, band } = JSON.parse(Buffer.from(question, 'base64url').toString());
      if (mark === 'line') asked.push(`${quality ?? 'exact'} ${band}`);
      if (mark === 'line' && quality === undefined) await isWaiting;
      await route.continue();
    });
    /** The pixels of the line, which hide what is behind them, and those of the band, which let it through. */
    const pixels = (): Promise<{ line: number; band: boolean[] }> =>
      page.locator('.halftone-marks').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const alphas = Array.from({ length: data.length / 4 }, (_, at) => data[4 * at + 3]!);
        return {
          line: alphas.filter((alpha) => alpha > 200).length,
          band: alphas.map((alpha) => alpha > 8),
        };
      });
    await page.goto('explore/flights-3m?f.distance=500..1500');
    const host = page.locator('.picture-host');
    await page.locator('.picture-host[data-estimated=true]').waitFor();
    expect(await host.getAttribute('data-state')).toBe('moving');
    const status = page.getByRole('group', { name: 'Status' });
    await status.getByRole('button', { name: /^estimate/u }).click();
    await page.getByRole('heading', { name: 'This picture is an estimate' }).waitFor();
    await page.getByText('the exact picture is on its way').waitFor();
    await page.keyboard.press('Escape');
    const estimate = await pixels();
    const about = Number(await host.getAttribute('data-matched'));

    letGo();
    await settled(page);
    expect(await host.getAttribute('data-estimated')).toBeNull();
    await status.getByRole('button', { name: 'exact', exact: true }).click();
    await page.getByRole('heading', { name: 'This picture is exact' }).waitFor();
    await page.keyboard.press('Escape');
    expect(asked).toEqual(['fast 0.1,0.9', 'exact 0.1,0.9']);
    const [[matching]] = (await withDuckDb(':memory:', (sql) =>
      sql(`SELECT count(*)::INT FROM '${FLIGHTS}' WHERE distance BETWEEN 500 AND 1500`),
    )) as [[number]];
    expect(Number(await host.getAttribute('data-matched'))).toBe(matching);
    expect(Math.abs(about / matching - 1)).toBeLessThan(0.1);
    const exact = await pixels();
    for (const { line, band } of [estimate, exact]) {
      expect(line).toBeGreaterThan(500);
      expect(band.filter(Boolean).length).toBeGreaterThan(10 * line);
    }
    const both = exact.band.filter((is, at) => is && estimate.band[at]).length;
    const either = exact.band.filter((is, at) => is || estimate.band[at]).length;
    // A day is told from a sixteenth of its rows, and the axis fits what is drawn.
    expect(both / either).toBeGreaterThan(0.5);
    await page.close();
  });

  test('what comes in scripts of its own comes behind the answer of the first picture', async () => {
    const page = await app.open('explore/flights-3m?mark=scatter&x=distance&y=delay');
    await settled(page);
    const resources = (): Promise<{ name: string; start: number; end: number }[]> =>
      page.evaluate(() =>
        performance.getEntriesByType('resource').map((entry) => {
          const { name, startTime, responseEnd } = entry as PerformanceResourceTiming;
          return { name, start: startTime, end: responseEnd };
        }),
      );
    const first = async (words: string) =>
      (await resources()).find(({ name }) => name.includes(words));
    for (const part of ['freshness-panel', 'start-page', 'hover-card', 'select-rows']) {
      await expect.poll(() => first(part)).toBeDefined();
      expect((await first(part))!.start).toBeGreaterThan((await first('/frame?'))!.end);
    }
    await page.close();
  });

  test('keeps choices in the address: undo, Back and reload restore them, and Back asks for nothing', async () => {
    const page = await app.open('explore/flights-3m');
    await settled(page);
    await page.getByRole('radio', { name: 'Scatter' }).click();
    await page.getByLabel('X', { exact: true }).selectOption({ label: 'distance' });
    await settled(page);
    const scatter = 'explore/flights-3m?mark=scatter&x=distance&y=delay';
    await expect.poll(() => addressOf(page)).toBe(scatter);
    await page.getByRole('radio', { name: 'Histogram' }).click();
    await settled(page);
    await expect.poll(() => addressOf(page)).toBe('explore/flights-3m?mark=histogram&x=distance');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goBack();
    await page.getByRole('radio', { name: 'Scatter', checked: true }).waitFor();
    await settled(page);
    await expect.poll(() => addressOf(page)).toBe(scatter);
    expect(asked.filter((url) => url.includes('/frame'))).toEqual([]);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('radio', { name: 'Scatter', checked: true }).waitFor();
    await expect.poll(() => addressOf(page)).toBe('explore/flights-3m?mark=scatter&x=date&y=delay');
    await page.reload();
    await page.getByRole('radio', { name: 'Scatter', checked: true }).waitFor();
    await page.close();
  });

  test('says what is outside of the first picture, and shows all of it on request', async () => {
    const page = await app.open('explore/flights-3m?mark=scatter&x=distance&y=delay');
    await settled(page);
    const status = page.getByRole('group', { name: 'Status' });
    await expect.poll(() => status.innerText()).toMatch(/[\d,]+ rows outside/);
    await page.getByRole('button', { name: 'show all' }).click();
    await expect.poll(() => status.innerText()).toContain('3,000,000 drawn');
    await expect.poll(() => addressOf(page)).toContain('xr=-80,5070&yr=-1180,1750');
    await page.close();
  });

  test('filters by a dropdown with the keyboard alone; chips clear, and undo brings back', async () => {
    const page = await app.open('explore/flights-3m?mark=scatter&x=distance&y=delay');
    await settled(page);
    await filterOf(page, 'origin').press('Enter');
    const search = page.getByRole('combobox', { name: 'Search values of origin' });
    await search.fill('atl');
    await page.getByRole('option', { name: /^ATL/ }).waitFor();
    await search.press('Enter');
    await expect.poll(() => addressOf(page)).toContain('f.origin=ATL');
    await page.getByRole('radio', { name: 'is not' }).click();
    await expect.poll(() => addressOf(page)).toContain('f.origin=!ATL');
    await page.getByRole('radio', { name: 'is', exact: true }).click();
    await search.press('Escape');
    await filterOf(page, 'delay').click();
    await page.getByRole('radio', { name: 'Range' }).click();
    await page.getByLabel('delay from').fill('60');
    await page.getByLabel('delay from').press('Enter');
    await expect.poll(() => addressOf(page)).toContain('f.origin=ATL&f.delay=60..');
    await settled(page);
    const matched = await page.locator('[data-matched]').first().getAttribute('data-matched');
    expect(Number(matched)).toBeGreaterThan(0);
    expect(Number(matched)).toBeLessThan(60_000);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await expect.poll(() => addressOf(page)).not.toContain('f.');
    await page.keyboard.press('Control+z');
    await expect.poll(() => addressOf(page)).toContain('f.origin=ATL&f.delay=60..');
    await page.keyboard.press('Control+Shift+z');
    await expect.poll(() => addressOf(page)).not.toContain('f.');
    await page.close();
  });

  test('counts choices under the other filters, and offers null results a way out', async () => {
    const page = await app.open('explore/flights-3m?mark=histogram&x=delay&f.destination=LAS');
    await filterOf(page, 'origin').click();
    const options = page.getByRole('listbox', { name: 'Values of origin' }).getByRole('option');
    await options.first().waitFor();
    expect(await options.count()).toBeLessThan(200);
    await page.goto(
      `${app.url}explore/flights-3m?mark=histogram&x=delay&f.delay=5000..&f.origin=ATL`,
    );
    await page.getByText('None of 3,000,000 rows pass the filters.').waitFor();
    await page
      .getByRole('main')
      .getByRole('button', { name: /^delay ≥ 5000 *gives/ })
      .click();
    await settled(page);
    await expect.poll(() => addressOf(page)).toContain('f.origin=ATL');
    await expect.poll(() => addressOf(page)).not.toContain('f.delay');
    await page.close();
  });

  test('a wheel zooms into the address, and a double click takes it out again', async () => {
    const page = await app.open('explore/flights-3m?mark=scatter&x=distance&y=delay');
    await settled(page);
    await page.locator('.nsewdrag').waitFor({ state: 'attached' });
    const box = (await page.locator('.picture').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -240);
    await expect.poll(() => addressOf(page)).toMatch(/xr=[\d.]+,[\d.]+&yr=/);
    await settled(page);
    await page.mouse.dblclick(x, y);
    await expect
      .poll(() => addressOf(page))
      .toBe('explore/flights-3m?mark=scatter&x=distance&y=delay');
    await page.close();
  });

  test('a dragged handle is one step of undo', async () => {
    const page = await app.open('explore/flights-3m?mark=histogram&x=delay');
    await settled(page);
    await filterOf(page, 'distance').click();
    const handle = page.getByRole('slider', { name: 'Least distance' });
    const box = (await handle.boundingBox())!;
    await page.mouse.move(box.x + 7, box.y + 7);
    await page.mouse.down();
    for (let step = 1; step <= 10; step++) await page.mouse.move(box.x + 7 + 8 * step, box.y + 7);
    await page.mouse.up();
    await expect.poll(() => addressOf(page)).toMatch(/f\.distance=\d+\.\.$/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => addressOf(page)).toBe('explore/flights-3m?mark=histogram&x=delay');
    await page.close();
  });

  test('the table sorts, jumps to its middle and copies cells', async () => {
    const page = await app.open('explore/flights-3m?mark=histogram&x=delay');
    const grid = page.getByRole('grid');
    await grid.getByRole('gridcell').first().waitFor();
    await page.getByLabel('Go to row').fill('1499999');
    await page.getByLabel('Go to row').press('Enter');
    await grid.locator('[aria-rowindex="1500001"]').waitFor();
    await expect
      .poll(() => grid.locator('[aria-rowindex="1500001"] .table-number').innerText())
      .toBe('1499999');
    await grid.getByRole('columnheader', { name: 'delay' }).getByRole('button').click();
    await expect.poll(() => addressOf(page)).toContain('sort=delay');
    const cell = grid.locator('[aria-rowindex="2"]').getByRole('gridcell').nth(1);
    await expect.poll(() => cell.innerText()).toBe('-1116');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await cell.click();
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Control+c');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^-1116\t\d+$/);
    await page.close();
  });

  test('the download holds every matching row, and the picture is a PNG', async () => {
    const page = await app.open(
      'explore/flights-3m?mark=scatter&x=distance&y=delay&f.origin=ATL&f.delay=60..',
    );
    await settled(page);
    const matched = Number(
      await page.locator('[data-matched]').first().getAttribute('data-matched'),
    );
    await page.getByRole('button', { name: 'Download rows' }).click();
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: /^Download CSV(?! without)/u }).click(),
    ]);
    const lines = readFileSync(await csv.path(), 'utf8')
      .trimEnd()
      .split(/\r?\n/);
    expect(lines[0]).toBe('date,delay,distance,origin,destination');
    expect(lines.length - 1).toBe(matched);
    for (const format of ['CSV without formulas', 'Arrow']) {
      await page.getByRole('button', { name: 'Download rows' }).click();
      const [rows] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: `Download ${format}` }).click(),
      ]);
      const bytes = readFileSync(await rows.path());
      const count =
        format === 'Arrow'
          ? tableFromIPC(new Uint8Array(bytes)).numRows
          : bytes.toString().trimEnd().split('\n').length - 1;
      expect(count, format).toBe(matched);
    }
    const [png] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save PNG' }).click(),
    ]);
    const picture = PNG.sync.read(readFileSync(await png.path()));
    expect(picture.width).toBeGreaterThan(400);
    await page.close();
  });

  test('opens files by their path and by a drop, and says what cannot be opened', async () => {
    const file = join(folder, 'übung, eins.csv');
    writeFileSync(file, 'name,value\nA,1\nB,2\nC,3\n');
    const page = await app.open('');
    const path = page.getByLabel('Path of a file or folder on this machine');
    await path.fill(join(folder, 'none.csv'));
    await path.press('Enter');
    await page.getByRole('alert').waitFor();
    await path.fill(join(folder, 'üb'));
    await page.getByRole('option').first().waitFor();
    await path.press('ArrowDown');
    await path.press('Enter');
    await expect.poll(() => addressOf(page)).toBe('explore/übung, eins');
    await page.getByText('3 rows', { exact: true }).waitFor();
    await page.getByRole('link', { name: /Halftone/ }).click();
    await page.getByLabel('Choose a file').setInputFiles({
      name: 'dropped.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('a,b\n1,2\n3,4\n'),
    });
    await expect.poll(() => addressOf(page)).toBe('explore/dropped');
    await page.getByText('2 rows', { exact: true }).waitFor();
    await page.close();
  });

  test('ignores nonsense in an address and lists it', async () => {
    const page = await app.open('explore/flights-3m?mark=pie&x=nothing&f.delay=a..b&bogus=%00');
    await page.getByText('Parts of this link were ignored').waitFor();
    const notice = await page.getByRole('status').filter({ hasText: 'ignored' }).innerText();
    for (const part of ['mark=pie', 'nothing', '“a”', 'bogus']) expect(notice).toContain(part);
    await settled(page);
    await page.close();
  });

  test('follows the system into the dark, and a choice outlives the reload', async () => {
    const page = await app.open('explore/flights-3m', { dark: true });
    const surface = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.querySelector('header')!).backgroundColor);
    expect(await surface()).toBe('rgb(26, 27, 30)');
    await page.getByRole('button', { name: /^Theme/ }).click();
    expect(await surface()).toBe('rgb(255, 255, 255)');
    await page.reload();
    await page.getByRole('button', { name: /^Theme: light/ }).waitFor();
    expect(await surface()).toBe('rgb(255, 255, 255)');
    await page.close();
  });

  test('a small screen has the choices in a drawer, and nothing is cut off', async () => {
    const page = await app.open('explore/flights-3m', { width: 390 });
    await page.getByRole('button', { name: 'Show the panel' }).click();
    await page.getByRole('radio', { name: 'Bar', exact: true }).click();
    await page.getByRole('button', { name: 'Hide the panel' }).click();
    await expect.poll(() => addressOf(page)).toContain('mark=bar');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
    // The name of what is open can be read.
    const { width } = (await page.locator('.dataset-picker').boundingBox())!;
    expect(width).toBeGreaterThan(130);
    await page.close();
  });
});
