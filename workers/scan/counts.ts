import { COUNTS_AT, DROPPED, OUTSIDE, type Cells } from '../kernels/kernels.js';
import type { Scope } from './mark.js';

/** Rows by cell, and those that are in none. */
export interface Counts {
  /** Counts the rows of a block: FILTERED ones are left out. */
  add(cells: Cells, rows: number): void;
  /** What was counted; the array belongs to the caller. */
  result(): { counts: Uint32Array<ArrayBuffer>; outside: number; dropped: number };
}

/** Counters for `size` cells: in the kernels' memory where there is room for them. */
export function openCounts(size: number, { arena, kernels }: Scope): Counts {
  const length = size + COUNTS_AT;
  const fits = length * 4 < arena.free / 2;
  const counts = fits ? arena.u32(length).fill(0) : new Uint32Array(length);
  return {
    add: (cells, rows) => {
      if (fits) kernels.countCells(cells, counts, rows);
      else for (let i = 0; i < rows; i++) counts[COUNTS_AT + cells[i]!]!++;
    },
    result: () => ({
      counts: counts.slice(COUNTS_AT),
      outside: counts[COUNTS_AT + OUTSIDE]!,
      dropped: counts[COUNTS_AT + DROPPED]!,
    }),
  };
}
