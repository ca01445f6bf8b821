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

// Eight reads before the first write keep as many on their way from memory.
function takeNumbers(
  numbers: NumberArray,
  rows: Uint32Array,
  from: number,
  to: number,
  firstRow: number,
  out: Float64Array,
): void {
  const whole = to - ((to - from) % 8);
  for (let k = from; k < whole; k += 8) {
    const a = numbers[rows[k]! - firstRow]!;
    const b = numbers[rows[k + 1]! - firstRow]!;
    const c = numbers[rows[k + 2]! - firstRow]!;
    const d = numbers[rows[k + 3]! - firstRow]!;
    const e = numbers[rows[k + 4]! - firstRow]!;
    const f = numbers[rows[k + 5]! - firstRow]!;
    const g = numbers[rows[k + 6]! - firstRow]!;
    const h = numbers[rows[k + 7]! - firstRow]!;
    out[k] = a;
    out[k + 1] = b;
    out[k + 2] = c;
    out[k + 3] = d;
    out[k + 4] = e;
    out[k + 5] = f;
    out[k + 6] = g;
    out[k + 7] = h;
  }
  for (let k = whole; k < to; k++) out[k] = numbers[rows[k]! - firstRow]!;
}

/** Places of a batch that are looked at together: see `gatherNumbers`. */
const UNKNOWN = new Uint32Array(1024);

/** Those that are NaN are listed first: their looks are for memory, and then wait for nothing that the processor guessed wrong. */
function gatherNumbers(
  numbers: NumberArray,
  rows: Uint32Array,
  from: number,
  to: number,
  firstRow: number,
  divisor: number,
  out: Float64Array,
): void {
  for (let start = from; start < to; start += UNKNOWN.length) {
    const end = Math.min(to, start + UNKNOWN.length);
    let count = 0;
    for (let k = start; k < end; k++) if (Number.isNaN(out[k]!)) UNKNOWN[count++] = k;
    const whole = count - (count % 4);
    for (let i = 0; i < whole; i += 4) {
      const a = UNKNOWN[i]!;
      const b = UNKNOWN[i + 1]!;
      const c = UNKNOWN[i + 2]!;
      const d = UNKNOWN[i + 3]!;
      const ofA = numbers[rows[a]! - firstRow]!;
      const ofB = numbers[rows[b]! - firstRow]!;
      const ofC = numbers[rows[c]! - firstRow]!;
      const ofD = numbers[rows[d]! - firstRow]!;
      out[a] = ofA / divisor;
      out[b] = ofB / divisor;
      out[c] = ofC / divisor;
      out[d] = ofD / divisor;
    }
    for (let i = whole; i < count; i++) {
      const k = UNKNOWN[i]!;
      out[k] = numbers[rows[k]! - firstRow]! / divisor;
    }
  }
}
