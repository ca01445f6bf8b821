import type { ColumnBatch, DictionaryView, TableView } from '../columns.js';
import { spanBytes, spanInt32 } from '../scan/values.js';

/** Strings end to end: string `i` is bytes[offsets[i]] up to bytes[offsets[i + 1]]. */
export interface Strings {
  offsets: Int32Array;
  bytes: Uint8Array;
}

/** The values of a dictionary, by code. */
export function dictionaryStrings(table: TableView, { offsets, bytes }: DictionaryView): Strings {
  return { offsets: spanInt32(table, offsets), bytes: spanBytes(table, bytes) };
}

/** The values of a batch without a dictionary, by row; undefined where the batch holds only nulls. */
export function batchStrings(
  table: TableView,
  { offsets, data }: ColumnBatch,
): Strings | undefined {
  if (offsets === undefined) return undefined;
  return {
    offsets: spanInt32(table, offsets),
    bytes: data === undefined ? new Uint8Array(0) : spanBytes(table, data),
  };
}

/** Whether string `i` is these bytes. */
export function isString({ offsets, bytes }: Strings, i: number, wanted: Uint8Array): boolean {
  const start = offsets[i]!;
  if (offsets[i + 1]! - start !== wanted.length) return false;
  for (let k = 0; k < wanted.length; k++) if (bytes[start + k] !== wanted[k]) return false;
  return true;
}
