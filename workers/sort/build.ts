import { crc32 } from 'node:zlib';
import type { BuiltPart, IndexPartTask } from '../index-part.js';
import { largeUint32 } from '../large-arrays.js';
import { checkCancel, unlessWithdrawn } from '../scan/cancel.js';
import { openSource } from '../scan/source.js';
import { batchOf } from '../scan/values.js';
import { batchStrings } from '../select/strings.js';
import { orderOf } from '../text/rank.js';
import { keyWords } from './key-words.js';
import { radixSort, sortingOf } from './radix.js';
import { sortPartBytes } from './sort-part.js';

/** Sorts one batch of the first column of the table. */
export function buildSort({ table, batch, cancel }: IndexPartTask): BuiltPart {
  const check = (): void => checkCancel(cancel);
  return unlessWithdrawn(() => {
    const rows = table.batchRows[batch]!;
    const bytes = new Uint8Array(sortPartBytes(rows));
    const part = new Uint32Array(bytes.buffer, 0, rows);
    const { storage } = batchOf(table, 0, batch);
    const { values, nulls } = splitNulls(
      openSource(table, batchOf(table, 0, batch)).validity,
      rows,
    );
    if (storage === 'utf8') {
      const isValid = openSource(table, batchOf(table, 0, batch)).validity;
      const order = orderOf(batchStrings(table, batchOf(table, 0, batch))!, check);
      let place = 0;
      for (const row of order) {
        if (isValid === undefined || (isValid[row >>> 3]! >>> (row & 7)) & 1) part[place++] = row;
      }
    } else if (storage !== 'null') {
      const sorting = sortingOf(values);
      for (const words of keyWords(table, 0, batch, check)) radixSort(sorting, words, check);
      part.set(sorting.order);
    }
    if (storage === 'null') for (let row = 0; row < rows; row++) part[row] = row;
    else part.set(nulls, values.length);
    return { withdrawn: false, bytes, crc32: crc32(bytes) };
  });
}

/** The rows with a value, and those without, each in their order. */
function splitNulls(
  validity: Uint8Array | undefined,
  rows: number,
): { values: Uint32Array<ArrayBuffer>; nulls: Uint32Array<ArrayBuffer> } {
  const values = largeUint32(rows);
  const nulls = validity === undefined ? new Uint32Array(0) : largeUint32(rows);
  let [valid, missing] = [0, 0];
  for (let row = 0; row < rows; row++) {
    if (validity === undefined || (validity[row >>> 3]! >>> (row & 7)) & 1) values[valid++] = row;
    else nulls[missing++] = row;
  }
  return { values: values.subarray(0, valid), nulls: nulls.subarray(0, missing) };
}
