import type { ColumnBatch, ColumnView, Span, TableView } from '../columns.js';
import type { Storage } from '../storage.js';

/** The whole numbers and doubles of a batch, as an array over shared memory. */
export type NumberArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Float32Array
  | Float64Array;

/** The bytes of a span; shared, and not to be written. */
export function spanBytes(table: TableView, span: Span): Uint8Array {
  return new Uint8Array(slabOf(table, span), span.offset, span.length);
}

/** int32 of a span: offsets of strings. */
export function spanInt32(table: TableView, span: Span): Int32Array {
  return new Int32Array(slabOf(table, span), span.offset, span.length >> 2);
}

function slabOf(table: TableView, span: Span): ArrayBufferLike {
  const slab = table.slabs[span.slab];
  if (slab === undefined)
    throw new Error(`Slab ${span.slab} is not among the ${table.slabs.length} of the task.`);
  return slab;
}

/** The column at `column` in batch `batch`. */
export function batchOf(table: TableView, column: number, batch: number): ColumnBatch {
  const found = table.columns[column]?.batches[batch];
  if (found === undefined)
    throw new Error(`Batch ${batch} of column ${column} is not in the task.`);
  return found;
}

/** The column at position `column` of the task. */
export function columnOf(table: TableView, column: number): ColumnView {
  const found = table.columns[column];
  if (found === undefined)
    throw new Error(`Column ${column} is not among the ${table.columns.length} of the task.`);
  return found;
}

/** Values of up to 32 bits and doubles, codes of dictionaries among them; undefined for other storages. */
export function numbersOf(
  table: TableView,
  { storage, data }: ColumnBatch,
): NumberArray | undefined {
  const Numbers = NUMBERS[storage];
  if (Numbers === undefined) return undefined;
  const span = dataSpan(storage, data);
  return new Numbers(slabOf(table, span), span.offset, span.length / Numbers.BYTES_PER_ELEMENT);
}

/** Values of 64 bits, and the halves of those of 128 bits (low half first); undefined for other storages. */
export function bigintsOf(
  table: TableView,
  { storage, data }: ColumnBatch,
): BigInt64Array | BigUint64Array | undefined {
  if (storage !== 'int64' && storage !== 'uint64' && storage !== 'decimal128') return undefined;
  const span = dataSpan(storage, data);
  const slab = slabOf(table, span);
  return storage === 'uint64'
    ? new BigUint64Array(slab, span.offset, span.length >> 3)
    : new BigInt64Array(slab, span.offset, span.length >> 3);
}

function dataSpan(storage: Storage, span: Span | undefined): Span {
  if (span === undefined)
    throw new Error(`A column stored as ${storage} has no values in this batch.`);
  return span;
}

const NUMBERS: Partial<
  Record<
    Storage,
    {
      new (buffer: ArrayBufferLike, offset: number, length: number): NumberArray;
      BYTES_PER_ELEMENT: number;
    }
  >
> = {
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
  dict8: Uint8Array,
  dict16: Uint16Array,
  dict32: Uint32Array,
};
