import type { Block } from '../../scan/block.js';
import { DROPPED } from '../../kernels/kernels.js';
import { axisWidth, openAxis } from '../../scan/axis.js';
import { CountMap } from '../../scan/count-map.js';
import type { Accumulator, Scope } from '../../scan/mark.js';
import { keptSlots, openSlots, type Slots } from '../../scan/slots.js';
import type { Grid, ScatterPartial, ScatterPlan } from './plan.js';

/** Up to so many (cell, category) pairs are counted in an array; above it only those that occur. */
const MAX_DENSE_PAIRS = 2 ** 23;

type Mask = Uint8Array | null;
/** Adds the rows of a block whose cell is not negative. */
type AddCells = (block: Block, cells: Int32Array, mask: Mask) => void;

/** Counts rows in cells, and keeps their numbers while they are within the budget. */
export function openScatter(plan: ScatterPlan, scope: Scope): Accumulator<ScatterPartial> {
  const width = axisWidth(plan.x);
  const size = width * axisWidth(plan.y);
  const cellsOfX = openAxis(plan.x, scope);
  const cellsOfY = openAxis(plan.y, scope);
  const slots = plan.color?.kind === 'category' ? openSlots(plan.color.slots, scope) : null;
  const { grid, addCells } = openGrid(plan, size, slots);
  const points = openPoints(plan.budget, slots);
  let drawn = 0;
  let outside = 0;
  let dropped = 0;
  return {
    add(block) {
      const xs = cellsOfX(block);
      const ys = cellsOfY(block);
      const { mask, rows } = block;
      // From here on xs holds the cell of the picture.
      for (let i = 0; i < rows; i++) {
        const ix = xs[i]!;
        const iy = ys[i]!;
        if (ix >= 0 && iy >= 0) xs[i] = iy * width + ix;
        else xs[i] = ix === DROPPED || iy === DROPPED ? DROPPED : -1;
      }
      let droppedHere = 0;
      let outsideHere = 0;
      for (let i = 0; i < rows; i++) {
        if (xs[i]! >= 0 || (mask !== null && mask[i] === 0)) continue;
        if (xs[i] === DROPPED) droppedHere++;
        else outsideHere++;
      }
      dropped += droppedHere;
      outside += outsideHere;
      drawn += block.matched - droppedHere - outsideHere;
      addCells(block, xs, mask);
      points.add(block, xs, mask);
    },
    partial: () => ({ drawn, outside, dropped, points: points.partial(), grid: grid() }),
  };
}

function openGrid(
  { color }: ScatterPlan,
  size: number,
  slotsOf: Slots | null,
): { grid: () => Grid; addCells: AddCells } {
  if (color?.kind === 'category' && slotsOf !== null)
    return openPairs(keptSlots(color.slots) + 2, size, slotsOf);
  const counts = new Uint32Array(size);
  if (color === null) {
    return {
      grid: () => ({ of: 'count', counts }),
      addCells(block, cells, mask) {
        if (mask === null) {
          for (let i = 0; i < block.rows; i++) if (cells[i]! >= 0) counts[cells[i]!]!++;
        } else {
          for (let i = 0; i < block.rows; i++) {
            if (mask[i] !== 0 && cells[i]! >= 0) counts[cells[i]!]!++;
          }
        }
      },
    };
  }
  const { column } = color as typeof color & { kind: 'number' };
  const sums = new Float64Array(size);
  const colored = new Uint32Array(size);
  return {
    grid: () => ({ of: 'mean', counts, sums, colored }),
    addCells(block, cells, mask) {
      const values = block.f64(column);
      for (let i = 0; i < block.rows; i++) {
        const cell = cells[i]!;
        if (cell < 0 || (mask !== null && mask[i] === 0)) continue;
        counts[cell]!++;
        const value = values[i]!;
        // Null and NaN have no color, and count all the same.
        if (value === value) {
          sums[cell]! += value;
          colored[cell]!++;
        }
      }
    },
  };
}

function openPairs(
  slotCount: number,
  size: number,
  slotsOf: Slots,
): { grid: () => Grid; addCells: AddCells } {
  const dense = size * slotCount <= MAX_DENSE_PAIRS ? new Uint32Array(size * slotCount) : null;
  const map = new CountMap();
  return {
    grid: () => ({ of: 'category', pairs: dense === null ? map.entries() : { dense } }),
    addCells(block, cells, mask) {
      const slots = slotsOf(block);
      for (let i = 0; i < block.rows; i++) {
        const cell = cells[i]!;
        if (cell < 0 || (mask !== null && mask[i] === 0)) continue;
        const pair = cell * slotCount + slots[i]!;
        if (dense === null) map.add(pair, 1);
        else dense[pair]!++;
      }
    },
  };
}

function openPoints(budget: number, slotsOf: Slots | null) {
  let rows: Uint32Array<ArrayBuffer> | null = budget === 0 ? null : new Uint32Array(budget);
  const slots = slotsOf === null || budget === 0 ? null : new Uint16Array(budget);
  let count = 0;
  return {
    add(block: Block, cells: Int32Array, mask: Mask): void {
      if (rows === null) return;
      const slotsHere = slotsOf?.(block);
      for (let i = 0; i < block.rows; i++) {
        if (cells[i]! < 0 || (mask !== null && mask[i] === 0)) continue;
        if (count === budget) {
          rows = null;
          return;
        }
        rows[count] = block.firstRow + i;
        if (slots !== null) slots[count] = slotsHere![i]!;
        count++;
      }
    },
    partial: () => rows && { rows: rows.slice(0, count), slots: slots && slots.slice(0, count) },
  };
}
