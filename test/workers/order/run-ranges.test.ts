import { describe, expect, test } from 'vitest';
import { orderAt, type Order } from '../../../workers/order/order.js';
import { RunRanges } from '../../../workers/order/run-ranges.js';
import { emptyRange, NOWHERE, type Range } from '../../../workers/pyramid/ranges.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { withOrders } from '../../helpers/orders.js';
import { doubleOf, randomNumbers, testColumn } from '../../helpers/test-columns.js';

const FIRST_ROW = 100;

interface Opened {
  order: Order;
  ranges: RunRanges;
}

function open(x: TestColumn, category: TestColumn, y: TestColumn): Opened {
  const { table: bare } = memorySnapshot([x, category, y], 2 ** 20);
  const { table, orders, pyramids } = withOrders(bare, { category: 1, x: 0, ys: [2] });
  const { slab, offset } = orders[0]!;
  const ranges = new RunRanges({ table, column: 2, pyramids: pyramids[0]! });
  return { order: orderAt(table.slabs[slab]!, offset), ranges };
}

/** What a walk over the rows finds. */
function byWalk(y: TestColumn, positions: Uint32Array, from: number, to: number): Range {
  const range = emptyRange();
  for (const position of positions.subarray(from, to)) {
    const row = FIRST_ROW + position;
    const value = doubleOf(y, position);
    if (!Number.isFinite(value)) {
      if (range.firstGap === NOWHERE) range.firstGap = row;
      range.lastGap = row;
      continue;
    }
    range.points++;
    if (range.first === NOWHERE) range.first = row;
    range.last = row;
    if (value < range.least || (value === range.least && row < range.leastAt)) {
      range.least = value;
      range.leastAt = row;
    }
    if (value > range.greatest || (value === range.greatest && row < range.greatestAt)) {
      range.greatest = value;
      range.greatestAt = row;
    }
  }
  return range;
}

/** Without the sign of zeros, of which the rows tell. */
const unsigned = (range: Range): Range => ({
  ...range,
  least: range.least + 0,
  greatest: range.greatest + 0,
});

const rowOf = (y: TestColumn, places: readonly number[]): number => {
  const found = places.find((position) => Number.isFinite(doubleOf(y, position)));
  return found === undefined ? NOWHERE : FIRST_ROW + found;
};

/** Stretches of every run, the whole ones and random ones, are what a walk over their rows comes to. */
function expectEqual(x: TestColumn, category: TestColumn, y: TestColumn): void {
  const { order, ranges } = open(x, category, y);
  const random = randomNumbers(11);
  for (const [run, rows] of order.placed.entries()) {
    const start = order.starts[run]!;
    const positions = order.positions.subarray(start, start + rows);
    ranges.open(0, FIRST_ROW, order, run);
    expect(ranges.points).toBe(byWalk(y, positions, 0, rows).points);
    for (let i = 0; i < 60; i++) {
      const [a, b] = [random() % (rows + 1), random() % (rows + 1)];
      const [from, to] = i === 0 ? [0, rows] : i === 1 ? [0, a] : [Math.min(a, b), Math.max(a, b)];
      const range = emptyRange();
      const cut = from + (random() % (to - from + 1));
      ranges.add(range, from, cut);
      ranges.add(range, cut, to);
      expect(unsigned(range)).toEqual(unsigned(byWalk(y, positions, from, to)));
      expect(ranges.firstPoint(from)).toBe(rowOf(y, [...positions.subarray(from)]));
      const before = [...positions.subarray(from, to)].reverse();
      expect(ranges.lastPoint(from, to)).toBe(rowOf(y, before));
    }
  }
}

describe('a stretch of a run is what a walk over its rows comes to', () => {
  const ROWS = 9000;
  const x = testColumn('cents', ROWS, { nullEvery: 20 });
  const word = testColumn('word', ROWS, { nullEvery: 3 });

  test.each([
    'int8',
    'float32',
    'cents',
    'odd',
    'big',
    'uint64',
    'huge',
    'decimal',
    'decimal64',
    'decimal128',
  ])('of %s', (kind) => {
    for (const nullEvery of [0, 2, 300])
      expectEqual(x, word, testColumn(kind, ROWS, { nullEvery }));
  });

  test('where equal values are nearly everywhere', () => {
    const values = Array.from({ length: ROWS }, (_, i) => (i * 13) % 3);
    expectEqual(x, word, { ...testColumn('int8', ROWS), values });
    expectEqual(x, word, { ...testColumn('float32', ROWS), values: values.map(() => 2) });
  });

  test('where hardly any row has a value, or hardly any has none', () => {
    const none = Array.from({ length: ROWS }, () => null);
    expectEqual(x, word, { ...testColumn('cents', ROWS), values: none });
    expectEqual(x, word, { ...testColumn('cents', ROWS), values: none.with(4000, 7 as never) });
    const whole = testColumn('cents', ROWS, { nullEvery: 0 });
    expectEqual(x, word, { ...whole, values: whole.values.with(4000, null) });
  });

  test('in one run, whose upper nodes are short', () => {
    for (const rows of [1, 32, 33, 256, 257, 2049, 16_385]) {
      const one = { ...testColumn('flag', rows), values: Array.from({ length: rows }, () => 1) };
      expectEqual(testColumn('int32', rows, { nullEvery: 0 }), one, testColumn('odd', rows));
    }
  });
});
