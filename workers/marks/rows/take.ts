import { rowOrder, takeColumn } from '../../declared/take.js';
import { openStream } from '../../arrow/stream.js';
import { grown, largeUint32 } from '../../large-arrays.js';
import type { Mark } from '../../scan/mark.js';

export interface TakePlan {
  kind: 'take';
  /** Positions of the columns that are taken. */
  columns: number[];
}

/** The matching rows of a scan as an Arrow stream of one batch, every value in its declared type. */
export const take: Mark<TakePlan, Uint32Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> = {
  open() {
    let rows = new Uint32Array(65_536);
    let count = 0;
    return {
      add({ mask, rows: blockRows, firstRow }) {
        if (count + blockRows > rows.length) {
          rows = grown(rows, rows.length * 2);
        }
        for (let i = 0; i < blockRows; i++) {
          if (mask === null || mask[i] !== 0) rows[count++] = firstRow + i;
        }
      },
      partial: () => rows.subarray(0, count),
    };
  },

  merge({ columns }, partials, { table, check }) {
    const order = rowOrder(partials.length === 1 ? partials[0]! : joined(partials), table);
    const taken = columns.map((column) => {
      check();
      return takeColumn(table, column, order);
    });
    const stream = openStream(
      taken.map(({ field }) => field),
      {},
      order.rows.length,
      taken.map(({ size }) => size),
    );
    for (const [i, column] of taken.entries()) column.write(stream.columns[i]!);
    return stream.bytes;
  },
};

function joined(partials: readonly Uint32Array[]): Uint32Array {
  const all = largeUint32(partials.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of partials) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
