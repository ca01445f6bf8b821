import type { Block } from '../../scan/block.js';
import type { LinePartial, LinePlan } from './plan.js';

/** Keeps the numbers of the matching rows that stand in the domain, whether or not they have a y. */
export interface PointRows {
  add(block: Block, cells: Int32Array, slots: Uint16Array | undefined): void;
  /** Takes in the rows `from` to `to` of a block, all of which stand in the domain. */
  addRun(block: Block, from: number, to: number): void;
  partial(): LinePartial['points'];
}

/**
 * The most rows that are kept one by one: all for `lttb`; what fits the budget for `auto` and `points`; those that
 * `outline` looks at, else -1.
 */
export function mostRows({ method, budget, ys, outline }: LinePlan): number {
  if (method === 'lttb') return Infinity;
  if (outline !== null) return Math.floor(Math.max(budget, outline.mostSeen) / ys.length);
  return method === 'auto' || method === 'points' ? Math.floor(budget / ys.length) : -1;
}

/** Keeps the rows while they are not too many. */
export function openPoints(plan: LinePlan): PointRows {
  const most = mostRows(plan);
  let rows = new Uint32Array(Math.max(0, Math.min(most, 4096)));
  let slotsOfRows = new Uint16Array(rows.length);
  let hasSlots = false;
  let count = 0;
  let isFull = most < 0;
  const keep = (row: number, slot: number): boolean => {
    if (count >= most) {
      isFull = true;
      return false;
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
    return true;
  };
  return {
    add({ mask, rows: blockRows, firstRow }, cells, slots) {
      hasSlots ||= slots !== undefined;
      if (isFull) return;
      for (let i = 0; i < blockRows; i++) {
        if (cells[i]! < 0 || (mask !== null && mask[i] === 0)) continue;
        if (!keep(firstRow + i, slots?.[i] ?? 0)) return;
      }
    },
    addRun({ mask, firstRow }, from, to) {
      if (isFull) return;
      for (let i = from; i < to; i++) {
        if ((mask === null || mask[i] !== 0) && !keep(firstRow + i, 0)) return;
      }
    },
    partial: () =>
      isFull
        ? null
        : { rows: rows.slice(0, count), slots: hasSlots ? slotsOfRows.slice(0, count) : null },
  };
}
