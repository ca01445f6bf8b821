import type { TableView } from '../columns.js';
import { largeFloat64 } from '../large-arrays.js';
import { ROWS_A_LOOK } from './cancel.js';
import { toDouble, wideAt } from './exact.js';
import { batchOf, bigintsOf, columnOf, numbersOf, spanBytes, type NumberArray } from './values.js';

/**
 * Where rows of the snapshot stand in a table: their own numbers, but for one that holds picked rows alone. `rows`
 * ascends; so does the result.
 */
export function placesOf({ picked }: TableView, rows: Uint32Array): Uint32Array {
  if (picked === undefined) return rows;
  const places = new Uint32Array(rows.length);
  let place = 0;
  for (let k = 0; k < rows.length; k++) {
    while (picked[place]! < rows[k]!) place++;
    if (picked[place] !== rows[k]) throw new Error(`Row ${rows[k]} was not picked.`);
    places[k] = place;
  }
  return places;
}

/** Visits rows of a table, ascending, batch by batch: positions are within the batch. */
export function byBatch(
  { batchRows }: TableView,
  rows: Uint32Array,
  visit: (batch: number, from: number, to: number, firstRow: number) => void,
): void {
  let firstRow = 0;
  let from = 0;
  for (const [batch, count] of batchRows.entries()) {
    let to = from;
    while (to < rows.length && rows[to]! < firstRow + count) to++;
    if (to > from) visit(batch, from, to, firstRow);
    from = to;
    firstRow += count;
  }
}

/**
 * The doubles that these rows stand for; null is NaN. `rows` ascends. Of rows that are `known` only those that are NaN there are
 * read, into the same array. `check` is called now and then.
 */
export function gatherDoubles(
  table: TableView,
  column: number,
  rows: Uint32Array,
  known: Float64Array | null = null,
  check: () => void = NO_CHECK,
): Float64Array {
  const { logical } = columnOf(table, column);
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  const out = known ?? largeFloat64(rows.length).fill(NaN);
  const places = placesOf(table, rows);
  byBatch(table, places, (batch, from, to, firstRow) => {
    check();
    const source = batchOf(table, column, batch);
    const numbers = numbersOf(table, source);
    const bigints = bigintsOf(table, source);
    if (numbers !== undefined) gatherNumbers(numbers, places, from, to, firstRow, 10 ** scale, out);
    else if (bigints !== undefined) {
      const isWide = source.storage === 'decimal128';
      for (let k = from; k < to; k++) {
        if (k % ROWS_A_LOOK === 0) check();
        const i = places[k]! - firstRow;
        if (Number.isNaN(out[k]!))
          out[k] = toDouble(isWide ? wideAt(bigints, i) : bigints[i]!, scale);
      }
    }
    const valid = validity(table, column, batch);
    if (valid === undefined) return;
    for (let k = from; k < to; k++) {
      const i = places[k]! - firstRow;
      if (((valid[i >> 3]! >> (i & 7)) & 1) === 0) out[k] = NaN;
    }
  });
  return out;
}

/** The exact integers of these rows, less `origin`, as doubles; the rows must not be null. `rows` ascends. */
export function gatherOffsets(
  table: TableView,
  column: number,
  rows: Uint32Array,
  origin: bigint,
  check: () => void = NO_CHECK,
): Float64Array {
  const out = largeFloat64(rows.length);
  const places = placesOf(table, rows);
  byBatch(table, places, (batch, from, to, firstRow) => {
    const source = batchOf(table, column, batch);
    const numbers = numbersOf(table, source);
    const bigints = bigintsOf(table, source);
    for (let k = from; k < to; k++) {
      if (k % ROWS_A_LOOK === 0) check();
      const i = places[k]! - firstRow;
      const value = numbers === undefined ? bigints![i]! : BigInt(numbers[i]!);
      out[k] = Number(value - origin);
    }
  });
  return out;
}

const NO_CHECK = (): void => undefined;

/** Most of its looks are for memory, and do not wait for one another. */
function gatherNumbers(
  numbers: NumberArray,
  rows: Uint32Array,
  from: number,
  to: number,
  firstRow: number,
  divisor: number,
  out: Float64Array,
): void {
  for (let k = from; k < to; k++) {
    if (Number.isNaN(out[k]!)) out[k] = numbers[rows[k]! - firstRow]! / divisor;
  }
}

function validity(table: TableView, column: number, batch: number): Uint8Array | undefined {
  const { validity: span, nulls } = batchOf(table, column, batch);
  return span === undefined || nulls === 0 ? undefined : spanBytes(table, span);
}
