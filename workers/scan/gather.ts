import type { TableView } from '../columns.js';
import { OWN_ROOM, type Room } from '../kernels/room.js';
import { ROWS_A_LOOK } from './cancel.js';
import { toDouble, wideAt } from './exact.js';
import { openSource } from './source.js';
import { batchOf, columnOf, type NumberArray } from './values.js';

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
  room: Room = OWN_ROOM,
): Float64Array {
  const { logical } = columnOf(table, column);
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  const out = known ?? room.f64(rows.length);
  const places = placesOf(table, rows);
  byBatch(table, places, (batch, from, to, firstRow) => {
    check();
    const source = batchOf(table, column, batch);
    const { numbers, bigints, validity: valid } = openSource(table, source);
    if (numbers !== undefined && known === null && scale === 0) {
      takeNumbers(numbers, places, from, to, firstRow, out);
    } else if (numbers !== undefined) {
      if (known === null) out.fill(NaN, from, to);
      gatherNumbers(numbers, places, from, to, firstRow, 10 ** scale, out);
    } else if (bigints === undefined) {
      if (known === null) out.fill(NaN, from, to);
    } else {
      const isWide = source.storage === 'decimal128';
      for (let k = from; k < to; k++) {
        if (k % ROWS_A_LOOK === 0) check();
        const i = places[k]! - firstRow;
        if (known === null || Number.isNaN(out[k]!))
          out[k] = toDouble(isWide ? wideAt(bigints, i) : bigints[i]!, scale);
      }
    }
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
  room: Room = OWN_ROOM,
): Float64Array {
  const out = room.f64(rows.length);
  const places = placesOf(table, rows);
  byBatch(table, places, (batch, from, to, firstRow) => {
    const { numbers, bigints } = openSource(table, batchOf(table, column, batch));
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

function takeNumbers(
  numbers: NumberArray,
  rows: Uint32Array,
  from: number,
  to: number,
  firstRow: number,
  out: Float64Array,
): void {
  for (let k = from; k < to; k++) out[k] = numbers[rows[k]! - firstRow]!;
}

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
