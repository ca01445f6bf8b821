import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildOrder } from '../../../workers/order/build-order.js';
import { orderAt, type Order } from '../../../workers/order/order.js';
import { memorySnapshot, type Stored, type TestColumn } from '../../helpers/memory-snapshot.js';
import { doubleOf, NUMBER_KINDS, testColumn, TIME_KINDS } from '../../helpers/test-columns.js';

const ROWS = 3000;

/** The orders of the batches of a table, checked against their CRC-32. */
function ordersOf(x: TestColumn, category: TestColumn | null, batchSize = 1000): Order[] {
  const columns = category === null ? [x] : [x, category];
  const { table } = memorySnapshot(columns, batchSize);
  return table.batchRows.map((_, batch) => {
    const built = buildOrder({ table, category: category && 1, x: 0, batch });
    if (built.withdrawn) throw new Error('Nobody withdraws in a test.');
    expect(built.bytes.length % 64).toBe(0);
    expect(crc32(built.bytes)).toBe(built.crc32);
    return orderAt(built.bytes.buffer, 0);
  });
}

/** What a scan compares of x: exact integers of times, doubles of other numbers; undefined where there is no place. */
function comparedOf(x: TestColumn, row: number): number | bigint | undefined {
  const value = x.values[row]!;
  if (value === null) return undefined;
  if (x.logical.kind === 'time') return BigInt(value as bigint);
  const double = doubleOf(x, row);
  return Number.isFinite(double) ? double : undefined;
}

/** The runs of a batch in their order, by sorting its rows: category, whether there is an x, x, row. */
function bySorting(
  x: TestColumn,
  codeOf: (row: number) => number | null,
  from: number,
  to: number,
): { keys: (number | null)[]; positions: number[][]; placed: number[] } {
  const runs = new Map<number | null, number[]>();
  for (let row = from; row < to; row++) {
    const code = codeOf(row);
    runs.set(code, [...(runs.get(code) ?? []), row]);
  }
  const keys = [...runs.keys()].sort((a, b) => (a === null ? 1 : b === null ? -1 : a - b));
  const placed: number[] = [];
  const positions = keys.map((key) => {
    const rows = runs.get(key)!;
    const inPlace = rows.filter((row) => comparedOf(x, row) !== undefined);
    placed.push(inPlace.length);
    inPlace.sort((a, b) => {
      const [p, q] = [comparedOf(x, a)!, comparedOf(x, b)!];
      return p < q ? -1 : p > q ? 1 : a - b;
    });
    const others = rows.filter((row) => comparedOf(x, row) === undefined);
    return [...inPlace, ...others].map((row) => row - from);
  });
  return { keys, positions, placed };
}

/** Codes of a dictionary are given as its values first occur; other categories are known by their numbers. */
function codesOf({ values, storage }: TestColumn): (row: number) => number | null {
  if (!storage.startsWith('dict'))
    return (row) => (values[row] === null ? null : Number(values[row]));
  const codes = new Map<Stored, number>();
  for (const value of values) if (value !== null && !codes.has(value)) codes.set(value, codes.size);
  return (row) => codes.get(values[row]!) ?? null;
}

function expectSorted(x: TestColumn, category: TestColumn | null, batchSize = 1000): void {
  const codeOf = category === null ? () => 0 : codesOf(category);
  for (const [batch, order] of ordersOf(x, category, batchSize).entries()) {
    const from = batch * batchSize;
    const expected = bySorting(x, codeOf, from, Math.min(x.values.length, from + batchSize));
    expect([...order.keys].map((key) => (Number.isNaN(key) ? null : key))).toEqual(expected.keys);
    expect([...order.placed]).toEqual(expected.placed);
    const runs = expected.keys.map((_, run) => [
      ...order.positions.subarray(order.starts[run], order.starts[run + 1]),
    ]);
    expect(runs).toEqual(expected.positions);
    const rises = expected.positions.every((run, k) =>
      run.slice(0, expected.placed[k]).every((position, i) => i === 0 || run[i - 1]! < position),
    );
    if (order.isRowOrder) expect(rises).toBe(true);
  }
}

describe('the order of a batch is that of a sort', () => {
  test.each([...NUMBER_KINDS, ...TIME_KINDS])('by %s', (kind) => {
    const x = testColumn(kind, ROWS);
    expectSorted(x, null);
    expectSorted(x, testColumn('word', ROWS, { seed: 3 }));
    expectSorted({ ...x, values: x.values.map((value) => value ?? x.values[1]!) }, null);
  });

  test.each(['flag', 'int8', 'uint8', 'decimal', 'day'])('of the categories of a %s', (kind) => {
    const { values, ...column } = testColumn(kind, ROWS, { nullEvery: 5 });
    const few = {
      ...column,
      values: values.map((value) => (value === null ? null : Number(value) % 9)),
    };
    expectSorted(testColumn('cents', ROWS), few);
  });

  test('where x ascends already, and in the one batch in which it does not', () => {
    const values = Array.from({ length: ROWS }, (_, i) => i >> 1);
    const x = { ...testColumn('int32', ROWS), values: values.with(1500, -4) };
    expectSorted(x, testColumn('word', ROWS));
    expect(ordersOf(x, null).map(({ isRowOrder }) => isRowOrder)).toEqual([true, false, true]);
  });

  test.each([1, 2, 1000])('of %i rows without an x or a category', (rows) => {
    const none = { ...testColumn('cents', rows), values: Array.from({ length: rows }, () => null) };
    expectSorted(none, null);
    expectSorted(none, testColumn('word', rows));
    expectSorted(testColumn('cents', rows), { ...testColumn('word', rows), values: none.values });
    expectSorted(
      { ...none, storage: 'null' },
      { ...testColumn('word', rows), storage: 'null', values: none.values },
    );
  });

  test('at both ends of 64 bits, and of the smallest and the largest doubles', () => {
    const ends = [-(2n ** 63n), 2n ** 63n - 1n, 0n, -1n, 1n, 2n ** 32n, -(2n ** 32n)];
    const integers = Array.from({ length: 500 }, (_, i) => ends[(i * 3) % 7]!);
    expectSorted({ ...testColumn('nano', 500), values: integers }, null);
    const doubles = [5e-324, -5e-324, 0, -0, Number.MAX_VALUE, -Number.MAX_VALUE, NaN, Infinity];
    const values = Array.from({ length: 500 }, (_, i) => doubles[(i * 5) % 8]!);
    expectSorted({ ...testColumn('odd', 500), values }, testColumn('word', 500));
  });
});

test('a column of more categories than are told apart is refused', () => {
  const values = Array.from({ length: 100 }, (_, i) => i * 100);
  const many = { ...testColumn('int16', 100), values };
  expect(() => ordersOf(testColumn('cents', 100), many)).toThrow('9901 categories, above 4096');
});

test('an order that is withdrawn ends soon', () => {
  const { table } = memorySnapshot([testColumn('cents', 100)]);
  const cancel = { words: Int32Array.of(1), index: 0 };
  expect(buildOrder({ table, category: null, x: 0, batch: 0, cancel })).toEqual({
    withdrawn: true,
  });
});
