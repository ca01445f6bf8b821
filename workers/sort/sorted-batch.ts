import type { Span, TableView } from '../columns.js';
import { wideAt } from '../scan/exact.js';
import { openSource } from '../scan/source.js';
import { batchOf, columnOf, spanBytes } from '../scan/values.js';
import { batchStrings, dictionaryStrings, type Strings } from '../select/strings.js';

/** A value by which rows are sorted: a stored number, or a text where it lies. */
export type SortValue = number | bigint | { strings: Strings; at: number };

/** One batch in the order of a column. */
export interface SortedBatch {
  /** Positions of the rows: see `sort-part.ts`. */
  order: Uint32Array;
  rows: number;
  /** So many places hold a value; nulls are behind them. */
  valid: number;
  /** The first row of the batch in the snapshot. */
  firstRow: number;
  valueAt(place: number): SortValue;
}

/** Opens the parts of a sort index, one a batch, beside the column at position `column` that they are of. */
export function openSorted(
  table: TableView,
  column: number,
  parts: readonly Span[],
): SortedBatch[] {
  const { dictionary } = columnOf(table, column);
  let firstRow = 0;
  return table.batchRows.map((rows, batch) => {
    const source = openSource(table, batchOf(table, column, batch));
    const { storage, nulls } = source.batch;
    const bytes = spanBytes(table, parts[batch]!);
    const order = new Uint32Array(bytes.buffer, bytes.byteOffset, rows);
    const { numbers, bigints, bits } = source;
    let valueAt: SortedBatch['valueAt'];
    if (storage === 'bool') {
      valueAt = (place) => (bits![order[place]! >>> 3]! >>> (order[place]! & 7)) & 1;
    } else if (storage.startsWith('dict')) {
      const strings = dictionaryStrings(table, dictionary!);
      valueAt = (place) => ({ strings, at: numbers![order[place]!]! });
    } else if (storage === 'utf8') {
      const strings = batchStrings(table, source.batch)!;
      valueAt = (place) => ({ strings, at: order[place]! });
    } else if (storage === 'decimal128') valueAt = (place) => wideAt(bigints!, order[place]!);
    else if (bigints !== undefined) valueAt = (place) => bigints[order[place]!]!;
    else valueAt = (place) => numbers![order[place]!]!;
    const sorted = { order, rows, valid: storage === 'null' ? 0 : rows - nulls, firstRow, valueAt };
    firstRow += rows;
    return sorted;
  });
}

/** Negative where `a` comes before `b`, positive where behind, else 0. */
export function compareValues(a: SortValue, b: SortValue): number {
  if (typeof a === 'object') return compareTexts(a, b as typeof a);
  const [x, y] = [a, b as number | bigint];
  if (x < y) return -1;
  if (x > y) return 1;
  return Number(x !== x) - Number(y !== y);
}

function compareTexts(
  { strings: ours, at: a }: Extract<SortValue, object>,
  { strings: theirs, at: b }: Extract<SortValue, object>,
): number {
  const endOfA = ours.offsets[a + 1]!;
  const endOfB = theirs.offsets[b + 1]!;
  let i = ours.offsets[a]!;
  let k = theirs.offsets[b]!;
  while (i < endOfA && k < endOfB) {
    const difference = ours.bytes[i++]! - theirs.bytes[k++]!;
    if (difference !== 0) return difference;
  }
  return endOfA - i - (endOfB - k);
}
