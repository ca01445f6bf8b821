import type { Block } from '../../scan/block.js';
import type { Cells } from '../../kernels/kernels.js';
import { largeUint32 } from '../../large-arrays.js';
import { axisWidth, openAxis } from '../../scan/axis.js';
import { openCellCounts } from '../../scan/byte-counts.js';
import { openCounts } from '../../scan/counts.js';
import type { Accumulator, Scope } from '../../scan/mark.js';
import { openPairCounts } from '../../scan/pair-counts.js';
import { keptSlots, openSlots, type Slots } from '../../scan/slots.js';
import type { Grid, ScatterPartial, ScatterPlan } from './plan.js';

/** Counts rows in cells, and keeps their numbers while they are within the budget. */
export function openScatter(plan: ScatterPlan, scope: Scope): Accumulator<ScatterPartial> {
  const width = axisWidth(plan.x);
  const cellsOfX = openAxis(plan.x, scope);
  const cellsOfY = openAxis(plan.y, scope);
  const slots = plan.color?.kind === 'category' ? openSlots(plan.color.slots, scope) : null;
  const grid = openGrid(plan, width * axisWidth(plan.y), slots, scope);
  const points = openPoints(plan.budget, slots);
  const { kernels } = scope;
  let matched = 0;
  return {
    packs: true,
    add(block) {
      const { mask, rows } = block;
      const cells = cellsOfX(block);
      kernels.pictureCells(cells, cellsOfY(block), width, rows);
      if (mask !== null) kernels.maskCells(cells, mask, cells, rows);
      points.add(block, cells);
      grid.add(block, cells, rows);
      matched += block.matched;
    },
    partial: () => {
      const { outside, dropped, ...found } = grid.result();
      return {
        drawn: matched - outside - dropped,
        outside,
        dropped,
        points: points.partial(),
        ...found,
      };
    },
  };
}

interface GridAccumulator {
  /** Counts the rows of a block; the cells are used up. */
  add(block: Block, cells: Cells, rows: number): void;
  result(): { grid: Grid; outside: number; dropped: number };
}

function openGrid(
  { color }: ScatterPlan,
  size: number,
  slotsOf: Slots | null,
  scope: Scope,
): GridAccumulator {
  if (color?.kind === 'category') {
    const pairs = openPairCounts(size, keptSlots(color.slots) + 2, scope);
    return {
      add: (block, cells, rows) => pairs.add(cells, slotsOf!(block), rows),
      result: () => {
        const { outside, dropped, ...counted } = pairs.result();
        return { grid: { of: 'category', pairs: counted }, outside, dropped };
      },
    };
  }
  if (color === null) {
    const counts = openCellCounts(size, scope);
    return {
      add: (_, cells, rows) => counts.add(cells, rows),
      result: () => {
        const { outside, dropped, ...counted } = counts.result();
        return { grid: { of: 'count', ...counted }, outside, dropped };
      },
    };
  }
  const counts = openCounts(size, scope);
  const means = openMeans(color.column, size);
  return {
    add(block, cells, rows) {
      means.add(block, cells);
      counts.add(cells, rows);
    },
    result: () => {
      const { counts: byCell, outside, dropped } = counts.result();
      return { grid: { of: 'mean', counts: byCell, ...means.sums() }, outside, dropped };
    },
  };
}

function openMeans(column: number, size: number) {
  const sums = new Float64Array(size);
  const colored = new Uint32Array(size);
  return {
    sums: () => ({ sums, colored }),
    add(block: Block, cells: Cells): void {
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

function openPoints(budget: number, slotsOf: Slots | null) {
  let rows: Uint32Array<ArrayBuffer> | null = budget === 0 ? null : largeUint32(budget);
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
        rows[count] = block.rowAt(i);
        if (slots !== null) slots[count] = slotsHere![i]!;
        count++;
      }
    },
    partial: () =>
      rows && {
        // A part of an array is handed over with all of its memory.
        rows: count < budget / 2 ? rows.slice(0, count) : rows.subarray(0, count),
        slots: slots && slots.slice(0, count),
      },
  };
}
