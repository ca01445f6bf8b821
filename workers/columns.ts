import type { Logical, Storage } from './storage.js';

/** Rows of every batch but the last of a load. */
export const BATCH_ROWS = 2 ** 20;
/** Rows that a kernel handles at a time: small enough for the first-level caches, a divisor of BATCH_ROWS. */
export const BLOCK_ROWS = 8192;

/** A stretch of one slab of shared memory, in bytes; `offset` is a multiple of 64. */
export interface Span {
  slab: number;
  offset: number;
  length: number;
}

/** The values of one column in one batch, as they lie in shared memory: Arrow's buffers. */
export interface ColumnBatch {
  storage: Storage;
  nulls: number;
  /** Validity bits, least significant first, 1 is valid; absent where there are no nulls. */
  validity?: Span;
  /** Values, codes, bits of booleans, or the bytes of strings; absent for storage `null`. */
  data?: Span;
  /** rows + 1 int32, for `utf8` and `binary`. */
  offsets?: Span;
  /**
   * Extremes of the finite values of this batch, in the column's own integers or doubles (not for text and
   * binary); absent where there is none. A scan may skip a batch by them.
   */
  min?: number | bigint;
  max?: number | bigint;
  /** Values of a float column that are NaN or infinite. */
  notFinite?: number;
}

/** The distinct strings of a column; codes are positions in it. Append-only within a dataset. */
export interface DictionaryView {
  /** Names the contents for ever, as memory is reused: what is derived from them is kept by it. Absent: kept nowhere. */
  id?: string;
  size: number;
  /** size + 1 int32. */
  offsets: Span;
  bytes: Span;
}

/** One column of a snapshot, resident in shared memory and readable by every worker without a copy. */
export interface ColumnView {
  name: string;
  /** DuckDB's name of the declared type. */
  type: string;
  logical: Logical;
  /** One a batch of the snapshot, in row order. */
  batches: ColumnBatch[];
  dictionary?: DictionaryView;
}

/** The columns that one task reads, with the memory they lie in. */
export interface TableView {
  rows: number;
  /** Rows of each batch; they add up to `rows`, or to those that are picked. */
  batchRows: number[];
  columns: ColumnView[];
  /** Spans name their slab by its position here. */
  slabs: ArrayBufferLike[];
  /**
   * Where present, the batches hold these rows of the snapshot alone, ascending: what a merge reads of a table that is not
   * in memory as a whole. Not for scans.
   */
  picked?: Uint32Array;
}
