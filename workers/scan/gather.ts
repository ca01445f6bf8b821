import type { TableView } from '../columns.js';
import { largeFloat64 } from '../large-arrays.js';
import { toDouble, wideAt } from './exact.js';
import { batchOf, bigintsOf, columnOf, numbersOf, spanBytes } from './values.js';

/** Visits rows of the snapshot, ascending, batch by batch: positions are within the batch. */
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

/** The doubles that these rows stand for; null is NaN. `rows` ascends. */
export function gatherDoubles(table: TableView, column: number, rows: Uint32Array): Float64Array {
  const { logical } = columnOf(table, column);
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  const out = largeFloat64(rows.length);
  byBatch(table, rows, (batch, from, to, firstRow) => {
    const source = batchOf(table, column, batch);
    const numbers = numbersOf(table, source);
    const bigints = bigintsOf(table, source);
    const valid = validity(table, column, batch);
    for (let k = from; k < to; k++) {
      const i = rows[k]! - firstRow;
      if (valid !== undefined && ((valid[i >> 3]! >> (i & 7)) & 1) === 0) out[k] = NaN;
      else if (numbers !== undefined)
        out[k] = scale === 0 ? numbers[i]! : numbers[i]! / 10 ** scale;
      else if (bigints === undefined) out[k] = NaN;
      else
        out[k] = toDouble(
          source.storage === 'decimal128' ? wideAt(bigints, i) : bigints[i]!,
          scale,
        );
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
): Float64Array {
  const out = largeFloat64(rows.length);
  byBatch(table, rows, (batch, from, to, firstRow) => {
    const source = batchOf(table, column, batch);
    const numbers = numbersOf(table, source);
    const bigints = bigintsOf(table, source);
    for (let k = from; k < to; k++) {
      const i = rows[k]! - firstRow;
      const value = numbers === undefined ? bigints![i]! : BigInt(numbers[i]!);
      out[k] = Number(value - origin);
    }
  });
  return out;
}

function validity(table: TableView, column: number, batch: number): Uint8Array | undefined {
  const { validity: span, nulls } = batchOf(table, column, batch);
  return span === undefined || nulls === 0 ? undefined : spanBytes(table, span);
}
