import type { ColumnBatch, TableView } from '../columns.js';
import { bigintsOf, numbersOf, spanBytes, type NumberArray } from './values.js';

/** One batch of a column as arrays over shared memory, of which the storage tells which there are. */
export interface Source {
  batch: ColumnBatch;
  numbers: NumberArray | undefined;
  bigints: BigInt64Array | BigUint64Array | undefined;
  bits: Uint8Array | undefined;
  /** Absent where no row is null. */
  validity: Uint8Array | undefined;
}

export function openSource(table: TableView, batch: ColumnBatch): Source {
  const { storage, data, validity, nulls } = batch;
  return {
    batch,
    numbers: numbersOf(table, batch),
    bigints: bigintsOf(table, batch),
    bits: storage === 'bool' && data !== undefined ? spanBytes(table, data) : undefined,
    validity: validity !== undefined && nulls > 0 ? spanBytes(table, validity) : undefined,
  };
}
