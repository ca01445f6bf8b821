import { crc32 } from 'node:zlib';
import type { TableView } from '../columns.js';
import type { BuiltPart } from '../index-part.js';
import { threadArena as arena } from '../kernels/thread-arena.js';
import { checkCancel, unlessWithdrawn, type CancelWord } from '../scan/cancel.js';
import { categoryCodes } from './category-codes.js';
import { createOrder, orderBytes, type Order } from './order.js';
import { rowsByX } from './rows-by-x.js';

export interface BuildOrderTask {
  table: TableView;
  /** A dictionary, a boolean or a column of few integers; null where all rows are one run. */
  category: number | null;
  /** A column of numbers or times. */
  x: number;
  batch: number;
  cancel?: CancelWord;
}

/** Builds the order of one batch. */
export function buildOrder(task: BuildOrderTask): BuiltPart {
  return unlessWithdrawn(() => {
    arena.reset();
    const { bytes } = orderOf(task, () => checkCancel(task.cancel));
    return { withdrawn: false, bytes, crc32: crc32(bytes) };
  });
}

/** The rows of a batch by category and x. */
export function orderOf(
  { table, category, x, batch }: BuildOrderTask,
  check: () => void,
): { order: Order; bytes: Uint8Array<ArrayBuffer> } {
  const rows = table.batchRows[batch]!;
  const byX = rowsByX(table, x, batch, arena, check);
  const { isRowOrder, placed } = byX;
  check();
  if (category === null) {
    const bytes = new Uint8Array(orderBytes(rows, 1));
    const order = createOrder(bytes, { rows, runs: 1, isRowOrder });
    order.starts[1] = rows;
    order.placed[0] = placed;
    order.positions.set(byX.positions.subarray(0, rows));
    return { order, bytes };
  }
  const { codes, base, size } = categoryCodes(table, category, batch);
  check();
  const counts = new Uint32Array(size + 1);
  for (let i = 0; i < rows; i++) counts[codes[i]!]!++;
  const present = [...counts.keys()].filter((code) => counts[code]! > 0);
  const bytes = new Uint8Array(orderBytes(rows, present.length));
  const order = createOrder(bytes, { rows, runs: present.length, isRowOrder });
  const next = new Uint32Array(size + 1);
  let start = 0;
  for (const [run, code] of present.entries()) {
    order.keys[run] = code === size ? NaN : base + code;
    order.starts[run] = next[code] = start;
    start += counts[code]!;
  }
  order.starts[present.length] = rows;
  // What is in order of x is dealt out to the runs as it comes: first the rows with an x, then those without.
  const { positions } = order;
  const deal = (from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      const position = byX.positions[i]!;
      positions[next[codes[position]!]!++] = position;
    }
  };
  deal(0, placed);
  for (const [run, code] of present.entries()) order.placed[run] = next[code]! - order.starts[run]!;
  deal(placed, rows);
  return { order, bytes };
}
