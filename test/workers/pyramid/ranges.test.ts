import { describe, expect, test } from 'vitest';
import { kernelsFor } from '../../../workers/kernels/load.js';
import { threadArena as arena } from '../../../workers/kernels/thread-arena.js';
import { pyramidBytes } from '../../../workers/pyramid/pyramid.js';
import { emptyRange, NOWHERE, Ranges, type Range } from '../../../workers/pyramid/ranges.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { withPyramids } from '../../helpers/pyramids.js';
import { doubleOf, NUMBER_KINDS, randomNumbers, testColumn } from '../../helpers/test-columns.js';

const SIZES = [0, 1, 63, 64, 65, 511, 512, 513, 4095, 4097, 8191, 8192, 8193, 65_537];

/** A walk over the rows, in the words of the definition. */
function byScan(column: TestColumn, from: number, to: number): Range {
  const range = emptyRange();
  for (let row = from; row < to; row++) {
    const value = doubleOf(column, row);
    if (!Number.isFinite(value)) {
      if (range.firstGap === NOWHERE) range.firstGap = row;
      range.lastGap = row;
      continue;
    }
    range.points++;
    if (range.first === NOWHERE) range.first = row;
    range.last = row;
    if (value < range.least) [range.least, range.leastAt] = [value, row];
    if (value > range.greatest) [range.greatest, range.greatestAt] = [value, row];
  }
  return range;
}

/** Compares stretches of rows, one batch after another, with and without the pyramid. */
function expectEqual(
  column: TestColumn,
  stretches: readonly (readonly [from: number, to: number])[],
  batchSize: number,
): void {
  const { table: bare } = memorySnapshot([column], batchSize);
  const { table, pyramids } = withPyramids(bare, [0]);
  for (const own of [pyramids[0]!, null]) {
    arena.reset();
    const ranges = new Ranges({
      table,
      column: 0,
      pyramids: own,
      arena,
      kernels: kernelsFor(arena),
    });
    for (const [from, to] of stretches) {
      const found = emptyRange();
      for (const [batch, rows] of table.batchRows.entries()) {
        const start = Math.max(0, from - batch * batchSize);
        const end = Math.min(rows, to - batch * batchSize);
        if (start < end) ranges.add(found, batch, start, end);
      }
      expect(found, `rows ${from} to ${to}`).toEqual(byScan(column, from, to));
    }
  }
}

function someStretches(rows: number, count: number, seed: number): [number, number][] {
  const random = randomNumbers(seed);
  const near = [0, 1, 63, 64, 65, 128, 511, 512, 513, 1024, 4096, 8192];
  const cut = (): number => {
    const base = random() % 3 === 0 ? near[random() % near.length]! : random() % (rows + 1);
    return Math.min(rows, base);
  };
  const some = Array.from({ length: count }, (): [number, number] => {
    const [a, b] = [cut(), cut()];
    return [Math.min(a, b), Math.max(a, b)];
  });
  return [[0, rows], ...some];
}

describe('a stretch of rows comes to what a walk over them comes to', () => {
  test.each(NUMBER_KINDS)('of %s', (kind) => {
    for (const nullEvery of [0, 3, 400]) {
      const column = testColumn(kind, 5000, { nullEvery });
      expectEqual(column, someStretches(5000, 60, nullEvery), 2048);
    }
  });

  test.each(SIZES)('of %i rows', (rows) => {
    for (const nullEvery of [0, 200]) {
      const column = testColumn('cents', rows, { nullEvery, seed: rows });
      expectEqual(column, someStretches(rows, 40, rows), 2 ** 20);
    }
  });

  test('of several batches, the last of them short', () => {
    const column = testColumn('odd', 30_011, { nullEvery: 50 });
    expectEqual(column, someStretches(30_011, 60, 3), 8192);
  });

  test('without a null, with nulls only, with one value among nulls', () => {
    const base = testColumn('cents', 9000, { nullEvery: 0 });
    const nulls = base.values.map(() => null);
    for (const at of [undefined, 0, 63, 64, 4100, 8999]) {
      const values = at === undefined ? nulls : nulls.with(at, 7 as never);
      expectEqual({ ...base, values }, someStretches(9000, 30, 5), 4096);
    }
    expectEqual({ ...base, storage: 'null', values: nulls }, someStretches(9000, 10, 5), 4096);
  });

  test('where all rows are equal, the first of them is the least and the greatest', () => {
    const base = testColumn('float32', 9000, { nullEvery: 0 });
    expectEqual({ ...base, values: base.values.map(() => 2.5) }, someStretches(9000, 40, 8), 4096);
  });

  test('where the extremes occur again and again', () => {
    const base = testColumn('int8', 20_000, { nullEvery: 0 });
    const values = base.values.map((_, i) => (i % 700 === 650 ? 9 : i % 700 === 13 ? -9 : i % 3));
    expectEqual({ ...base, values }, someStretches(20_000, 60, 9), 2 ** 20);
  });

  test('over many groups of nodes, from and to any place in a group', () => {
    const rows = 2 ** 15 * 5 + 700;
    const base = testColumn('int16', rows, { nullEvery: 0 });
    const steps = base.values.map((_, i) =>
      i % 9000 === 8999 ? 40 : i % 9000 === 7 ? -40 : i % 30,
    );
    const slope = base.values.map((_, i) => Math.floor(i / 100) - (i % 3));
    const ends = [0, 1, 511, 512, 513, 2 ** 15 - 1, 2 ** 15, 2 ** 15 + 1, 40_000];
    const stretches = ends.flatMap((end) =>
      [0, 1, 512, 2 ** 15, 50_001].map((other): [number, number] => [end, rows - other]),
    );
    for (const values of [steps, slope, slope.toReversed()]) {
      expectEqual({ ...base, values }, stretches, 2 ** 20);
    }
  });

  test('where negative and positive zero are equal', () => {
    const base = testColumn('cents', 3000, { nullEvery: 0 });
    const values = base.values.map((_, i) => (i % 2 === 0 ? 0 : -0));
    const { table: bare } = memorySnapshot([{ ...base, values }]);
    const { table, pyramids } = withPyramids(bare, [0]);
    const kernels = kernelsFor(arena);
    arena.reset();
    const ranges = new Ranges({ table, column: 0, pyramids: pyramids[0]!, arena, kernels });
    for (const from of [0, 1, 63, 64, 65, 129]) {
      const range = emptyRange();
      ranges.add(range, 0, from, 2999);
      expect([range.leastAt, range.greatestAt]).toEqual([from, from]);
    }
  });
});

test('the nearest row with a place is found on both sides', () => {
  const base = testColumn('cents', 20_000, { nullEvery: 0 });
  const random = randomNumbers(4);
  for (const every of [1, 2, 90, 5000, 30_000]) {
    const values = base.values.map((value) => (random() % every === 0 ? value : null));
    const column = { ...base, values };
    const { table: bare } = memorySnapshot([column], 8192);
    const { table, pyramids } = withPyramids(bare, [0]);
    for (const own of [pyramids[0]!, null]) {
      arena.reset();
      const kernels = kernelsFor(arena);
      const ranges = new Ranges({ table, column: 0, pyramids: own, arena, kernels });
      for (let i = 0; i < 300; i++) {
        const batch = random() % 3;
        const start = batch * 8192;
        const rows = table.batchRows[batch]!;
        const at = random() % (rows + 1);
        const inBatch = values.slice(start, start + rows);
        const left = inBatch.slice(0, at).findLastIndex((value) => value !== null);
        const right = inBatch.findIndex((value, k) => k >= at && value !== null);
        expect(ranges.lastPoint(batch, at)).toBe(left < 0 ? NOWHERE : start + left);
        expect(ranges.firstPoint(batch, at)).toBe(right < 0 ? NOWHERE : start + right);
      }
    }
  }
});

test('a pyramid takes less than half a byte a row, and little is read for a long stretch', () => {
  expect(pyramidBytes(2 ** 20) / 2 ** 20).toBeLessThan(0.49);
  const column = testColumn('cents', 2 ** 17, { nullEvery: 0 });
  const { table: bare } = memorySnapshot([column], 2 ** 20);
  const { table, pyramids } = withPyramids(bare, [0]);
  arena.reset();
  const kernels = kernelsFor(arena);
  const ranges = new Ranges({ table, column: 0, pyramids: pyramids[0]!, arena, kernels });
  ranges.add(emptyRange(), 0, 1001, 2 ** 17 - 1001);
  expect(ranges.touched.rows).toBeLessThanOrEqual(128);
  // Two leaves of doubles, what is around the ends, and at most 14 nodes a level.
  expect(ranges.touched.bytes).toBeLessThanOrEqual(128 * 8 + 2 * 64 + 4 * 14 * 16);
});
