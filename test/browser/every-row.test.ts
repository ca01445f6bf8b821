import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectedCounts } from '../bench/density.js';
import { withDuckDb } from '../bench/duckdb.js';
import { marksOf, mustShow } from '../bench/painted.js';
import { hasBrowser, sample, settled, startApp, type AppServer } from './app-page.js';

const FLIGHTS = sample('flights-3m.parquet');
const SCATTER = 'explore/flights-3m?mark=scatter&x=distance&y=delay';

/** Throws unless the canvas shows every row that DuckDB counts in the domain of the address. */
async function mustShowEveryRow(page: Page, where = 'true'): Promise<void> {
  const picture = await marksOf(page);
  const address = new URL(page.url()).searchParams;
  const ends = (name: string): [number, number] =>
    address.get(name)!.split(',').map(Number) as [number, number];
  const counts = await withDuckDb(':memory:', (sql) =>
    expectedCounts(sql, {
      from: `'${FLIGHTS}'`,
      where,
      x: 'distance',
      y: 'delay',
      domain: { x: ends('xr'), y: ends('yr') },
      width: picture.width,
      height: picture.height,
    }),
  );
  mustShow(picture, counts);
}

/** Waits for the exact picture of so many rows. */
async function matched(page: Page, rows: number): Promise<void> {
  await page.locator(`.picture-host[data-state=exact][data-matched="${rows}"]`).waitFor();
}

describe.skipIf(!hasBrowser()).each([
  ['with WebGL', true],
  ['without any 3D', false],
])('the page draws every one of three million rows, %s', (_name, webgl) => {
  let app: AppServer;
  beforeAll(async () => {
    app = await startApp([FLIGHTS], { webgl });
  });
  afterAll(() => app?.close());

  test('unfiltered, filtered by a dropdown, and zoomed by the wheel', async () => {
    const page = await app.open(`${SCATTER}&xr=0,3000&yr=-60,240`);
    await matched(page, 3_000_000);
    await mustShowEveryRow(page);

    await page.locator('.filter-head button[aria-expanded]').filter({ hasText: 'origin' }).click();
    await page.locator('.options [role=option]').filter({ hasText: 'ATL' }).click();
    const [[rows]] = (await withDuckDb(':memory:', (sql) =>
      sql(`SELECT count(*) FROM '${FLIGHTS}' WHERE origin = 'ATL'`),
    )) as [[string]];
    await matched(page, Number(rows));
    await mustShowEveryRow(page, `origin = 'ATL'`);

    const box = (await page.locator('.halftone-marks').boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.7);
    const before = page.url();
    await page.mouse.wheel(0, -400);
    await expect.poll(() => page.url()).not.toBe(before);
    await expect.poll(() => page.locator('.picture-host').getAttribute('data-state')).toBe('exact');
    await settled(page);
    await mustShowEveryRow(page, `origin = 'ATL'`);
    await page.close();
  });
});
