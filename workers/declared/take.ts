import type { TableView } from '../columns.js';
import { byBatch, placesOf } from '../scan/gather.js';
import { wideAt } from '../scan/exact.js';
import type { FrameColumn } from '../scan/frame.js';
import { batchOf, bigintsOf, columnOf, numbersOf, spanBytes } from '../scan/values.js';
import { batchStrings, dictionaryStrings, type Strings } from '../select/strings.js';
import { declaredColumn, type DeclaredValues } from './column.js';

/** Rows to be read, in any order, each with its place in ascending order. */
export interface RowOrder {
  rows: Uint32Array;
  /** Where they stand in the table, ascending. */
  ascending: Uint32Array;
  /** The place in `rows` of what stands at ascending[k]. */
  places: Uint32Array;
}

/** Prepares rows of the snapshot for reading in a table: columns are read from the first batch to the last. */
export function rowOrder(rows: Uint32Array, table: TableView): RowOrder {
  const places = Uint32Array.from(rows.keys());
  let sorted = true;
  for (let i = 1; i < rows.length; i++) if (rows[i]! < rows[i - 1]!) sorted = false;
  if (!sorted) places.sort((a, b) => rows[a]! - rows[b]!);
  const ascending = sorted ? rows : Uint32Array.from(places, (place) => rows[place]!);
  return { rows, places, ascending: placesOf(table, ascending) };
}

/** The values of a column at some rows, as a column of a frame in its declared type. */
export function takeColumn(table: TableView, column: number, order: RowOrder): FrameColumn {
  const { name, logical } = columnOf(table, column);
  return declaredColumn(name, logical, takeValues(table, column, order));
}

/** The values of a column at some rows. */
export function takeValues(table: TableView, column: number, order: RowOrder): DeclaredValues {
  const { kind } = columnOf(table, column).logical;
  return kind === 'text' || kind === 'binary'
    ? takeStrings(table, column, order)
    : takeNumbers(table, column, order);
}

function takeNumbers(table: TableView, column: number, order: RowOrder): DeclaredValues {
  const { ascending, places, rows } = order;
  const valid = new Uint8Array(rows.length);
  const numbers = new Float64Array(rows.length);
  // Integers beyond doubles have a place of their own, made when the first one comes.
  let bigints: (bigint | undefined)[] | undefined;
  byBatch(table, ascending, (batch, from, to, firstRow) => {
    const source = batchOf(table, column, batch);
    const small = numbersOf(table, source);
    const wide = bigintsOf(table, source);
    const bits =
      source.storage === 'bool' && source.data !== undefined
        ? spanBytes(table, source.data)
        : undefined;
    const isValid = validityOf(table, column, batch);
    if (wide !== undefined) bigints ??= [];
    for (let k = from; k < to; k++) {
      const i = ascending[k]! - firstRow;
      if (!isValid(i)) continue;
      const place = places[k]!;
      valid[place] = 1;
      if (small !== undefined) numbers[place] = small[i]!;
      else if (bits !== undefined) numbers[place] = (bits[i >> 3]! >> (i & 7)) & 1;
      else bigints![place] = source.storage === 'decimal128' ? wideAt(wide!, i) : wide![i]!;
    }
  });
  const stored =
    bigints === undefined ? (i: number) => numbers[i]! : (i: number) => bigints![i] ?? numbers[i]!;
  return { rows: rows.length, valid, stored };
}

function takeStrings(table: TableView, column: number, order: RowOrder): DeclaredValues {
  const { ascending, places, rows } = order;
  const { dictionary } = columnOf(table, column);
  const valid = new Uint8Array(rows.length);
  const at = new Uint32Array(rows.length);
  const sources: (Strings | undefined)[] = [];
  const sourceOf = new Uint16Array(rows.length);
  byBatch(table, ascending, (batch, from, to, firstRow) => {
    const source = batchOf(table, column, batch);
    const codes = dictionary === undefined ? undefined : numbersOf(table, source);
    const strings =
      codes === undefined ? batchStrings(table, source) : dictionaryStrings(table, dictionary!);
    const isValid = validityOf(table, column, batch);
    sources.push(strings);
    for (let k = from; k < to; k++) {
      const i = ascending[k]! - firstRow;
      if (strings === undefined || !isValid(i)) continue;
      const place = places[k]!;
      valid[place] = 1;
      at[place] = codes === undefined ? i : codes[i]!;
      sourceOf[place] = sources.length - 1;
    }
  });
  const offsets = new Int32Array(rows.length + 1);
  for (let i = 0; i < rows.length; i++) {
    const strings = sources[sourceOf[i]!];
    const length = valid[i] === 0 ? 0 : strings!.offsets[at[i]! + 1]! - strings!.offsets[at[i]!]!;
    offsets[i + 1] = offsets[i]! + length;
  }
  const bytes = new Uint8Array(offsets[rows.length]!);
  for (let i = 0; i < rows.length; i++) {
    if (valid[i] === 0) continue;
    const strings = sources[sourceOf[i]!]!;
    bytes.set(
      strings.bytes.subarray(strings.offsets[at[i]!], strings.offsets[at[i]! + 1]),
      offsets[i],
    );
  }
  return { rows: rows.length, valid, strings: { offsets, bytes } };
}

function validityOf(table: TableView, column: number, batch: number): (i: number) => boolean {
  const { validity, nulls, storage } = batchOf(table, column, batch);
  if (storage === 'null') return () => false;
  if (validity === undefined || nulls === 0) return () => true;
  const bits = spanBytes(table, validity);
  return (i) => ((bits[i >> 3]! >> (i & 7)) & 1) === 1;
}
