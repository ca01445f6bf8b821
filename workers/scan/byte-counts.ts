import { BLOCK_ROWS } from '../columns.js';
import { COUNTS_AT, DROPPED, OUTSIDE, type Cells, type Mask } from '../kernels/kernels.js';
import { openCounts } from './counts.js';
import type { Scope } from './mark.js';

/** Rows that a byte hands on when it is full. */
export const SPILL = 255;

/** Rows by cell: in bytes where there is room for them among the kernels, as most cells of a picture hold few. */
export interface CellCounts {
  counts: Uint8Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;
  /** Cells whose byte was full: SPILL rows more, once for each time. */
  spilled: Uint32Array<ArrayBuffer>;
}

export interface FoundCounts extends CellCounts {
  outside: number;
  dropped: number;
}

/** Counters in the kernels' memory. */
export interface ByteCounts {
  /** The count of cell c is bytes[COUNTS_AT + c]. */
  bytes: Mask;
  /** Where kernels write the cells whose bytes were full. */
  full: Cells;
  /** Takes in so many of `full`: after each kernel. */
  spill: (count: number) => void;
  /** Counts the rows of a block: FILTERED ones are left out. */
  add: (cells: Cells, rows: number) => void;
  /** What was counted: `counts` still lies in the kernels' memory. */
  result: () => FoundCounts & { counts: Mask };
}

/** Whether bytes for so many cells fit the kernels' memory beside other things. */
export function hasRoom(size: number, { arena }: Pick<Scope, 'arena'>): boolean {
  return size + COUNTS_AT < arena.free / 2;
}

/** Counters of a byte for `size` cells, for which there `hasRoom`. */
export function openByteCounts(size: number, { arena, kernels }: Scope): ByteCounts {
  const bytes = arena.u8(size + COUNTS_AT).fill(0);
  const full = arena.i32(BLOCK_ROWS);
  const spilled: number[] = [];
  const lost = new Float64Array(COUNTS_AT);
  const spill = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const cell = full[i]!;
      if (cell < 0) lost[COUNTS_AT + cell]! += SPILL;
      else spilled.push(cell);
    }
  };
  return {
    bytes,
    full,
    spill,
    add: (cells, rows) => spill(kernels.countBytes(cells, bytes, full, rows)),
    result: () => ({
      counts: bytes.subarray(COUNTS_AT),
      spilled: Uint32Array.from(spilled),
      outside: lost[COUNTS_AT + OUTSIDE]! + bytes[COUNTS_AT + OUTSIDE]!,
      dropped: lost[COUNTS_AT + DROPPED]! + bytes[COUNTS_AT + DROPPED]!,
    }),
  };
}

/** Counts rows by cell, whatever the number of cells; the arrays belong to the caller. */
export function openCellCounts(
  size: number,
  scope: Scope,
): Pick<ByteCounts, 'add'> & { result: () => FoundCounts } {
  if (hasRoom(size, scope)) {
    const { add, result } = openByteCounts(size, scope);
    return {
      add,
      result: () => {
        const found = result();
        return { ...found, counts: found.counts.slice() };
      },
    };
  }
  const wide = openCounts(size, scope);
  return {
    add: (cells, rows) => wide.add(cells, rows),
    result: () => ({ ...wide.result(), spilled: new Uint32Array() }),
  };
}

/** Counts a list of cells, none of which is below 0. */
export function countCells(cells: Uint32Array, size: number): CellCounts {
  const counts = new Uint8Array(size);
  const spilled: number[] = [];
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    if (counts[cell] === SPILL) {
      counts[cell] = 0;
      spilled.push(cell);
    }
    counts[cell]!++;
  }
  return { counts, spilled: Uint32Array.from(spilled) };
}

/** The same counts in 32 bits. */
export function widened({ counts, spilled }: CellCounts): Uint32Array<ArrayBuffer> {
  const wide = counts instanceof Uint32Array ? counts : new Uint32Array(counts);
  for (let i = 0; i < spilled.length; i++) wide[spilled[i]!]! += SPILL;
  return wide;
}
