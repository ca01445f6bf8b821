import { describe, expect, test } from 'vitest';
import { buffersOf } from '../../../../workers/buffers-of.js';
import { threadArena } from '../../../../workers/kernels/thread-arena.js';
import { lineByOrder, type LineByOrderTask } from '../../../../workers/marks/line/by-order.js';
import type { LinePlan, LineSeries } from '../../../../workers/marks/line/plan.js';
import type { MarkedFrame } from '../../../../workers/scan/mark.js';
import type { Predicate } from '../../../../workers/scan/predicate.js';
import { merge } from '../../../../workers/scan/scan.js';
import { memorySnapshot, type Stored, type TestColumn } from '../../../helpers/memory-snapshot.js';
import { withOrders } from '../../../helpers/orders.js';
import { doubleOf, NUMBER_KINDS, randomNumbers, testColumn, TIME_KINDS } from '../../../helpers/test-columns.js'; // prettier-ignore
import { between, linePlan, LINE_FRAME, scannedLine, type AskedLine } from './scanned-line.js';

const ROWS = 4000;

interface Asked extends AskedLine {
  log?: boolean;
  ascending?: boolean;
  predicate?: Predicate | null;
  /** The categories with a series of their own. */
  kept?: readonly number[];
}

/** Columns are x, the category, and those of y. */
function planOf(x: TestColumn, ys: readonly number[], asked: Asked, size: number): LinePlan {
  const { log = false, ascending = false, kept } = asked;
  const plan = linePlan(x, ys, asked);
  return {
    ...plan,
    ascending,
    ...(log && plan.x.scale === 'linear' && { x: { ...plan.x, scale: 'log' } }),
    ...(kept && { series: seriesOf(kept, size) }),
  };
}

function seriesOf(kept: readonly number[], size: number): LineSeries {
  return {
    kind: 'category',
    slots: { column: 1, keys: { form: 'codes', codes: Uint32Array.from(kept), size } },
    info: { kind: 'category', column: 'word', categories: [], others: 0 },
    labels: [...kept.map(String), 'null', 'other'],
  };
}

function resultOf(task: LineByOrderTask) {
  const outcome = lineByOrder(task);
  if (outcome.withdrawn) throw new Error('Nobody withdraws in a test.');
  return outcome;
}

/** In two parts, as two threads make it. */
function inParts(task: LineByOrderTask, cut: number): MarkedFrame {
  const { table, plan } = task;
  const last = table.batchRows.length - 1;
  const parts = [
    { first: 0, last: cut },
    { first: cut + 1, last },
  ].map((batches) => resultOf({ ...task, batches }));
  const matched = parts.reduce((sum, part) => sum + part.matched, 0);
  const partials = parts.map(({ partial }) => partial);
  // Of what lies in the arena of a thread, another would get all of the arena.
  expect(buffersOf(partials)).not.toContain(threadArena.memory.buffer);
  const merged = merge({ table, plan, partials, matched, frame: LINE_FRAME });
  if (merged.withdrawn) throw new Error('Nobody withdraws in a test.');
  return merged.result as MarkedFrame;
}

/** The same line scanned and looked up, at once and in two parts, is the same bytes. */
function expectEqual(
  x: TestColumn,
  category: TestColumn | null,
  ys: readonly TestColumn[],
  asked: Asked,
  batchSize = 1536,
): MarkedFrame {
  const word = category ?? testColumn('word', x.values.length);
  const { table: bare } = memorySnapshot([x, word, ...ys], batchSize);
  const positions = ys.map((_, k) => k + 2);
  const made = withOrders(bare, { category: category && 1, x: 0, ys: positions });
  const { table, orders, pyramids } = made;
  const plan = planOf(x, positions, asked, table.columns[1]!.dictionary?.size ?? 0);
  const predicate = asked.predicate ?? null;
  const scanned = scannedLine(table, plan, predicate);
  const last = table.batchRows.length - 1;
  const task = { table, plan, predicate, orders, pyramids, batches: { first: 0, last } };
  const frames = [resultOf({ ...task, frame: LINE_FRAME }).result!];
  if (last > 0) frames.push(inParts(task, last >> 1));
  for (const frame of frames) {
    expect(frame.metadata).toEqual(scanned.metadata);
    expect(Buffer.from(frame.bytes).equals(Buffer.from(scanned.bytes))).toBe(true);
  }
  return scanned;
}

/** Rows whose value can be the end of a domain. */
function placedRows(x: TestColumn): number[] {
  return [...x.values.keys()].filter((row) => Number.isFinite(doubleOf(x, row)));
}

const words = testColumn('word', ROWS, { seed: 4, nullEvery: 9 });
const encoder = new TextEncoder();
const someWords: Predicate = {
  test: 'bytes',
  column: 1,
  values: ['ATL', 'Zürich', 'nowhere'].map((word) => encoder.encode(word)),
  nulls: true,
};

const YS = ['int8', 'int32', 'big', 'uint64', 'huge', 'float32', 'odd', 'decimal', 'decimal128'];

describe('a line that is looked up in an order is the line that is scanned', () => {
  test.each([...NUMBER_KINDS, ...TIME_KINDS])('over an unsorted %s', (kind) => {
    const y = testColumn('odd', ROWS, { seed: 5, nullEvery: 7 });
    for (const nullEvery of [0, 4]) {
      const x = testColumn(kind, ROWS, { nullEvery });
      const rows = placedRows(x);
      const random = randomNumbers(3);
      for (let i = 0; i < 4; i++) {
        const [a, b] = [rows[random() % rows.length]!, rows[random() % rows.length]!];
        const asked = { ends: between(x, a, b), width: [1, 7, 50, 900][i % 4]! };
        expectEqual(x, null, [y], asked);
        expectEqual(x, words, [y], { ...asked, predicate: someWords });
        expectEqual(x, words, [y], { ...asked, kept: [2, 0, 5] });
      }
    }
  });

  test.each(YS)('of %s', (kind) => {
    const x = testColumn('cents', ROWS, { nullEvery: 30 });
    for (const nullEvery of [0, 2, 500]) {
      const y = testColumn(kind, ROWS, { seed: 2, nullEvery });
      expectEqual(x, words, [y], { ends: [0, 99.99], predicate: someWords });
      expectEqual(x, words, [y], { ends: [20.5, 60], width: 13, kept: [1] });
      expectEqual(x, null, [y], { ends: [-5, 200], width: 13 });
    }
  });

  test.each(['auto', 'points', 'm4', 'minmax', 'minmaxlttb', 'lttb'] as const)(
    'by %s',
    (method) => {
      const x = testColumn('int16', ROWS, { nullEvery: 50 });
      const y = testColumn('cents', ROWS, { seed: 8, nullEvery: 3 });
      for (const budget of [10, 500, 100_000]) {
        for (const ends of [
          [-2000, 2000],
          [-100, 10],
          [5000, 6000],
        ] as const) {
          expectEqual(x, words, [y], { ends, method, budget, predicate: someWords });
          expectEqual(x, words, [y], { ends, method, budget, kept: [0, 3] });
        }
      }
    },
  );

  test('of the rows that do not pass, of null alone, of no row at all', () => {
    const x = testColumn('cents', ROWS, { nullEvery: 0 });
    const y = testColumn('odd', ROWS, { nullEvery: 5 });
    const ends = [0, 100] as const;
    const none: Predicate = { ...someWords, values: [], nulls: false };
    for (const predicate of [
      { test: 'not', of: someWords },
      { test: 'null', column: 1 },
      { test: 'not', of: { test: 'null', column: 1 } },
      { test: 'contains', column: 1, text: 'a', caseSensitive: false },
      {
        test: 'all',
        of: [
          { test: 'not', of: someWords },
          { test: 'not', of: { test: 'null', column: 1 } },
        ],
      },
      {
        test: 'any',
        of: [someWords, { test: 'contains', column: 1, text: 'ir', caseSensitive: true }],
      },
      none,
    ] as const) {
      expectEqual(x, words, [y], { ends, predicate });
      expectEqual(x, words, [y], {
        ends,
        predicate,
        kept: [1, 2],
        method: 'minmaxlttb',
        budget: 90,
      });
    }
  });

  test('by a category that is a boolean, an integer or a date', () => {
    const x = testColumn('micro', ROWS, { nullEvery: 0 });
    const y = testColumn('float32', ROWS, { nullEvery: 0 });
    const ends = between(x, 0, 1);
    const flag = testColumn('flag', ROWS, { nullEvery: 6 });
    const lut = Uint8Array.of(0, 1);
    expectEqual(x, flag, [y], { ends, predicate: { test: 'codes', column: 1, lut, nulls: false } });
    for (const kind of ['int8', 'int16', 'uint8', 'decimal', 'day', 'second']) {
      const few = testColumn(kind, ROWS, { nullEvery: 40 });
      const values = few.values.map((value) =>
        value === null
          ? null
          : few.storage === 'int64'
            ? BigInt(value as bigint) % 30n
            : Number(value) % 30,
      );
      const wanted = Float64Array.of(-7, 0, 12);
      for (const predicate of [
        { test: 'in', column: 1, form: 'raw', values: wanted, nan: false, nulls: true },
        { test: 'range', column: 1, form: 'raw', low: -3, high: 9 },
      ] as const) {
        expectEqual(x, { ...few, values }, [y], { ends, predicate });
      }
    }
  });

  test('over an x that ascends, of some categories and of several columns', () => {
    for (const kind of ['int8', 'cents', 'nano', 'decimal64']) {
      const unsorted = testColumn(kind, ROWS, { nullEvery: 0 });
      const values = [...unsorted.values].sort((a, b) => (a! < b! ? -1 : a! > b! ? 1 : 0));
      const x = { ...unsorted, values };
      const y = testColumn('odd', ROWS, { seed: 6, nullEvery: 4 });
      const whole = { ...testColumn('cents', ROWS, { nullEvery: 0 }), name: 'whole' };
      for (const [from, to] of [
        [0, ROWS - 1],
        [1000, 3400],
        [3000, 3003],
      ] as const) {
        const asked = { ends: between(x, from, to), ascending: true, predicate: someWords };
        expectEqual(x, words, [y], asked);
        expectEqual(x, words, [y, whole], { ...asked, method: 'auto' });
        expectEqual(x, words, [y], { ...asked, predicate: null, kept: [0, 1, 4] });
      }
    }
  });
});

describe('rules of lines', () => {
  const y = testColumn('odd', ROWS, { seed: 9, nullEvery: 3 });

  test('what is not positive has no place on a log axis', () => {
    const x = testColumn('odd', ROWS, { seed: 3, nullEvery: 8 });
    for (const ends of [
      [1e-3, 100],
      [2, 30],
      [5e-324, 2 ** 60],
    ] as const) {
      expectEqual(x, words, [y], { ends, log: true, predicate: someWords });
      expectEqual(x, words, [y], { ends, log: true, kept: [3] });
      expectEqual(x, null, [y], { ends, log: true, width: 7 });
    }
  });

  test('nanoseconds that a double cannot tell apart are in different columns, and in their order', () => {
    const start = 1_700_000_000_000_000_000n;
    const random = randomNumbers(5);
    const values = Array.from({ length: ROWS }, () => start + BigInt(random() % 3000));
    const time = { ...testColumn('nano', ROWS), values };
    expectEqual(time, null, [y], { ends: [start, start + 2999n], width: 3000 });
    expectEqual(time, words, [y], { ends: [start + 5n, start + 40n], width: 4, kept: [1, 2] });
    expectEqual(time, words, [y], {
      ends: [-(2n ** 70n), 2n ** 70n],
      width: 9,
      predicate: someWords,
    });
  });

  test('integers at both ends of 64 bits are in the order of a scan', () => {
    const ends64 = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n, 2n ** 53n + 1n, 0n, -1n];
    const random = randomNumbers(6);
    const values = Array.from({ length: ROWS }, () => ends64[random() % 6]!);
    const x = { ...testColumn('int64', ROWS), values };
    expectEqual(x, null, [y], { ends: [-9.3e18, 9.3e18] });
    expectEqual(x, words, [y], { ends: [2 ** 53 - 2, 2 ** 53 + 2], width: 4, kept: [1] });
  });

  test('of equal x the first and the last row count, of equal y the lowest', () => {
    const x = {
      ...testColumn('cents', ROWS),
      values: Array.from({ length: ROWS }, (_, i) => (i * 7) % 5),
    };
    const steps = {
      ...testColumn('int8', ROWS),
      values: Array.from({ length: ROWS }, (_, i) => (i * 3) % 4),
    };
    for (const width of [1, 3, 5, 40]) {
      expectEqual(x, null, [steps], { ends: [0, 4], width });
      expectEqual(x, words, [steps], { ends: [0, 4], width, predicate: someWords });
      expectEqual(x, words, [steps], { ends: [1, 3], width, kept: [0] });
    }
  });

  test('a window beyond all rows, or between two, has its neighbours', () => {
    const x = {
      ...testColumn('cents', ROWS),
      values: Array.from({ length: ROWS }, (_, i) => ((i * 31) % ROWS) * 10),
    };
    for (const ends of [
      [41, 42],
      [-50, -20],
      [1e6, 2e6],
      [-5, 0],
      [39_990, 39_999],
    ] as const) {
      expectEqual(x, null, [y], { ends });
      expectEqual(x, words, [y], { ends, predicate: someWords });
      expectEqual(x, words, [y], { ends, kept: [1, 3] });
    }
  });

  test('where y is null nearly everywhere, the nearest point is found far away', () => {
    const x = testColumn('cents', ROWS, { nullEvery: 0 });
    const nulls: Stored[] = y.values.map(() => null);
    for (const at of [[], [3], [3990], [3, 3990], [3000]]) {
      let values = nulls;
      for (const row of at) values = values.with(row, 4);
      expectEqual(x, null, [{ ...y, values }], { ends: [40, 41] });
      expectEqual(x, words, [{ ...y, values }], { ends: [40, 41], kept: [0, 1] });
      expectEqual(x, null, [{ ...y, values }], { ends: [40, 41] }, 2 ** 20);
    }
  });

  test.each([0, 1, 31, 32, 33, 255, 256, 257, 2047, 2048, 2049, 8191, 8193, 65_537])(
    '%i rows',
    (rows) => {
      const x = testColumn('int16', rows, { nullEvery: 20 });
      const values = testColumn('cents', rows, { nullEvery: 300 });
      const category = testColumn('word', rows);
      for (const batchSize of [2 ** 20, 1000]) {
        expectEqual(x, null, [values], { ends: [-2000, 2000] }, batchSize);
        expectEqual(x, category, [values], { ends: [-700, 900], width: 11, kept: [1] }, batchSize);
      }
    },
  );
});
