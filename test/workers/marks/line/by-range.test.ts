import { describe, expect, test } from 'vitest';
import type { TableView } from '../../../../workers/columns.js';
import { buffersOf } from '../../../../workers/buffers-of.js';
import { threadArena } from '../../../../workers/kernels/thread-arena.js';
import { extremesByRange, lineByRange } from '../../../../workers/marks/line/by-range.js';
import type { LinePlan } from '../../../../workers/marks/line/plan.js';
import type { MarkedFrame } from '../../../../workers/scan/mark.js';
import { axisWidth } from '../../../../workers/scan/axis.js';
import { merge } from '../../../../workers/scan/scan.js';
import { memorySnapshot, type Stored, type TestColumn } from '../../../helpers/memory-snapshot.js';
import { withPyramids } from '../../../helpers/pyramids.js';
import { doubleOf, randomNumbers, testColumn } from '../../../helpers/test-columns.js';
import { between, linePlan, LINE_FRAME, scannedLine, type AskedLine } from './scanned-line.js';

/** The column with its values in ascending order. */
function ascending(column: TestColumn, name = 'x'): TestColumn {
  const values = [...column.values].sort((a, b) => (a! < b! ? -1 : a! > b! ? 1 : 0));
  return { ...column, name, values };
}

function planOf(x: TestColumn, ys: readonly number[], asked: AskedLine): LinePlan {
  const plan = linePlan(x, ys, asked);
  const { width = 50, method, ends } = asked;
  if (method !== 'outline') return plan;
  const outline = {
    width: width / 2,
    height: 20,
    stroke: 1.5,
    x: [Number(ends[0]), Number(ends[1])] as const,
    logX: false,
    y: null,
    finer: 2,
    mostSeen: 700,
  };
  return { ...plan, outline };
}

/** The same line scanned, looked up in the rows, and looked up with pyramids is the same bytes. */
function expectEqual(
  x: TestColumn,
  ys: readonly TestColumn[],
  asked: AskedLine,
  batchSize = 1536,
): MarkedFrame {
  const { table: bare } = memorySnapshot([x, ...ys], batchSize);
  const positions = ys.map((_, k) => k + 1);
  const { table, pyramids } = withPyramids(bare, positions);
  const plan = planOf(x, positions, asked);
  const scanned = scannedLine(table, plan);
  const hasPlace = x.values.map((_, row) => ys.some((y) => Number.isFinite(doubleOf(y, row))));
  for (const own of [pyramids, null]) {
    const outcome = lineByRange({
      table,
      plan,
      batches: { first: 0, last: table.batchRows.length - 1 },
      pyramids: own,
      placed: hasPlace.filter(Boolean).length,
      frame: LINE_FRAME,
    });
    if (outcome.withdrawn) throw new Error('Nobody withdraws in a test.');
    expectSame(outcome.result, scanned);
  }
  if (plan.method === 'minmaxlttb') {
    const placed = hasPlace.filter(Boolean).length;
    for (const cuts of [[], [1], [17, 17, 30], [0, 50]]) {
      expectSame(inParts(table, plan, pyramids, placed, cuts), scanned);
    }
  }
  return scanned;
}

function expectSame(frame: MarkedFrame, scanned: MarkedFrame): void {
  expect(frame.metadata).toEqual(scanned.metadata);
  expect(Buffer.from(frame.bytes).equals(Buffer.from(scanned.bytes))).toBe(true);
}

/** The same line of parts that begin at these pixel columns. */
function inParts(
  table: TableView,
  plan: LinePlan,
  pyramids: ReturnType<typeof withPyramids>['pyramids'],
  placed: number,
  cuts: readonly number[],
): MarkedFrame {
  const width = axisWidth(plan.x);
  const bounds = [0, ...cuts.map((cut) => Math.min(cut, width)), width];
  const partials = bounds.slice(1).map((to, part) => {
    const columns = { from: bounds[part]!, to };
    const batches = { first: 0, last: table.batchRows.length - 1 };
    const outcome = extremesByRange({ table, plan, batches, pyramids, columns });
    if (outcome.withdrawn) throw new Error('Nobody withdraws in a test.');
    // Of what lies in the arena of a thread, another would get all of the arena.
    expect(buffersOf(outcome.partial)).not.toContain(threadArena.memory.buffer);
    return outcome.partial;
  });
  const drawn = partials.reduce((sum, part) => sum + part.drawn, 0);
  const lost = { outside: placed - drawn, dropped: table.rows - placed };
  const all = [{ ...partials[0]!, ...lost }, ...partials.slice(1)];
  const merged = merge({ table, plan, partials: all, matched: table.rows, frame: LINE_FRAME });
  if (merged.withdrawn) throw new Error('Nobody withdraws in a test.');
  return merged.result as MarkedFrame;
}

const ROWS = 6000;
const XS = ['int8', 'int32', 'int64', 'uint64', 'huge', 'float32', 'cents', 'decimal'];
const TIMES = ['day', 'second', 'micro', 'nano'];
const YS = ['int8', 'int32', 'big', 'uint64', 'huge', 'float32', 'odd', 'decimal', 'decimal128'];

describe('a line that is looked up is the line that is scanned', () => {
  test.each([...XS, ...TIMES, 'decimal64', 'decimal128'])('over %s', (kind) => {
    const x = ascending(testColumn(kind, ROWS, { nullEvery: 0 }));
    const y = testColumn('odd', ROWS, { seed: 5, nullEvery: 7 });
    const random = randomNumbers(3);
    for (let i = 0; i < 12; i++) {
      const [a, b] = [random() % ROWS, random() % ROWS].sort((p, q) => p - q) as [number, number];
      const ends = i === 0 ? between(x, 0, ROWS - 1) : between(x, a, b);
      expectEqual(x, [y], { ends, width: [1, 7, 50, 900][i % 4]! });
    }
  });

  test.each(YS)('of %s', (kind) => {
    const x = ascending(testColumn('cents', ROWS, { nullEvery: 0 }));
    for (const nullEvery of [0, 2, 500]) {
      const y = testColumn(kind, ROWS, { seed: 2, nullEvery });
      expectEqual(x, [y], { ends: between(x, 0, ROWS - 1) });
      expectEqual(x, [y], { ends: between(x, 700, 5200), width: 13 });
    }
  });

  test.each(['auto', 'points', 'm4', 'outline', 'minmax', 'lttb', 'minmaxlttb'] as const)(
    'by %s',
    (method) => {
      const x = ascending(testColumn('int32', ROWS, { nullEvery: 0 }));
      for (const nullEvery of [0, 3]) {
        const y = testColumn('cents', ROWS, { nullEvery });
        for (const [from, to] of [
          [0, ROWS - 1],
          [1000, 1200],
          [40, 1050],
        ] as const) {
          const ends = between(x, from, to);
          expectEqual(x, [y], { ends, method, budget: 500 });
          expectEqual(x, [y], { ends, method, budget: 100_000 });
        }
      }
    },
  );

  test.each(['cents', 'nano', 'second', 'int64', 'decimal'])(
    'by lttb, over %s, in windows and buckets of all sizes',
    (kind) => {
      const rows = 36_000;
      const x = ascending(testColumn(kind, rows, { nullEvery: 0 }));
      const random = randomNumbers(8);
      for (const nullEvery of [0, 2, 5000]) {
        const y = testColumn(nullEvery === 2 ? 'odd' : 'cents', rows, { seed: 4, nullEvery });
        for (const budget of [2, 3, 4, 17, 999, 20_000]) {
          const [a, b] = [random() % rows, random() % rows].sort((p, q) => p - q) as [
            number,
            number,
          ];
          const ends = budget === 17 ? between(x, 0, rows - 1) : between(x, a, b);
          const batchSize = budget % 2 === 0 ? 2 ** 14 : 10_003;
          expectEqual(x, [y], { ends, method: 'lttb', budget }, batchSize);
        }
      }
    },
  );

  test('by lttb, of several columns, and where gaps reach beyond the domain', () => {
    const x = ascending(testColumn('cents', ROWS, { nullEvery: 0 }));
    const ys = [
      { ...testColumn('odd', ROWS, { nullEvery: 3 }), name: 'a' },
      { ...testColumn('int8', ROWS, { nullEvery: 0 }), name: 'b' },
    ];
    expectEqual(x, ys, { ends: between(x, 500, 5500), method: 'lttb', budget: 400 });
    const far = { ...x, values: x.values.map((_, i) => i) };
    const y = testColumn('cents', ROWS, { nullEvery: 0 });
    for (const [from, to] of [
      [900, 2100],
      [1000, 2000],
      [0, 3000],
      [4000, ROWS],
    ] as const) {
      const values = y.values.map((value, i) => (i >= from && i < to ? null : value));
      expectEqual(far, [{ ...y, values }], { ends: [1000, 1999], method: 'lttb', budget: 50 });
      expectEqual(far, [{ ...y, values }], { ends: [1500, 4500], method: 'lttb', budget: 9000 });
    }
  });

  test('by minmaxlttb, in parts of which some hold no row, or no row with a place', () => {
    const x = { ...testColumn('int32', ROWS), values: Array.from({ length: ROWS }, (_, i) => i) };
    const y = testColumn('cents', ROWS, { nullEvery: 50 });
    const ys = [
      { ...testColumn('odd', ROWS, { nullEvery: 3 }), name: 'a' },
      { ...testColumn('int8', ROWS, { nullEvery: 0 }), name: 'b' },
    ];
    for (const ends of [
      [0, ROWS - 1],
      [-9000, 9000],
      [1000, 1020],
      [-50, -20],
    ] as const) {
      expectEqual(x, ys, { ends, method: 'minmaxlttb', budget: 20 });
      for (const [from, to] of [
        [0, 2500],
        [1000, 5990],
        [0, ROWS],
      ] as const) {
        const values = y.values.map((value, i) => (i >= from && i < to ? null : value));
        expectEqual(x, [{ ...y, values }], { ends, method: 'minmaxlttb', budget: 30 });
        expectEqual(x, [{ ...y, values }], { ends, method: 'minmaxlttb', budget: 3 });
      }
    }
  });

  test('of several columns, one of them without a gap', () => {
    const x = ascending(testColumn('nano', ROWS, { nullEvery: 0 }));
    const ys = [
      { ...testColumn('odd', ROWS, { nullEvery: 4 }), name: 'a' },
      { ...testColumn('int8', ROWS, { nullEvery: 0 }), name: 'b' },
      { ...testColumn('odd', ROWS, { nullEvery: 1 }), name: 'c' },
    ];
    expectEqual(x, ys, { ends: between(x, 0, ROWS - 1), method: 'auto' });
    expectEqual(x, ys, { ends: between(x, 2000, 2100), method: 'auto', budget: 500 });
  });
});

describe('rules of lines', () => {
  const x = ascending(testColumn('cents', ROWS, { nullEvery: 0 }));
  const y = testColumn('odd', ROWS, { seed: 9, nullEvery: 3 });

  test('a value on an edge is in the column that begins there, one on the upper end in the last', () => {
    const edges = { ...x, values: x.values.map((_, i) => Math.floor(i / 3)) };
    expectEqual(edges, [y], { ends: [0, 1999], width: 1999 });
    expectEqual(edges, [y], { ends: [100, 200], width: 10 });
    expectEqual(edges, [y], { ends: [0, 1999], width: 333 });
  });

  test('nanoseconds that a double cannot tell apart are in different columns', () => {
    const start = 1_700_000_000_000_000_000n;
    const time = {
      ...testColumn('nano', ROWS, { nullEvery: 0 }),
      values: x.values.map((_, i) => start + BigInt(i >> 1)),
    };
    const frame = expectEqual(time, [y], { ends: [start, start + 2999n], width: 3000 });
    expect(frame.metadata.rows.outside).toBe(0);
    expectEqual(time, [y], { ends: [start + 5n, start + 6n], width: 2 });
    // Ends beyond 64 bits are clamped.
    expectEqual(time, [y], { ends: [-(2n ** 70n), 2n ** 70n], width: 9 });
  });

  test('a window between two rows is drawn through, one beyond all rows has a neighbour', () => {
    const wide = { ...x, values: x.values.map((_, i) => i * 10) };
    for (const ends of [
      [41, 42],
      [-50, -20],
      [1e6, 2e6],
      [-5, 0],
      [59_990, 59_999],
    ] as const) {
      expectEqual(wide, [y], { ends });
    }
  });

  test('rows of equal x keep their order, whatever the pixel column they fill', () => {
    for (const equal of [1, 100, 6000]) {
      const steps = { ...x, values: x.values.map((_, i) => Math.floor(i / equal)) };
      expectEqual(steps, [y], { ends: [0, Math.max(1, Math.floor((ROWS - 1) / equal))] });
    }
  });

  test('where y is null nearly everywhere, the nearest point is found batches away', () => {
    const nulls = y.values.map(() => null);
    for (const at of [[], [3], [5990], [3, 5990], [3000]]) {
      let values: Stored[] = nulls;
      for (const row of at) values = values.with(row, 4);
      expectEqual(x, [{ ...y, values }], { ends: between(x, 2500, 3500) });
    }
  });

  test.each([0, 1, 63, 64, 65, 511, 512, 513, 8191, 8192, 8193, 65_537])('%i rows', (rows) => {
    const long = { ...x, values: Array.from({ length: rows }, (_, i) => i) };
    const values = testColumn('cents', rows, { nullEvery: 300 });
    expectEqual(long, [values], { ends: [0, Math.max(1, rows - 1)] }, 2 ** 20);
    expectEqual(long, [values], { ends: [rows / 3, Math.max(1, rows / 2)], width: 11 }, 2 ** 20);
  });
});
