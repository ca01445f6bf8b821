import type { TableView } from '../columns.js';
import { largeUint32 } from '../large-arrays.js';
import { openSource } from '../scan/source.js';
import { batchOf } from '../scan/values.js';

/** The values of a category in one batch, as small whole numbers. */
export interface CategoryCodes {
  /** By row: the value less `base`; `size` where it is null. */
  codes: Uint32Array<ArrayBuffer>;
  base: number;
  size: number;
}

/** More values than these are not told apart: their runs would be too short to be worth it. */
export const MAX_CATEGORIES = 4096;

/** Reads a category that is a dictionary, a boolean or an integer of which the least and the greatest are close. */
export function categoryCodes(table: TableView, column: number, batch: number): CategoryCodes {
  const rows = table.batchRows[batch]!;
  const source = openSource(table, batchOf(table, column, batch));
  const { numbers, bigints, bits, validity } = source;
  const { storage, min, max } = source.batch;
  const codes = largeUint32(rows);
  if (storage === 'null') return { codes: codes.fill(0), base: 0, size: 0 };
  const isDictionary = storage.startsWith('dict');
  const base = isDictionary || bits !== undefined ? 0 : Number(min ?? 0);
  if (bits !== undefined) for (let i = 0; i < rows; i++) codes[i] = (bits[i >> 3]! >> (i & 7)) & 1;
  else if (numbers !== undefined) for (let i = 0; i < rows; i++) codes[i] = numbers[i]! - base;
  else if (bigints !== undefined && storage !== 'decimal128') {
    for (let i = 0; i < rows; i++) codes[i] = Number(bigints[i]!) - base;
  } else throw new Error(`Values stored as ${storage} are no categories.`);
  const size =
    bits !== undefined
      ? 2
      : isDictionary
        ? greatest(codes, validity) + 1
        : Number(max ?? 0) - base + 1;
  if (size > MAX_CATEGORIES) throw new Error(`It has ${size} categories, above ${MAX_CATEGORIES}.`);
  if (validity !== undefined) {
    for (let i = 0; i < rows; i++) if (((validity[i >> 3]! >> (i & 7)) & 1) === 0) codes[i] = size;
  }
  return { codes, base, size };
}

function greatest(codes: Uint32Array, validity: Uint8Array | undefined): number {
  let most = -1;
  for (let i = 0; i < codes.length; i++) {
    if (validity !== undefined && ((validity[i >> 3]! >> (i & 7)) & 1) === 0) continue;
    if (codes[i]! > most) most = codes[i]!;
  }
  return most;
}
