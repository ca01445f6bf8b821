import type { TableView } from './columns.js';
import { byBatch } from './scan/gather.js';
import { unlessWithdrawn, checkCancel, type CancelWord } from './scan/cancel.js';
import { batchOf, spanBytes, spanInt32 } from './scan/values.js';
import { STORAGE_BYTES, type Storage } from './storage.js';

/** Asks for what all columns of a table hold at some rows. Only the batches with these rows need be in memory. */
export interface PickRowsTask {
  table: TableView;
  /** Numbers in the snapshot, ascending. */
  rows: Uint32Array;
  cancel?: CancelWord;
}

/** The picked rows of one batch, in the layout of a batch that has no others; the buffers belong to the caller. */
export interface PickedBatch {
  batch: number;
  rows: number;
  columns: PickedColumn[];
}

export interface PickedColumn {
  storage: Storage;
  nulls: number;
  data?: Uint8Array<ArrayBuffer>;
  validity?: Uint8Array<ArrayBuffer>;
  /** Of texts: rows + 1 int32. */
  offsets?: Int32Array<ArrayBuffer>;
}

export type PickedRows = { withdrawn: false; batches: PickedBatch[] } | { withdrawn: true };

/** Copies the values of some rows, so that they can be read when their batches have made room for others. */
export function pickRows({ table, rows, cancel }: PickRowsTask): PickedRows {
  return unlessWithdrawn(() => {
    const batches: PickedBatch[] = [];
    byBatch(table, rows, (batch, from, to, firstRow) => {
      checkCancel(cancel);
      const positions = Float64Array.from(rows.subarray(from, to), (row) => row - firstRow);
      const columns = table.columns.map((_, column) => pick(table, column, batch, positions));
      batches.push({ batch, rows: positions.length, columns });
    });
    return { withdrawn: false, batches };
  });
}

function pick(
  table: TableView,
  column: number,
  batch: number,
  positions: Float64Array,
): PickedColumn {
  const { storage, validity, data, offsets } = batchOf(table, column, batch);
  const bits = validity === undefined ? undefined : pickBits(spanBytes(table, validity), positions);
  const picked: PickedColumn = {
    storage,
    nulls: bits === undefined ? (storage === 'null' ? positions.length : 0) : bits.zeros,
    ...(bits && { validity: bits.bytes }),
  };
  if (offsets !== undefined) {
    const bytes = data === undefined ? new Uint8Array(0) : spanBytes(table, data);
    return { ...picked, ...pickStrings(spanInt32(table, offsets), bytes, positions) };
  }
  if (data === undefined) return picked;
  const bytes = spanBytes(table, data);
  if (storage === 'bool') return { ...picked, data: pickBits(bytes, positions).bytes };
  const size = STORAGE_BYTES[storage];
  const values = new Uint8Array(positions.length * size);
  for (let k = 0; k < positions.length; k++) {
    const start = positions[k]! * size;
    for (let at = 0; at < size; at++) values[k * size + at] = bytes[start + at]!;
  }
  return { ...picked, data: values };
}

function pickBits(
  bits: Uint8Array,
  positions: Float64Array,
): { bytes: Uint8Array<ArrayBuffer>; zeros: number } {
  const bytes = new Uint8Array(Math.ceil(positions.length / 8));
  let ones = 0;
  for (let k = 0; k < positions.length; k++) {
    const at = positions[k]!;
    const bit = (bits[Math.floor(at / 8)]! >> (at % 8)) & 1;
    bytes[k >> 3]! |= bit << (k & 7);
    ones += bit;
  }
  return { bytes, zeros: positions.length - ones };
}

function pickStrings(
  offsets: Int32Array,
  bytes: Uint8Array,
  positions: Float64Array,
): { offsets: Int32Array<ArrayBuffer>; data: Uint8Array<ArrayBuffer> } {
  const picked = new Int32Array(positions.length + 1);
  for (let k = 0; k < positions.length; k++) {
    const at = positions[k]!;
    picked[k + 1] = picked[k]! + (offsets[at + 1]! - offsets[at]!);
  }
  const data = new Uint8Array(picked[positions.length]!);
  for (let k = 0; k < positions.length; k++) {
    const at = positions[k]!;
    data.set(bytes.subarray(offsets[at], offsets[at + 1]), picked[k]);
  }
  return { offsets: picked, data };
}
