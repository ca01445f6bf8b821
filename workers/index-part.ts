import type { Span, TableView } from './columns.js';
import type { CancelWord } from './scan/cancel.js';

/** Asks for the part of an index that belongs to one batch: of columns of a table that holds these alone, in order. */
export interface IndexPartTask {
  table: TableView;
  batch: number;
  /** The same batch of the index that this one is built over, where it is there. */
  over?: Span;
  cancel?: CancelWord;
}

/** The bytes of a part, a multiple of 64, which belong to the caller, and their CRC-32. */
export type BuiltPart =
  { withdrawn: false; bytes: Uint8Array<ArrayBuffer>; crc32: number } | { withdrawn: true };
