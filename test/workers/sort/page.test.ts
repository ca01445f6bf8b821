import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildSort } from '../../../workers/sort/build.js';
import { pageBySort, type PageBySortTask } from '../../../workers/sort/page.js';
import { memorySnapshot, type TestColumn } from '../../helpers/memory-snapshot.js';
import { sortedRows } from '../../helpers/sorted-rows.js';
import { withSorts } from '../../helpers/sorts.js';
import { randomNumbers, testColumn, TEST_KINDS } from '../../helpers/test-columns.js';

const ROWS = 9_000;
const ALL = Array.from({ length: ROWS }, (_, row) => row);
/** Batches of several lengths, none of them a multiple of a byte's bits. */
const BATCH = 1_003;

const orderOf = (part: Uint8Array, rows: number): number[] => [
  ...new Uint32Array(part.buffer, part.byteOffset, rows),
];

function pageOf(
  column: TestColumn,
  ask: Pick<PageBySortTask, 'offset' | 'limit' | 'descending'> &
    Partial<Pick<PageBySortTask, 'bits' | 'matched' | 'whole'>>,
): { rows: number[]; skip: number; touched: number } | null {
  const { table, parts } = withSorts(memorySnapshot([column], BATCH).table, 0);
  const found = pageBySort({ table, column: 0, parts, matched: table.rows, ...ask });
  if (found.withdrawn) throw new Error('Nobody withdraws in a test.');
  return found.found === null ? null : { ...found.found, rows: [...found.found.rows] };
}

describe('a part of a sort index', () => {
  test.each(TEST_KINDS)('has the rows of its batch in the order by %s', (kind) => {
    const column = testColumn(kind, ROWS);
    const { table } = memorySnapshot([column], BATCH);
    for (const [batch, rows] of table.batchRows.entries()) {
      const built = buildSort({ table, batch });
      if (built.withdrawn) throw new Error('Nobody withdraws in a test.');
      const first = batch * BATCH;
      const own = ALL.slice(first, first + rows);
      const expected = sortedRows(own, [[column, false]]).map((row) => row - first);
      expect(orderOf(built.bytes, rows)).toEqual(expected);
    }
  });

  test('of one row, of nulls alone, and of equal values is in the order of rows', () => {
    for (const values of [[5], [null, null, null], [7, 7, null, 7]]) {
      const column = { ...testColumn('cents', 0), values };
      const built = buildSort({ table: memorySnapshot([column]).table, batch: 0 });
      if (built.withdrawn) throw new Error('Nobody withdraws in a test.');
      const rows = values.map((_, row) => row);
      expect(orderOf(built.bytes, rows.length)).toEqual(sortedRows(rows, [[column, false]]));
    }
  });
});

describe('a page by a sort index', () => {
  test.each(TEST_KINDS)('of any offset of the order by %s has the rows of a full sort', (kind) => {
    const column = testColumn(kind, ROWS);
    for (const descending of [false, true]) {
      const truth = sortedRows(ALL, [[column, descending]]);
      for (const [offset, limit] of [
        [0, 7],
        [4_321, 40],
        [ROWS - 900, 400],
        [ROWS - 5, 50],
        [ROWS, 3],
        [123, 0],
        [0, ROWS],
      ] as const) {
        const page = pageOf(column, { offset, limit, descending });
        expect(page!.rows).toEqual(truth.slice(offset, offset + limit).toSorted((a, b) => a - b));
        expect(page!.skip).toBe(0);
      }
    }
  });

  test('has whole groups of equal values where other columns put them in order', () => {
    const column = testColumn('word', ROWS);
    for (const descending of [false, true]) {
      const truth = sortedRows(ALL, [[column, descending]]);
      for (const [offset, limit] of [
        [0, 10],
        [5_000, 100],
        [ROWS - 3, 10],
      ] as const) {
        const page = pageOf(column, { offset, limit, descending, whole: { most: ROWS } })!;
        const from = offset - page.skip;
        expect(page.rows).toEqual(
          truth.slice(from, from + page.rows.length).toSorted((a, b) => a - b),
        );
        const values = (rows: readonly number[]): Set<unknown> =>
          new Set(rows.map((row) => column.values[row]));
        const inside = values(page.rows);
        const outside = [...truth.slice(0, from), ...truth.slice(from + page.rows.length)];
        expect([...values(outside)].filter((value) => inside.has(value))).toEqual([]);
      }
    }
    expect(
      pageOf(column, { offset: 0, limit: 10, descending: false, whole: { most: 20 } }),
    ).toBeNull();
  });

  test('of the rows that pass filters is the page of these alone', () => {
    const column = testColumn('cents', ROWS);
    const random = randomNumbers(5);
    for (const share of [0.001, 0.03, 0.5, 0.99]) {
      const passes = ALL.map(() => random() / 2 ** 32 < share);
      const rows = ALL.filter((row) => passes[row]);
      const { table } = memorySnapshot([column], BATCH);
      const bits = table.batchRows.map((count, batch) => {
        const own = new Uint8Array(Math.ceil(count / 8));
        for (let i = 0; i < count; i++) if (passes[batch * BATCH + i]) own[i >> 3]! |= 1 << (i & 7);
        return own;
      });
      for (const descending of [false, true]) {
        const truth = sortedRows(rows, [[column, descending]]);
        for (const place of [0, 0.3, 0.7, 0.99, 1]) {
          const offset = Math.floor(rows.length * place);
          const page = pageOf(column, {
            offset,
            limit: 20,
            descending,
            bits,
            matched: rows.length,
          })!;
          const found = sortedRows(page.rows, [[column, descending]]);
          expect(found.slice(page.skip, page.skip + 20)).toEqual(truth.slice(offset, offset + 20));
        }
      }
    }
  });

  test('of any values, ties and batches has the rows of a full sort', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.constantFrom(-1, -0, 0, 0.5, NaN, Infinity, 2 ** 60)), {
          minLength: 1,
          maxLength: 60,
        }),
        fc.nat(70),
        fc.nat(20),
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        (values, offset, limit, descending, batch) => {
          const column = { ...testColumn('odd', 0), values };
          const { table, parts } = withSorts(memorySnapshot([column], batch).table, 0);
          const found = pageBySort({
            table,
            column: 0,
            parts,
            matched: table.rows,
            offset,
            limit,
            descending,
          });
          const truth = sortedRows([...values.keys()], [[column, descending]]);
          expect(found.withdrawn ? [] : [...found.found!.rows]).toEqual(
            truth.slice(offset, offset + limit).toSorted((a, b) => a - b),
          );
        },
      ),
      { numRuns: 400, seed: 1 },
    );
  });

  test('looks at some hundred values, however many rows there are', () => {
    const column = testColumn('cents', 200_000, { nullEvery: 0 });
    const { table, parts } = withSorts(memorySnapshot([column], 65_536).table, 0);
    const task = { table, column: 0, parts, matched: table.rows, offset: 123_456, limit: 10 };
    const found = pageBySort({ ...task, descending: true });
    expect(found.withdrawn ? 0 : found.found!.touched).toBeLessThan(2_500);
  });

  test('of a request that was withdrawn is given up', () => {
    const column = testColumn('cents', 100);
    const { table, parts } = withSorts(memorySnapshot([column]).table, 0);
    const words = new Int32Array(new SharedArrayBuffer(4)).fill(1);
    const bits = [new Uint8Array(13).fill(255)];
    const task = { table, column: 0, parts, matched: 100, offset: 0, limit: 10, descending: false };
    expect(pageBySort({ ...task, bits, cancel: { words, index: 0 } })).toEqual({
      withdrawn: true,
    });
  });
});
