import type { ColumnInfo } from '../../../protocol/column.js';
import type { EncodedColumn, EncodedDictionary } from '../../snapshots/encoded-column.js';

/** What is known of a column once every batch has passed. */
export type ColumnSummary = Pick<
  ColumnInfo,
  'nulls' | 'min' | 'max' | 'distinct' | 'quantiles' | 'ascending'
> & {
  /** Values that have no finite place in their type (infinite dates) and became null. */
  nulled: number;
};

/** The memory of an encoder; only one of its own kind understands it. */
export type ColumnState = Readonly<Record<string, unknown>>;

/** One column of one batch as it was staged: views on shared memory. */
export interface StagedView {
  rows: number;
  /** One byte a row, 1 is valid; absent without nulls. The encoder may clear bytes of it. */
  valid?: Uint8Array;
  /** The values' bytes; for strings the arena that `starts` points into. */
  data: Uint8Array;
  starts?: Int32Array;
  lengths?: Int32Array;
  /** Rows of this batch that belong to the sample, ascending. */
  sample: Int32Array;
}

/** Turns the staged values of one column into Arrow buffers, batch after batch, and keeps account of them. */
export interface ColumnEncoder {
  /** `kept` are the positions of the sample so far that stay in it; absent for all. */
  encode(staged: StagedView, kept?: Int32Array): EncodedColumn;
  /** The dictionary so far; undefined for a column that has none. */
  dictionary(): EncodedDictionary | undefined;
  summary(): ColumnSummary;
  /** What it knows of the batches so far, but for its dictionary: plain data that can be kept on a disk. */
  state(): ColumnState;
  /** Goes on from the `state` and the dictionary of another encoder of the same type, before its first batch. */
  resume(state: ColumnState, dictionary: EncodedDictionary | undefined): void;
}
