import type { Block } from '../../scan/block.js';
import type { Cells } from '../../kernels/kernels.js';
import { axisWidth, openAxis } from '../../scan/axis.js';
import { openCounts } from '../../scan/counts.js';
import { CountMap } from '../../scan/count-map.js';
import type { Accumulator, Scope } from '../../scan/mark.js';
import { keptSlots, openSlots, type Slots } from '../../scan/slots.js';
import type { Grid, ScatterPartial, ScatterPlan } from './plan.js';

/** Up to so many (cell, category) pairs are counted in an array; above it only those that occur. */
const MAX_DENSE_PAIRS = 2 ** 23;

/** Adds the rows of a block whose cell is not negative. */
type AddCells = (block: Block, cells: Cells) => void;

/** Counts rows in cells, and keeps their numbers while they are within the budget. */
export function openScatter(plan: ScatterPlan, scope: Scope): Accumulator<ScatterPartial> {
  const width = axisWidth(plan.x);
  const size = width * axisWidth(plan.y);
  const cellsOfX = openAxis(plan.x, scope);
  const cellsOfY = openAxis(plan.y, scope);
  const slots = plan.color?.kind === 'category' ? openSlots(plan.color.slots, scope) : null;
  // With categories each cell is counted by them; where rows went is then all that is counted here.
  const isPlain = slots === null;
  const counts = openCounts(isPlain ? size : 1, scope);
  const color = openColor(plan, size, slots);
  const points = openPoints(plan.budget, slots);
  const { kernels } = scope;
  let matched = 0;
  return {
    add(block) {
      const { mask, rows } = block;
      const cells = cellsOfX(block);
      kernels.pictureCells(cells, cellsOfY(block), width, rows);
      if (mask !== null) kernels.maskCells(cells, mask, cells, rows);
      color?.add(block, cells);
      points.add(block, cells);
      if (!isPlain) for (let i = 0; i < rows; i++) cells[i] = Math.min(0, cells[i]!);
      counts.add(cells, rows);
      matched += block.matched;
    },
    partial: () => {
      const { counts: byCell, outside, dropped } = counts.result();
      const drawn = matched - outside - dropped;
      const grid = color?.grid(byCell) ?? { of: 'count', counts: byCell };
      return { drawn, outside, dropped, points: points.partial(), grid };
    },
  };
}

function openColor(
  { color }: ScatterPlan,
  size: number,
  slotsOf: Slots | null,
): { grid: (counts: Uint32Array<ArrayBuffer>) => Grid; add: AddCells } | null {
  if (color === null) return null;
  if (color.kind === 'category') return openPairs(keptSlots(color.slots) + 2, size, slotsOf!);
  const { column } = color;
  const sums = new Float64Array(size);
  const colored = new Uint32Array(size);
  return {
    grid: (counts) => ({ of: 'mean', counts, sums, colored }),
    add(block, cells) {
      const values = block.f64(column);
      for (let i = 0; i < block.rows; i++) {
        const cell = cells[i]!;
        const value = values[i]!;
        // Null and NaN have no color, and count all the same.
        if (cell < 0 || value !== value) continue;
        sums[cell]! += value;
        colored[cell]!++;
      }
    },
  };
}

function openPairs(
  slotCount: number,
  size: number,
  slotsOf: Slots,
): { grid: () => Grid; add: AddCells } {
  const dense = size * slotCount <= MAX_DENSE_PAIRS ? new Uint32Array(size * slotCount) : null;
  const map = new CountMap();
  return {
    grid: () => ({ of: 'category', pairs: dense === null ? map.entries() : { dense } }),
    add(block, cells) {
      const slots = slotsOf(block);
      for (let i = 0; i < block.rows; i++) {
        const cell = cells[i]!;
        if (cell < 0) continue;
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
    add(block: Block, cells: Cells): void {
      if (rows === null) return;
      const slotsHere = slotsOf?.(block);
      for (let i = 0; i < block.rows; i++) {
        if (cells[i]! < 0) continue;
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
