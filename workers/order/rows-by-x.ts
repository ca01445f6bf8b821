import { BLOCK_ROWS, type TableView } from '../columns.js';
import type { Arena } from '../kernels/arena.js';
import { kernelsFor } from '../kernels/load.js';
import { largeUint32 } from '../large-arrays.js';
import { fillDoubles } from '../scan/fill-doubles.js';
import { openSource } from '../scan/source.js';
import { batchOf, columnOf } from '../scan/values.js';
import { createSortKeys, sortedPositions, type SortKeys } from './sort-rows.js';

/** The rows of a batch by x: those that have one ascend with it, of equal x in the order of rows; the others follow. */
export interface RowsByX {
  positions: Uint32Array<ArrayBuffer>;
  /** How many rows have an x that is neither null nor NaN nor infinite. */
  placed: number;
  /** Whether the rows that have an x stand in its order already. */
  isRowOrder: boolean;
}

/**
 * Sorts the rows of a batch by what a scan compares: times by their exact integers, other numbers by the doubles that they
 * stand for (`Block.f64`), so that integers that are one double are of equal x, here as there.
 */
export function rowsByX(
  table: TableView,
  column: number,
  batch: number,
  arena: Arena,
  check: () => void,
): RowsByX {
  const rows = table.batchRows[batch]!;
  if (ascends(table, column, batch, arena, check)) {
    const positions = largeUint32(rows);
    for (let i = 0; i < rows; i++) positions[i] = i;
    return { positions, placed: rows, isRowOrder: true };
  }
  const keys = createSortKeys(rows);
  const { logical } = columnOf(table, column);
  const { batch: view, bigints } = openSource(table, batchOf(table, column, batch));
  const isTime = logical.kind === 'time' || logical.kind === 'clock';
  const found =
    isTime && bigints !== undefined && view.storage === 'int64'
      ? fillIntegers(keys, table, column, batch)
      : fillFromDoubles(keys, table, column, batch, arena, check);
  const { placed, isRowOrder, others } = found;
  const positions = largeUint32(rows);
  const sorted = isRowOrder
    ? keys.positions.subarray(0, placed)
    : sortedPositions(
        {
          low: keys.low.subarray(0, placed),
          high: keys.high.subarray(0, placed),
          positions: keys.positions.subarray(0, placed),
        },
        check,
      );
  positions.set(sorted);
  positions.set(others, placed);
  return { positions, placed, isRowOrder };
}

/** Whether every row has an x, and no double of one is below that of the row before: then there is nothing to sort. */
function ascends(
  table: TableView,
  column: number,
  batch: number,
  arena: Arena,
  check: () => void,
): boolean {
  const view = batchOf(table, column, batch);
  const { nulls, notFinite = 0, storage } = view;
  // Integers of 64 bits may be told apart where their doubles are not.
  if (nulls > 0 || notFinite > 0 || storage === 'null' || storage === 'int64') return false;
  const { logical } = columnOf(table, column);
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  const source = openSource(table, view);
  const kernels = kernelsFor(arena);
  const values = arena.f64(BLOCK_ROWS);
  const rows = table.batchRows[batch]!;
  let before = -Infinity;
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    check();
    const count = Math.min(BLOCK_ROWS, rows - from);
    fillDoubles(source, from, count, scale, values, kernels);
    for (let i = 0; i < count; i++) {
      if (values[i]! < before) return false;
      before = values[i]!;
    }
  }
  return true;
}

type Filled = Pick<RowsByX, 'placed' | 'isRowOrder'> & {
  /** Positions of the rows without an x. */
  others: Uint32Array<ArrayBuffer>;
};

function fillIntegers(
  { low, high, positions }: SortKeys,
  table: TableView,
  column: number,
  batch: number,
): Filled {
  const { bigints, validity } = openSource(table, batchOf(table, column, batch));
  const { buffer, byteOffset, length } = bigints!;
  const words = new Uint32Array(buffer, byteOffset, length * 2);
  const others = new Uint32Array(batchOf(table, column, batch).nulls);
  let placed = 0;
  let missing = 0;
  let isRowOrder = true;
  for (let i = 0; i < length; i++) {
    if (validity !== undefined && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) {
      others[missing++] = i;
      continue;
    }
    low[placed] = words[2 * i]!;
    // With the sign turned over, unsigned integers are in the order of signed ones.
    high[placed] = words[2 * i + 1]! ^ 0x8000_0000;
    positions[placed] = i;
    if (isRowOrder && placed > 0) isRowOrder = !isBelow(low, high, placed);
    placed++;
  }
  return { placed, isRowOrder, others };
}

function fillFromDoubles(
  { low, high, positions }: SortKeys,
  table: TableView,
  column: number,
  batch: number,
  arena: Arena,
  check: () => void,
): Filled {
  const rows = table.batchRows[batch]!;
  const { logical } = columnOf(table, column);
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  const source = openSource(table, batchOf(table, column, batch));
  const kernels = kernelsFor(arena);
  const values = arena.f64(BLOCK_ROWS);
  const words = new Uint32Array(values.buffer, values.byteOffset, BLOCK_ROWS * 2);
  const others = largeUint32(rows);
  let placed = 0;
  let missing = 0;
  let isRowOrder = true;
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    check();
    const count = Math.min(BLOCK_ROWS, rows - from);
    fillDoubles(source, from, count, scale, values, kernels);
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (!(value > -Infinity && value < Infinity)) {
        others[missing++] = from + i;
        continue;
      }
      // -0 is the equal of 0.
      if (value === 0) values[i] = 0;
      const sign = words[2 * i + 1]! >> 31;
      low[placed] = words[2 * i]! ^ sign;
      high[placed] = words[2 * i + 1]! ^ (sign | 0x8000_0000);
      positions[placed] = from + i;
      if (isRowOrder && placed > 0) isRowOrder = !isBelow(low, high, placed);
      placed++;
    }
  }
  return { placed, isRowOrder, others: others.subarray(0, missing) };
}

/** Whether key `i` is below the one before it. */
function isBelow(low: Uint32Array, high: Uint32Array, i: number): boolean {
  return high[i] === high[i - 1] ? low[i]! < low[i - 1]! : high[i]! < high[i - 1]!;
}
