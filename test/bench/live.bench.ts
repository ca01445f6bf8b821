import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { DatasetInfo } from '../../protocol/dataset.js';
import { launchBrowser } from '../helpers/browser.js';
import type { RunBench } from './result.js';
import { startServer } from './server.js';
import { benchMinutes } from './size.js';
import { median, slopeOf } from './statistics.js';
import { BENCH_FOLDER } from './tables.js';

/** The demonstration: ten charts of a table that is pulled every two seconds. */
const CONFIGURATION = join('data', 'refresh', 'halftone.yaml');
const CHARTS = 10;
/** How often the server is looked at, in milliseconds. */
const LOOK_MS = 2000;
/** An address that stays for so long, through two refreshes, has taken the last turn of the wheel in. */
const REST_MS = 5000;
/** The first share of the time fills caches, and does not count as growth. */
const WARM_UP = 0.25;
/** The charts that are zoomed: their places on the page, and what they show. */
const ZOOMED: Readonly<Record<number, string>> = {
  0: 'line minute amount',
  3: 'scatter at delay',
  4: 'histogram delay',
  9: 'scatter amount delay',
};
const CHARTS_ZOOMED = Object.values(ZOOMED);

/** Ten charts of which four are zoomed, a new snapshot under them every two seconds: the views that were lost, and whether the server grows. */
export const run: RunBench = async (report) => {
  const minutes = benchMinutes(1);
  const folder = mkdtempSync(join(BENCH_FOLDER, 'live-'));
  const server = await startServer([], join(folder, 'cache'), ['--config', CONFIGURATION]);
  const browser = await launchBrowser();
  try {
    await server.ready('orders');
    const page = await browser.newPage({ viewport: { width: 1280, height: 1200 } });
    page.setDefaultTimeout(120_000);
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await page.goto(`${server.url}d/live`);
    await drawn(page);
    for (const at of Object.keys(ZOOMED)) await zoom(page, Number(at));
    const view = await settledAddress(page);
    const ranges = [...new URL(view).searchParams].filter(([name]) => /^[xy]r\./u.test(name));
    if (ranges.length < CHARTS_ZOOMED.length) throw new Error(`Not all are zoomed: ${view}`);

    let resets = 0;
    page.on('framenavigated', () => {
      if (page.url() !== view) resets++;
    });
    /** The parts of the data that each zoomed chart asked for. */
    const views = new Map(CHARTS_ZOOMED.map((chart) => [chart, new Set<string>()]));
    let questions = 0;
    page.on('request', (request) => {
      const packed = new URL(request.url()).searchParams.get('q');
      if (packed === null) return;
      questions++;
      const query = JSON.parse(Buffer.from(packed, 'base64url').toString()) as AnyQuery;
      views.get(nameOf(query))?.add(JSON.stringify(query.domain));
    });
    const info = (): Promise<DatasetInfo> => server.get<DatasetInfo>('datasets/orders');
    const { sequence: first } = await info();
    const startedAt = Date.now();
    const looks: { minute: number; bytes: number; files: number }[] = [];
    while (Date.now() < startedAt + minutes * 60_000) {
      await page.waitForTimeout(LOOK_MS);
      looks.push({ minute: (Date.now() - startedAt) / 60_000, ...partsOf(server.pid) });
    }
    const { sequence: last } = await info();
    await drawn(page);
    if (page.url() !== view) resets++;
    if (failures.length > 0) throw new Error(`The page threw: ${failures.join('; ')}`);
    const refreshes = last! - first!;
    for (const [chart, { size }] of views) {
      if (size === 0) throw new Error(`The chart "${chart}" has asked for nothing.`);
      resets += size - 1;
    }
    const pictures = process.env['HALFTONE_BENCH_PICTURES'];
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'live.png') });

    const counted = looks.filter(({ minute }) => minute >= minutes * WARM_UP);
    const megabytes = counted.map(({ minute, bytes }) => [minute, bytes / 1e6] as const);
    const third = Math.ceil(counted.length / 3);
    const filesOf = (some: typeof looks): number => median(some.map(({ files }) => files));
    const words = `${refreshes} refreshes in ${minutes} minutes, ${questions} frames asked for`;
    const gate = 'nothing was thrown, and every chart is drawn at the end';
    const against = `ten charts, ${CHARTS_ZOOMED.length} of them zoomed`;
    report({
      name: 'views that a refresh has lost',
      against,
      value: resets,
      unit: 'views',
      bar: 0,
      want: 'at most',
      gate,
      detail: words,
    });
    report({
      name: 'growth of the server in a minute',
      against,
      value: Math.max(0, slopeOf(megabytes)),
      unit: 'MB',
      bar: 1,
      want: 'at most',
      gate,
      detail: `the resident memory of its process, by least squares after the first quarter: from ${megabytes[0]![1].toFixed(0)} to ${megabytes.at(-1)![1].toFixed(0)} MB; ${words}`,
    });
    report({
      name: 'growth of its open files',
      against,
      value: Math.max(0, filesOf(counted.slice(-third)) - filesOf(counted.slice(0, third))),
      unit: 'files',
      bar: 1,
      want: 'at most',
      gate,
      detail: `medians of the first and the last third; ${Math.min(...counted.map(({ files }) => files))} to ${Math.max(...counted.map(({ files }) => files))}, as loads come and go`,
    });
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Waits until all charts have their exact pictures: they do between two refreshes. */
async function drawn(page: Page): Promise<void> {
  const wanted = '[data-chart] :is([data-state=exact], [data-state=sampled])';
  await page.waitForFunction(({ css, charts }) => document.querySelectorAll(css).length >= charts, {
    css: wanted,
    charts: CHARTS,
  });
}

async function zoom(page: Page, at: number): Promise<void> {
  const before = page.url();
  const picture = page.locator('[data-chart]').nth(at).locator('.picture');
  await picture.scrollIntoViewIfNeeded();
  const box = (await picture.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.55, box.y + box.height * 0.45);
  for (let turn = 0; turn < 3; turn++) await page.mouse.wheel(0, -120);
  await page.waitForFunction((url) => location.href !== url, before);
}

/** The address of the page once the wheel has come to rest. */
async function settledAddress(page: Page): Promise<string> {
  for (;;) {
    await drawn(page);
    const before = page.url();
    await page.waitForTimeout(REST_MS);
    if (page.url() === before) return before;
  }
}

interface AnyQuery {
  mark: string;
  x?: string | { column: string };
  y?: string;
  domain?: unknown;
}

function nameOf({ mark, x, y }: AnyQuery): string {
  return [mark, typeof x === 'object' ? x.column : x, y].filter(Boolean).join(' ');
}

/** The resident memory of a process in bytes, and its open files. */
function partsOf(pid: number): { bytes: number; files: number } {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/mu.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return { bytes: Number(kilobytes) * 1024, files: readdirSync(`/proc/${pid}/fd`).length };
}
