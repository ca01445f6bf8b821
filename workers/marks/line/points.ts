import type { Block } from '../../scan/block.js';
import type { LinePartial, LinePlan } from './plan.js';

/** Keeps the numbers of the matching rows that stand in the domain, whether or not they have a y. */
export interface PointRows {
  add(block: Block, cells: Int32Array, slots: Uint16Array | undefined): void;
  /** Takes in the rows `from` to `to` of a block, all of which stand in the domain. */
  addRun(block: Block, from: number, to: number): void;
  partial(): LinePartial['points'];
}

/** A line of all rows is asked for by `lttb`; `auto` and `points` want it while it fits the budget. */
export function openPoints({ method, budget, ys }: LinePlan): PointRows {
  const most =
    method === 'lttb' ? Infinity : method === 'auto' || method === 'points' ? budget / ys.length : 0;
  let rows = new Uint32Array(Math.min(most, 4096));
  let slotsOfRows = new Uint16Array(rows.length);
  let hasSlots = false;
  let count = 0;
  let isFull = most === 0;
  const keep = (row: number, slot: number): void => {
    if (count >= most) {
      isFull = true;
      return;
    }
    if (count === rows.length) {
      const size = Math.min(most, count * 2);
      const grown = new Uint32Array(size);
      const grownSlots = new Uint16Array(size);
      grown.set(rows);
      grownSlots.set(slotsOfRows);
      rows = grown;
      slotsOfRows = grownSlots;
    }
    rows[count] = row;
    slotsOfRows[count++] = slot;
  };
  return {
    add({ mask, rows: blockRows, firstRow }, cells, slots) {
      hasSlots ||= slots !== undefined;
      for (let i = 0; i < blockRows && !isFull; i++) {
        if (cells[i]! >= 0 && (mask === null || mask[i] !== 0)) keep(firstRow + i, slots?.[i] ?? 0);
      }
    },
    addRun({ mask, firstRow }, from, to) {
      for (let i = from; i < to && !isFull; i++) {
        if (mask === null || mask[i] !== 0) keep(firstRow + i, 0);
      }
    },
    partial: () =>
      isFull
        ? null
        : { rows: rows.slice(0, count), slots: hasSlots ? slotsOfRows.slice(0, count) : null },
  };
}
