import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { launchBrowser } from '../helpers/browser.js';
import { randomNumbers } from '../fixtures/tiny-tables.js';
import type { RunBench } from './result.js';
import { startServer } from './server.js';
import { benchMinutes, benchRows } from './size.js';
import { slopeOf } from './statistics.js';
import { recordTasks, type TaskTime } from './task-times.js';
import { BENCH_FOLDER, generatedFile, wideFiles } from './tables.js';

/** A heap is looked at this often, in milliseconds, after a collection. */
const HEAP_MS = 15_000;
/** The first share of the time fills caches of frames, and does not count as growth. */
const WARM_UP = 0.25;
/** Tasks above this are long, in milliseconds. */
const LONG_MS = 50;
/** The trace is asked for tasks from here on, so that the longest is known where none is long. */
const TRACED_MS = 10;
/** A person looks for so long at most before the next act, in milliseconds. */
const LOOK_MS = 1000;
const MB = 1024 * 1024;

/** Twelve charts of every mark; what is selected in one filters the others. */
const CHARTS = [
  'mark: scatter, x: delay, y: amount',
  'mark: histogram, x: delay',
  'mark: bar, x: origin',
  'mark: line, x: at, y: delay, agg: mean, bin: day',
  'mark: heatmap, x: amount, y: delay',
  'mark: histogram, x: amount, color: wing',
  'mark: line, x: at, y: amount',
  'mark: bar, x: wing, y: amount, agg: mean',
  'mark: scatter, x: at, y: ratio, color: wing',
  'mark: histogram, x: at',
  'mark: value, of: amount, agg: mean',
  'mark: rows',
];

/** A long task of the page, and what was being done. */
interface LongTask {
  at: number;
  ms: number;
  during: string;
}

/**
 * A person works for minutes on twelve linked charts, with the mouse and the keyboard as the browser gets them: which tasks keep the
 * page from answering, and whether its heap grows.
 */
export const run: RunBench = async (report) => {
  const rows = benchRows(10_000_000);
  const minutes = benchMinutes(2);
  const file = await ordersFile(rows);
  const folder = mkdtempSync(join(BENCH_FOLDER, 'dashboard-'));
  const configuration = join(folder, 'halftone.yaml');
  writeFileSync(configuration, configurationOf(file));
  const server = await startServer([], join(folder, 'cache'), ['--config', configuration]);
  const browser = await launchBrowser();
  try {
    await server.ready('orders');
    const page = await browser.newPage({ viewport: { width: 1600, height: 1060 } });
    page.setDefaultTimeout(120_000);
    const failures: string[] = [];
    page.on('pageerror', (error) => failures.push(error.message));
    await page.addInitScript(() => {
      const tasks: { at: number; ms: number }[] = [];
      Object.assign(globalThis, { longTasks: tasks });
      new PerformanceObserver((list) => {
        for (const { startTime, duration } of list.getEntries()) {
          tasks.push({ at: performance.timeOrigin + startTime, ms: duration });
        }
      }).observe({ type: 'longtask', buffered: true });
    });
    await page.goto(`${server.url}d/orders`);
    await settled(page);
    // The context of WebGL, and what else comes when the page is at rest.
    await page.evaluate(
      () => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve, 2000))),
    );
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.enable');

    const diary: { at: number; steady: number; what: string }[] = [];
    const note = (what: string): void =>
      void diary.push({ at: Date.now(), steady: steadySeconds(), what });
    const recorder = await recordTasks(browser);
    const traced: TaskTime[] = [];
    const heap: [number, number][] = [];
    const collections: [number, number][] = [];
    const startedAt = Date.now();
    const endsAt = startedAt + minutes * 60_000;
    const person = personAt(page, note);
    let looked = 0;
    while (Date.now() < endsAt) {
      await person.act();
      if (Date.now() - looked < HEAP_MS) continue;
      await settled(page);
      note('collection');
      const from = Date.now();
      heap.push([(from - startedAt) / 60_000, (await heapOf(session)) / MB]);
      collections.push([from - 5, Date.now() + 5]);
      traced.push(...(await recorder.take(TRACED_MS)));
      looked = Date.now();
    }
    await settled(page);
    traced.push(...(await recorder.take(TRACED_MS)));
    if (failures.length > 0) throw new Error(`The page threw: ${failures.join('; ')}`);
    const drawn = await page
      .locator('[data-chart] :is([data-state=exact], [data-state=empty])')
      .count();
    if (drawn < CHARTS.length - 1) throw new Error(`Only ${drawn} charts are drawn.`);

    const found = await page.evaluate(
      () => (globalThis as unknown as { longTasks: { at: number; ms: number }[] }).longTasks,
    );
    const tasks: LongTask[] = found
      .filter(({ at }) => at >= startedAt)
      .filter(({ at, ms }) => !collections.some(([from, to]) => at < to && at + ms > from))
      .map(({ at, ms }) => ({
        at,
        ms,
        during: diary.findLast((each) => each.at <= at)?.what ?? '',
      }));
    const longest = tasks.toSorted((a, b) => b.ms - a.ms);
    const byThread: LongTask[] = traced
      .map(({ at, cpuMs }) => ({
        at,
        ms: cpuMs,
        during: diary.findLast((each) => each.steady <= at)?.what ?? 'collection',
      }))
      .filter(({ during }) => during !== 'collection')
      .toSorted((a, b) => b.ms - a.ms);
    const counted = heap.filter(([minute]) => minute >= minutes * WARM_UP);
    const words = `${person.acts()} acts in ${minutes} minutes`;
    for (const [found, name, against] of [
      [longest, 'longest task of the page', 'PerformanceObserver, under mouse and keyboard'],
      [
        byThread,
        'longest task by the time of its thread',
        'the trace of the browser: without the time that others had the processor',
      ],
    ] as const) {
      report({
        name: `12 linked charts, ${rows / 1e6} M rows: ${name}`,
        against,
        value: found[0]?.ms ?? 0,
        unit: 'ms',
        bar: 100,
        want: 'at most',
        gate: 'nothing was thrown, and every chart is drawn at the end',
        detail: `${words}; ${countAbove(found, LONG_MS)} above ${LONG_MS} ms, ${countAbove(found, 100)} above 100 ms: ${wordsOf(found)}`,
      });
    }
    report({
      name: `12 linked charts, ${rows / 1e6} M rows: growth of the heap a minute`,
      against:
        'the heap of scripts and its array buffers after a collection; brush cubes of 8 MB and frames of 4 MB are kept in it',
      value: Math.max(0, slopeOf(counted)),
      unit: 'MB',
      bar: 1,
      want: 'at most',
      gate: 'nothing was thrown, and every chart is drawn at the end',
      detail: `${words}; from ${counted[0]?.[1].toFixed(1)} to ${counted.at(-1)?.[1].toFixed(1)} MB, of ${counted.length} looks after the first quarter; ${heap.map(([, size]) => size.toFixed(0)).join(' ')}`,
    });
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  }
};

/** Six columns of the bench's wide table; `wing` is one of ten. */
async function ordersFile(rows: number): Promise<string> {
  const { parquet } = await wideFiles(rows);
  const query = `SELECT * EXCLUDE (id, label), substr(origin, 2) AS wing FROM '${parquet}'`;
  return generatedFile(`orders-${rows}.parquet`, query);
}

const countAbove = (tasks: readonly LongTask[], leastMs: number): number =>
  tasks.filter(({ ms }) => ms > leastMs).length;

const wordsOf = (tasks: readonly LongTask[]): string =>
  tasks
    .slice(0, 6)
    .map(({ ms, during }) => `${ms.toFixed(0)} ms (${during})`)
    .join(', ');

/** The clock that traces are written by, in seconds. */
const steadySeconds = (): number => Number(process.hrtime.bigint()) / 1e9;

const configurationOf = (file: string): string => `version: 1
datasets:
  orders: { files: ${JSON.stringify(file)} }
dashboards:
  orders:
    title: Orders
    filters:
      - { column: origin, control: choice }
      - { column: amount }
    items:
${CHARTS.map((chart, i) => `      - { id: c${i}, span: 3, height: 6, chart: { dataset: orders, ${chart} } }`).join('\n')}
`;

/** Waits until no chart is on its way to another picture. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector('[data-chart] [data-state]') !== null &&
      document.querySelector('[data-chart] :is([data-state=loading], [data-state=moving])') ===
        null,
    undefined,
    // Without this it is looked at in each frame, and a page at rest makes one at each refresh of the display.
    { polling: 50 },
  );
}

/** Bytes of the heap of scripts with the buffers of typed arrays, after a collection. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  return usage.usedSize + (usage.backingStorageSize ?? 0);
}

/** Somebody who drags, turns the wheel, selects, types and takes back, in an order that is the same every time. */
function personAt(
  page: Page,
  note: (what: string) => void,
): { act(): Promise<void>; acts(): number } {
  const random = randomNumbers(7);
  const { mouse, keyboard } = page;
  let count = 0;
  const between = (from: number, to: number): number => from + random() * (to - from);
  const chart = async (...ids: number[]): Promise<(x: number, y: number) => [number, number]> => {
    const id = ids[Math.floor(random() * ids.length)]!;
    const box = (await page.locator(`[data-chart=c${id}] .picture`).boundingBox())!;
    // Inside the axes.
    return (x, y) => [box.x + 60 + (box.width - 80) * x, box.y + 15 + (box.height - 65) * y];
  };
  const drag = async (
    at: (x: number, y: number) => [number, number],
    steps = 12,
  ): Promise<void> => {
    await mouse.move(...at(between(0.2, 0.5), between(0.2, 0.5)));
    await mouse.down();
    for (let step = 1; step <= steps; step++) {
      await mouse.move(...at(0.35 + 0.03 * step, 0.4 + 0.02 * step * (step % 2)));
    }
    await mouse.up();
  };
  const ACTS: Record<string, () => Promise<void>> = {
    async pan() {
      await drag(await chart(0, 3, 6, 8));
    },
    async wheel() {
      await mouse.move(...(await chart(0, 3, 4, 6, 8))(between(0.3, 0.7), between(0.3, 0.7)));
      const turn = random() < 0.5 ? -120 : 120;
      for (let i = 0; i < 4; i++) await mouse.wheel(0, turn);
    },
    async hover() {
      const at = await chart(0, 1, 2, 3, 4, 5, 6, 8, 9);
      for (let i = 0; i < 20; i++) await mouse.move(...at(between(0, 1), between(0, 1)));
    },
    async brush() {
      await keyboard.down('Shift');
      await drag(await chart(1, 5, 9), 20);
      await keyboard.up('Shift');
    },
    async box() {
      await keyboard.down('Shift');
      await drag(await chart(0, 4));
      await keyboard.up('Shift');
    },
    async 'click a bar'() {
      await mouse.click(...(await chart(2, 7))(0.1, between(0.1, 0.9)));
    },
    async legend() {
      // One that is made anew loses its buttons.
      await settled(page);
      const buttons = page.locator('[data-chart=c5] .legend button');
      const total = await buttons.count();
      if (total > 0) await buttons.nth(Math.floor(random() * total)).click();
    },
    async keys() {
      const at = await chart(0, 3, 6);
      await mouse.click(...at(0.5, 0.5));
      for (const key of ['ArrowRight', 'ArrowRight', '+', 'ArrowLeft', '-', 'Escape']) {
        await keyboard.press(key);
      }
    },
    async table() {
      const box = (await page.locator('[data-chart=c11]').boundingBox())!;
      await mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      for (let i = 0; i < 6; i++) await mouse.wheel(0, between(200, 4000));
    },
    async undo() {
      for (let i = 0; i < 3; i++) await keyboard.press('Control+z');
    },
    async clear() {
      const buttons = page.getByRole('button', { name: /^Clear the selection in/u });
      while ((await buttons.count()) > 0) await buttons.first().click();
    },
  };
  const names = Object.keys(ACTS);
  return {
    async act() {
      const name = names[Math.floor(random() * names.length)]!;
      note(name);
      await ACTS[name]!();
      count++;
      // A person looks at what came of it, or goes on at once.
      if (random() < 0.6) await settled(page);
      await page.waitForTimeout(between(100, LOOK_MS));
    },
    acts: () => count,
  };
}
