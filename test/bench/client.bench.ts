import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import type { FrameMetadata } from '../../protocol/frame.js';
import {
  dictionaryOf,
  plainColumn,
  writeFrame,
  type FrameColumn,
} from '../../workers/scan/frame.js';
import { servePage } from '../browser/build-page.js';
import type { RacePage } from '../browser/page/race.js';
import type { GalleryPage } from '../browser/page/gallery.js';
import { randomNumbers } from '../fixtures/tiny-tables.js';
import { launchBrowser } from '../helpers/browser.js';
import { shellFiles } from '../helpers/shell-files.js';
import type { RunBench } from './result.js';
import { PLOTLY_FILE } from './scattergl.js';
import { benchRounds, benchRows } from './size.js';
import { median, quantile } from './statistics.js';

declare const race: RacePage;
declare const gallery: GalleryPage;

/** The plot area of both sides, in pixels. */
const SIZE = { width: 840, height: 420 };
const DOMAIN = { x: [-4, 4], y: [-4, 4] };
const AGAINST = 'scattergl, the same Arrow bytes, plotGlPixelRatio 1';
const GATE = 'mean opacity of both pictures differs by at most 6 of 255';

/** The chart core alone against scattergl, in one page, in turn, each until its pixels can be read and two frames are past. */
export const run: RunBench = async (report) => {
  const rows = benchRows(1_000_000);
  const frames = new Map<string, Uint8Array>([
    ['one', pointsFrame(1)],
    ['points', pointsFrame(rows)],
    ['color', pointsFrame(rows, 'category')],
    ['color by number', pointsFrame(rows, 'number')],
    ['line', lineFrame(rows)],
    ['few', lineFrame(Math.min(rows, SIZE.width * 6))],
    ...(['gaussian', 'constant y', 'one outlier'] as const).map(
      (shape) => [shape, densityFrame(benchRows(10_000_000), shape)] as const,
    ),
  ]);
  const [served, many] = await Promise.all([servePage('race'), servePage('gallery')]);
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 924, height: 490 } });
    page.setDefaultTimeout(300_000);
    await page.route('**/frame-*', (route) => {
      const name = decodeURIComponent(route.request().url().split('frame-')[1]!);
      // Scripts of the page may begin with the same word.
      const bytes = frames.get(name);
      return bytes === undefined ? route.continue() : route.fulfill({ body: Buffer.from(bytes) });
    });
    await page.goto(served.url);
    await page.addScriptTag({ path: PLOTLY_FILE });
    for (const name of frames.keys()) await page.evaluate((each) => race.load(each), name);

    // Axes up, and everything compiled.
    for (let i = 0; i < 3; i++) await ours(page, 'one');
    await page.waitForSelector('#ours .nsewdrag', { state: 'attached' });
    await theirs(page, 'one');
    const before = await heapOf(page);
    await ours(page, 'points');
    const perRow = ((await heapOf(page)) - before) / rows;

    const compare = async (name: string, rounds: number): Promise<[number[], number[]]> => {
      const times: [number[], number[]] = [[], []];
      for (let round = 0; round < benchRounds(rounds); round++) {
        await page.evaluate(() => race.front('ours'));
        times[0].push(await ours(page, name));
        await page.evaluate(() => race.front('theirs'));
        times[1].push(await theirs(page, name));
        if (name === 'points') {
          const off = await page.evaluate(() => race.difference());
          if (!(off <= 6)) throw new Error(`The pictures differ by ${off} of 255.`);
        }
      }
      return times;
    };
    const tell = (
      name: string,
      [mine, other]: [number[], number[]],
      bar: number,
      p = 0.5,
      gate = GATE,
      note = '',
    ): void => {
      const [a, b] = [quantile(mine, p), quantile(other, p)];
      report({
        name: `${name}, ${rows / 1e6} M rows`,
        against: AGAINST,
        value: b / a,
        unit: '×',
        bar,
        want: 'at least',
        gate,
        detail: `${a.toFixed(0)} ms against ${b.toFixed(0)} ms, of ${mine.length} and ${other.length}${note}`,
      });
    };
    tell('bytes → first painted frame, axes up', await compare('points', 5), 30);
    await page.evaluate(() => race.front('theirs'));
    const panTheirs = await pan(page, 'theirs', benchRounds(5));
    await page.evaluate(() => race.front('ours'));
    await ours(page, 'points');
    const panOurs = await pan(page, 'ours', benchRounds(40));
    tell('pan, a frame with axes, p95', [panOurs, panTheirs], 30, 0.95);
    tell('category color, first painted frame', await compare('color', 5), 100);

    await page.evaluate(() => race.front('ours'));
    const style = { radius: 1.5, opacity: 0.2 };
    for (const [what, name, gate, choices] of [
      [
        'a category hidden or shown by the legend',
        'color',
        'the browser tests compare the picture with the rows that are left',
        [{ hidden: ['c3'] }, { hidden: [] }],
      ],
      [
        'another palette',
        'color by number',
        'the tests of the client compare the cells with a color for each point',
        [{ style: { ...style, palette: 'magma' } }, { style }],
      ],
    ] as const) {
      await ours(page, name);
      const times: number[] = [];
      for (let round = 0; round < benchRounds(9); round++) {
        times.push(
          await page.evaluate(([each, more]) => race.ours(each, more), [
            name,
            choices[round % 2]!,
          ] as const),
        );
      }
      report({
        name: `${what}, ${rows / 1e6} M rows`,
        against: 'nothing is asked or counted on the server; two frames of the browser are in it',
        value: median(times),
        unit: 'ms',
        bar: 60,
        want: 'at most',
        gate,
        detail: `slowest ${Math.max(...times).toFixed(0)} ms of ${times.length}`,
      });
    }

    await ours(page, 'points');
    for (const opacity of [0.5, 0.02, 0.002]) {
      await page.evaluate((more) => race.ours('points', more), { style: { ...style, opacity } });
      const off = await page.evaluate((each) => race.opacityOff('points', each), opacity);
      report({
        name: `opacity ${opacity}, ${rows / 1e6} M rows: the pixel that is most off`,
        against: '1 − (1 − opacity)ⁿ of its rows in double precision',
        value: off,
        unit: '/ 255',
        bar: 1,
        want: 'at most',
        gate: 'every pixel of the picture is compared',
        detail: 'rounding to a byte alone is 0.5',
      });
    }

    const lineTimes: [number[], number[]] = [[], []];
    for (let round = 0; round < benchRounds(3); round++) lineTimes[0].push(await ours(page, 'few'));
    await page.evaluate(() => race.front('theirs'));
    lineTimes[1].push(await theirs(page, 'line'));
    const linePan = await pan(page, 'theirs', 1);
    await page.evaluate(() => race.front('ours'));
    await ours(page, 'few');
    const ourLinePan = await pan(page, 'ours', benchRounds(20));
    const asSent = 'the bench `line` and the fidelity tests compare the picture with all rows';
    const note = '; ours from the vertices that the server sends, theirs from all rows';
    tell('a line, first painted frame', lineTimes, 300, 0.5, asSent, note);
    tell('a line, pan, p95', [ourLinePan, linePan], 300, 0.95, asSent, note);

    const lasso = async (side: 'ours' | 'theirs'): Promise<number> => {
      await page.evaluate((each) => race.front(each), side);
      if (side === 'ours') await ours(page, 'points');
      await page.evaluate((each) => race.lasso(each), side);
      await page.mouse.move(300, 100);
      await page.mouse.down();
      for (const [x, y] of [
        [600, 120],
        [650, 300],
        [400, 350],
        [310, 200],
      ] as const) {
        await page.mouse.move(x, y, { steps: 4 });
      }
      await page.mouse.up();
      return page.evaluate(() => race.lassoMs());
    };
    const lassoOurs: number[] = [];
    for (let round = 0; round < benchRounds(5); round++) lassoOurs.push(await lasso('ours'));
    tell('lasso, mouse-up → highlight', [lassoOurs, [await lasso('theirs')]], 100);

    await page.evaluate(() => race.front('ours'));
    for (const shape of ['gaussian', 'constant y', 'one outlier']) {
      await ours(page, shape);
      await page.evaluate(() => race.hover(2000));
      const times = await page.evaluate(() => race.hover(2000));
      report({
        name: `hover p99, ${benchRows(10_000_000) / 1e6} M rows, ${shape}`,
        against: 'the event of one move of the pointer',
        value: quantile(times, 0.99),
        unit: 'ms',
        bar: 1,
        want: 'at most',
        gate: 'the browser tests compare what is found with the rows',
        detail: `median ${median(times).toFixed(2)} ms, slowest ${Math.max(...times).toFixed(2)} ms of ${times.length}`,
      });
    }
    report({
      name: `script heap beyond the Arrow bytes, ${rows / 1e6} M points`,
      against: 'the heap and its array buffers after a collection, before and after the picture',
      value: Math.max(0, perRow),
      unit: 'B/row',
      bar: 12,
      want: 'at most',
      gate: 'the picture is on the screen',
      detail: 'the frame itself is held before and after',
    });
    await page.close();

    const wide = await browser.newPage({ viewport: { width: 1920, height: 1440 } });
    await wide.goto(`${many.url}?renderer=gpu`);
    await wide.evaluate(() => gallery.show(64, 10_000));
    await wide.waitForFunction(
      () => document.querySelectorAll('.chart[data-state=exact]').length === 64,
    );
    const drawn = await wide.evaluate(() => gallery.inks().filter((ink) => ink > 100).length);
    const contexts = await wide.evaluate(() => gallery.contexts.length);
    report({
      name: '64 live charts on a page: share of them drawn',
      against: 'scattergl: about 8',
      value: (100 * drawn) / 64,
      unit: '%',
      bar: 100,
      want: 'at least',
      gate: 'each canvas holds marks, and no context is lost',
      detail: `${contexts} context of WebGL`,
    });
    report({
      name: 'shell and chart core, gzip, without Plotly',
      against: 'what the page loads before its axes',
      value: shellBytes() / 1000,
      unit: 'kB',
      bar: 90,
      want: 'at most',
      gate: 'the page’s own scripts and styles, the chart’s, and what they import',
      detail: 'WebGL, the table, the start page, dashboards and dialogs come when they are wanted',
    });
  } finally {
    await browser.close();
    await Promise.all([served.close(), many.close()]);
  }
};

const ours = async (page: Page, name: string): Promise<number> =>
  page.evaluate((each) => race.ours(each), name);
const theirs = async (page: Page, name: string): Promise<number> =>
  page.evaluate((each) => race.theirs(each), name);

/** Drags the axes by the mouse; gives the milliseconds of each step. */
async function pan(page: Page, side: 'ours' | 'theirs', steps: number): Promise<number[]> {
  const before = await page.evaluate((each) => race.low(each), side);
  await page.mouse.move(400, 220);
  await page.mouse.down();
  await page.evaluate((each) => race.pan(each), side);
  for (let step = 1; step <= steps; step++) {
    // A drag begins for Plotly after 8 pixels.
    await page.mouse.move(410 + 5 * step, 220);
    await page.waitForFunction((count) => race.panned.length >= count, step);
  }
  await page.mouse.up();
  const after = await page.evaluate((each) => race.low(each), side);
  if (before === after) throw new Error(`The axes of ${side} did not move.`);
  return page.evaluate(() => [...race.panned]);
}

/** Bytes of the heap of scripts with the buffers of typed arrays, after a collection. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as {
    usedSize: number;
    backingStorageSize?: number;
  };
  await session.detach();
  return usage.usedSize + (usage.backingStorageSize ?? 0);
}

/** Bytes of the scripts and styles that a first chart needs, each zipped as a server does. */
const shellBytes = (): number =>
  [...shellFiles().values()].reduce((sum, bytes) => sum + gzipSync(bytes).byteLength, 0);

const f32 = (name: string, values: Float32Array): FrameColumn =>
  plainColumn({ name, type: { type: 'float', bits: 32 } }, values);
const u32 = (name: string, values: Uint32Array): FrameColumn =>
  plainColumn({ name, type: { type: 'int', bits: 32, signed: false } }, values);

function metadataOf(rows: number, more: Partial<FrameMetadata>): FrameMetadata {
  return {
    version: 1,
    dataset: 'd',
    snapshot: 's',
    mark: 'scatter',
    method: 'points',
    exact: true,
    rows: { total: rows, matched: rows, drawn: rows, outside: 0, dropped: 0 },
    marks: rows,
    domain: DOMAIN,
    scale: { x: 'linear', y: 'linear' },
    ...SIZE,
    origin: { x: '0', y: '0' },
    unit: { x: 'number', y: 'number' },
    ...more,
  };
}

/** Normally distributed numbers within the domain, the same every time. */
function normals(seed: number): () => number {
  const random = randomNumbers(seed);
  return () => {
    const size = Math.sqrt(-2 * Math.log(random() || 1e-9));
    return Math.min(3.99, Math.max(-3.99, size * Math.cos(2 * Math.PI * random())));
  };
}

function pointsFrame(rows: number, coloredBy?: 'category' | 'number'): Uint8Array {
  const normal = normals(1);
  const x = Float32Array.from({ length: rows }, normal);
  const y = Float32Array.from({ length: rows }, normal);
  const columns = [
    f32('x', x),
    f32('y', y),
    u32(
      'row',
      Uint32Array.from({ length: rows }, (_, i) => i),
    ),
  ];
  if (coloredBy === undefined) return writeFrame(metadataOf(rows, {}), rows, columns).bytes;
  if (coloredBy === 'number') {
    const color = { kind: 'number', column: 'c', min: -4, max: 4 } as const;
    const values = f32('color', Float32Array.from({ length: rows }, normal));
    return writeFrame(metadataOf(rows, { color }), rows, [...columns, values]).bytes;
  }
  const labels = Array.from({ length: 8 }, (_, at) => `c${at}`);
  const codes = Uint8Array.from({ length: rows }, (_, i) => (i * 7919) % 8);
  const field = { name: 'color', type: { type: 'utf8' }, dictionary: { id: 0, bits: 8 } } as const;
  const categories = labels.map((label) => ({ label, count: rows / 8, role: 'value' as const }));
  const color = { kind: 'category', column: 'c', categories, others: 0 } as const;
  const column = { ...plainColumn(field, codes), dictionary: dictionaryOf(0, labels) };
  return writeFrame(metadataOf(rows, { color }), rows, [...columns, column]).bytes;
}

function lineFrame(rows: number): Uint8Array {
  const random = randomNumbers(3);
  const x = Float32Array.from({ length: rows }, (_, i) => (i / rows) * 8 - 4);
  const y = Float32Array.from({ length: rows }, (_, i) => Math.sin(i / (rows / 40)) + random());
  const row = Uint32Array.from({ length: rows }, (_, i) => i);
  const metadata = metadataOf(rows, { mark: 'line', domain: { x: DOMAIN.x } });
  return writeFrame(metadata, rows, [f32('x', x), f32('y', y), u32('row', row)]).bytes;
}

function densityFrame(rows: number, shape: 'gaussian' | 'constant y' | 'one outlier'): Uint8Array {
  const normal = normals(5);
  const { width, height } = SIZE;
  const counts = new Uint32Array(width * height);
  for (let row = 0; row < rows; row++) {
    const x = normal();
    const y = shape === 'constant y' ? 0 : normal();
    // All but one row of the third shape stand in a corner.
    const share = shape === 'one outlier' && row > 0 ? 0.001 : 1;
    const [px, py] = [x, y].map((value) => ((value + 4) / 8) * share) as [number, number];
    counts[Math.floor(py * height) * width + Math.floor(px * width)]!++;
  }
  const metadata = metadataOf(rows, { method: 'density', layout: 'dense' });
  return writeFrame(metadata, counts.length, [u32('count', counts)]).bytes;
}
