import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../helpers/browser.js';
import { withDuckDb } from './duckdb.js';
import { paintedAfter, rest } from './painted.js';
import type { RunBench } from './result.js';
import { PLOTLY_FILE } from './scattergl.js';
import { FROM_AFAR, startServer } from './server.js';
import { benchRounds, benchRows } from './size.js';
import { median } from './statistics.js';
import { BENCH_FOLDER, flightsFile } from './tables.js';

/** The line between browser and server: 20 Mbit/s each way, 50 ms. */
const LINE = {
  offline: false,
  latency: 50,
  downloadThroughput: 20e6 / 8,
  uploadThroughput: 20e6 / 8,
};
const ROWS = 630_000;
const ROUNDS = 3;

/**
 * A dropdown and a scatter over a line: choice → painted, against a page that gets the same rows as a Plotly figure in
 * JSON. The choice is "is not ORD", which leaves nearly all rows: the figure is as large as classic ones are.
 */
export const run: RunBench = async (report) => {
  const rows = benchRows(ROWS);
  const file = await flightsFile(rows);
  const { top, table } = await withDuckDb(':memory:', async (sql) => {
    const found = await sql(
      `SELECT origin, count(*) FROM '${file}' GROUP BY origin ORDER BY 2 DESC, 1 LIMIT ${ROUNDS + 1}`,
    );
    return {
      top: found.map(([value, count]) => [String(value), Number(count)] as const),
      table: await sql(`SELECT distance, delay, origin FROM '${file}'`),
    };
  });
  const cacheDir = mkdtempSync(join(BENCH_FOLDER, 'classic-'));
  const dataset = basename(file, '.parquet');
  const [server, classic] = [await startServer([file], cacheDir), await serveFigures(table)];
  const browser = await launchBrowser();
  try {
    await server.ready(dataset);
    const halftone = await openHalftone(browser, `${server.url}explore/${dataset}`);
    const rival = await openThrottled(browser, classic.url);
    const ours: Measured[] = [];
    const theirs: Measured[] = [];
    for (let round = 0; round <= benchRounds(ROUNDS); round++) {
      const [value, count] = top[round % top.length]!;
      const [own, other] = [
        await chooseInHalftone(halftone, value, { left: rows - count, all: rows }),
        await chooseInRival(rival, value, rows - count),
      ];
      // The first choice is a warm-up: code is compiled, connections are opened.
      if (round > 0) {
        ours.push(own);
        theirs.push(other);
      }
    }
    const seconds = [ours, theirs].map((list) => median(list.map(({ ms }) => ms)));
    const bytes = [ours, theirs].map((list) => median(list.map((one) => one.bytes)));
    const what = `the classic workload, ${rows.toLocaleString('en')} rows, over 20 Mbit/s and 50 ms`;
    const gate = 'both draw as many rows as DuckDB counts';
    report({
      name: `${what}: choice → painted`,
      against: 'the same rows as a scattergl figure in JSON',
      value: seconds[1]! / seconds[0]!,
      unit: '×',
      bar: 20,
      want: 'at least',
      gate,
      detail: `${seconds[0]!.toFixed(0)} ms against ${(seconds[1]! / 1000).toFixed(2)} s, medians of ${ours.length}`,
    });
    report({
      name: `${what}: bytes of a choice`,
      against: 'the same rows as a scattergl figure in JSON',
      value: bytes[1]! / bytes[0]!,
      unit: '×',
      bar: 20,
      want: 'at least',
      gate,
      detail: `${(bytes[0]! / 1000).toFixed(0)} kB, all requests of the page, against ${(bytes[1]! / 1000).toFixed(0)} kB (${(classic.gzippedBytes() / 1000).toFixed(0)} kB if its server used gzip)`,
    });
  } finally {
    await browser.close();
    await server.stop();
    classic.close();
    rmSync(cacheDir, { recursive: true });
  }
};

interface Measured {
  ms: number;
  bytes: number;
}

interface Client {
  page: Page;
  /** Bytes that the page has received so far, headers included. */
  bytes: () => number;
}

async function openThrottled(browser: Browser, address: string): Promise<Client> {
  const page = await browser.newPage({
    viewport: { width: 1400, height: 900 },
    extraHTTPHeaders: FROM_AFAR,
  });
  await page.goto(address);
  let bytes = 0;
  const devtools = await page.context().newCDPSession(page);
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await devtools.send('Network.enable');
  await devtools.send('Network.emulateNetworkConditions', LINE);
  return { page, bytes: () => bytes };
}

async function openHalftone(browser: Browser, address: string): Promise<Client> {
  const client = await openThrottled(browser, `${address}?mark=scatter&x=distance&y=delay`);
  const { page } = client;
  await page.locator('.picture-host[data-state=exact]').waitFor({ timeout: 60_000 });
  await page
    .locator('.filter-head button[aria-expanded]')
    .filter({ hasText: /^origin/ })
    .click();
  await page.locator('.options [role=option]').first().waitFor();
  await page.getByRole('radio', { name: 'is not' }).click();
  return client;
}

async function chooseInHalftone(
  { page, bytes }: Client,
  value: string,
  { left, all }: { left: number; all: number },
): Promise<Measured> {
  const before = bytes();
  const ms = await paintedAfter(page, { press: '[role=option]', text: `${value} ` }, left);
  await rest(page);
  const received = bytes() - before;
  await paintedAfter(page, { press: '[aria-label="Clear the filter on origin"]' }, all);
  await rest(page);
  return { ms, bytes: received };
}

async function chooseInRival(
  { page, bytes }: Client,
  value: string,
  left: number,
): Promise<Measured> {
  const before = bytes();
  const { ms, points } = await page.evaluate(drawFigure, value);
  if (points !== left) throw new Error(`The figure has ${points} points, expected ${left}.`);
  await page.waitForTimeout(100);
  return { ms, bytes: bytes() - before };
}

/** In the rival's page: fetches a figure, draws it, and waits until it is drawn as `paintedAfter` does. */
async function drawFigure(value: string): Promise<{ ms: number; points: number }> {
  const { Plotly } = globalThis as unknown as {
    Plotly: { react: (...args: unknown[]) => Promise<unknown> };
  };
  const element = document.querySelector('#figure')!;
  const startedAt = performance.now();
  const figure = (await (await fetch(`figure?not=${value}`)).json()) as {
    data: [{ x: number[] }];
    layout: object;
  };
  const points = figure.data[0].x.length;
  // Plotly's own default is 2, which draws four times as many pixels.
  await Plotly.react(element, figure.data, figure.layout, { plotGlPixelRatio: 1 });
  const gl = element
    .querySelector<HTMLCanvasElement>('canvas.gl-canvas-context')!
    .getContext('webgl')!;
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  return { ms: performance.now() - startedAt, points };
}

/** What people have today: rows in the memory of a server, filtered and sent as a figure in JSON. */
async function serveFigures(table: readonly unknown[][]): Promise<{
  url: string;
  gzippedBytes: () => number;
  close: () => void;
}> {
  const x = table.map(([distance]) => Number(distance));
  const y = table.map(([, delay]) => Number(delay));
  const origin = table.map(([, , name]) => String(name));
  let last = '';
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url!, 'http://classic');
    if (pathname === '/') {
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><script src="plotly.js"></script><div id="figure"></div>');
    } else if (pathname === '/plotly.js') {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(PLOTLY_FILE));
    } else {
      const not = searchParams.get('not');
      const keep = (_: number, row: number): boolean => origin[row] !== not;
      const marker = { size: 3, opacity: 0.2 };
      const trace = { type: 'scattergl', mode: 'markers', marker };
      last = JSON.stringify({
        data: [{ ...trace, x: x.filter(keep), y: y.filter(keep) }],
        layout: { width: 1000, height: 600 },
      });
      response.setHeader('content-type', 'application/json');
      response.end(last);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    gzippedBytes: () => gzipSync(last).length,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
