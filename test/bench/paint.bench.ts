import { mkdtempSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { launchBrowser } from '../helpers/browser.js';
import { expectedCounts } from './density.js';
import { withDuckDb, type Sql } from './duckdb.js';
import { marksOf, mustShow, paintedAfter, rest } from './painted.js';
import type { RunBench } from './result.js';
import { drawScattergl, loadScattergl, readColumns, SCATTERGL_ROUTE } from './scattergl.js';
import { startServer } from './server.js';
import { benchRounds, benchRows } from './size.js';
import { median, quantile } from './statistics.js';
import { BENCH_FOLDER, flightsFile } from './tables.js';

const FILTERS = 30;
const DOMAIN: { x: [number, number]; y: [number, number] } = { x: [0, 3000], y: [-60, 240] };

/** Marks up to so many rows are smooth discs of their own, and not in whole pixels. */
const SMOOTH_ROWS = 2000;

/** A filter is changed in the page: until the new picture is painted, against scattergl fed the rows that match. */
export const run: RunBench = async (report) => {
  const rows = benchRows(3_000_000);
  const file = await flightsFile(rows);
  const dataset = basename(file, '.parquet');
  const cacheDir = mkdtempSync(join(BENCH_FOLDER, 'paint-'));
  const server = await startServer([file], cacheDir);
  const browser = await launchBrowser();
  try {
    await server.ready(dataset);
    await withDuckDb(':memory:', async (sql) => {
      // The policy of the page would keep the rival out.
      const context = await browser.newContext({
        viewport: { width: 1400, height: 900 },
        deviceScaleFactor: 1,
        bypassCSP: true,
      });
      const page = await context.newPage();
      // The newest rows first: a filter "from" then leaves the first so many of them.
      const columns = await readColumns(`SELECT distance, delay FROM '${file}' ORDER BY date DESC`);
      await page.route(`**/${SCATTERGL_ROUTE}`, (route) => route.fulfill({ body: columns }));
      const view = `xr=${DOMAIN.x.join()}&yr=${DOMAIN.y.join()}`;
      await page.goto(`${server.url}explore/${dataset}?mark=scatter&x=distance&y=delay&${view}`);
      await page.locator('.picture-host[data-state=exact]').waitFor({ timeout: 60_000 });
      await page.locator('.filter-head button[aria-expanded]').filter({ hasText: /^date/ }).click();
      await page.getByLabel('date from').waitFor();
      const bounds = await page.locator('.halftone-marks').boundingBox();
      await loadScattergl(page, { bounds: bounds!, domain: DOMAIN });

      const change = async ({ from, left }: From): Promise<number> =>
        paintedAfter(page, { field: 'input[aria-label="date from"]', value: from }, left);
      const check = async ({ from, left }: From): Promise<string> => {
        const picture = await marksOf(page);
        const { width, height } = picture;
        if (left > SMOOTH_ROWS) {
          const where = `date >= '${from}'`;
          const asked = { from: `'${file}'`, where, x: 'distance', y: 'delay', domain: DOMAIN };
          mustShow(picture, await expectedCounts(sql, { ...asked, width, height }));
        }
        return picture.renderer;
      };
      for (const [left, rounds, bar] of [
        [rows, 3, 10],
        [200_000, 5, 1],
        [20_000, 5, 1],
        [1000, 5, 1],
      ] as const) {
        if (left > rows) continue;
        const filters = await filtersAround(sql, file, Math.min(left, rows - 2000), 10);
        await change(filters.pop()!);
        const ours: number[] = [];
        const theirs: number[] = [];
        let renderer = '';
        for (let round = 0; round < benchRounds(rounds); round++) {
          const filter = filters[round]!;
          ours.push(await change(filter));
          renderer = await check(filter);
          await rest(page);
          if (round === 0) await drawScattergl(page, { rows: filters.at(-1)!.left, ratio: 1 });
          theirs.push(await drawScattergl(page, { rows: filter.left, ratio: 1 }));
        }
        // Its own default, which draws four times as many pixels.
        await drawScattergl(page, { rows: 1, ratio: 2 });
        const theirDefault = await drawScattergl(page, { rows: filters[0]!.left, ratio: 2 });
        report({
          name: `filter change → painted, ${rows / 1e6} M rows, the filter leaves ${left === rows ? 'nearly all' : left.toLocaleString('en')}`,
          against: 'scattergl fed the matching rows, plotGlPixelRatio 1',
          value: median(theirs) / median(ours),
          unit: '×',
          bar,
          want: 'at least',
          gate:
            left > SMOOTH_ROWS
              ? 'each pixel is 1-(1-a)^n of DuckDB’s counts'
              : 'as many rows match as DuckDB counts',
          detail: `${median(ours).toFixed(0)} ms (${renderer}) against ${median(theirs).toFixed(0)} ms; ${theirDefault.toFixed(0)} ms at ratio 2`,
        });
      }
      await page.evaluate(() => document.querySelector('#scattergl')!.remove());
      const times: number[] = [];
      for (let i = 0; i < FILTERS; i++) {
        const share = (i * 7 + 3) % FILTERS;
        const [filter] = await filtersAround(
          sql,
          file,
          Math.floor((rows * (share + 0.5)) / FILTERS),
          1,
        );
        times.push(await change(filter!));
        if (i % 10 === 0) await check(filter!);
      }
      report({
        name: `filter change → painted, ${rows / 1e6} M rows, p95 of ${FILTERS} filters`,
        against: 'from the change of the field',
        value: quantile(times, 0.95),
        unit: 'ms',
        bar: 400,
        want: 'at most',
        gate: 'as many rows match as DuckDB counts; every tenth picture is checked',
        detail: `median ${median(times).toFixed(0)} ms, slowest ${Math.max(...times).toFixed(0)} ms`,
      });
    });
  } finally {
    await browser.close();
    await server.stop();
    rmSync(cacheDir, { recursive: true });
  }
};

/** The filter "date from", and how many rows it leaves. */
interface From {
  from: string;
  left: number;
}

/** Different filters, each of which leaves about `left` rows, and no two as many. */
async function filtersAround(sql: Sql, file: string, left: number, count: number): Promise<From[]> {
  const found =
    await sql(`SELECT strftime(date, '%Y-%m-%dT%H:%M:%S'), sum(count(*)) OVER (ORDER BY date DESC) AS left_over
    FROM '${file}' GROUP BY date ORDER BY abs(left_over - ${left}) LIMIT ${count}`);
  return found.map(([from, over]) => ({ from: String(from), left: Number(over) }));
}
