import type { Table } from 'apache-arrow';
import type { FrameMetadata } from '../../protocol/frame.js';
import { largeFloat64, largeUint32 } from '../large-arrays.js';
import { plainColumn, type FrameColumn } from '../scan/frame.js';
import { countColumn } from './count-column.js';

/** Cells between two looks at the cancel word: some milliseconds. */
const STEP = 2 ** 18;

/** Where a difference stands in a frame, and what is told of it. */
export interface Compared {
  columns: FrameColumn[];
  rows: number;
  metadata: Partial<FrameMetadata>;
}

/**
 * The differences of the counts of cells: of every cell in its order, or of those that have a row on either side, where
 * these are fewer than 1 in 64.
 */
export function compareCells(
  ours: Table,
  theirs: Table,
  cells: number,
  check: () => void,
): Compared {
  const [a, b] = [cellsOf(ours), cellsOf(theirs)];
  let occupied = 0;
  eachCell(a, b, check, (_cell, mine, other) => {
    if (mine > 0 || other > 0) occupied++;
  });
  const isSparse = occupied * 64 < cells;
  const size = isSparse ? occupied : cells;
  const differences = largeFloat64(size);
  const places = largeUint32(isSparse ? size : 0);
  let k = 0;
  eachCell(a, b, check, (cell, mine, other) => {
    if (!isSparse) differences[cell] = mine - other;
    else if (mine > 0 || other > 0) {
      places[k] = cell;
      differences[k++] = mine - other;
    }
  });
  const uint32 = { type: 'int', bits: 32, signed: false } as const;
  const columns = [
    ...(isSparse ? [plainColumn({ name: 'cell', type: uint32 }, places)] : []),
    countColumn(differences),
  ];
  const layout = isSparse ? 'sparse' : 'dense';
  return { columns, rows: size, metadata: { layout, marks: occupied } };
}

interface Cells {
  /** Null where every cell stands in its order. */
  cells: ArrayLike<number> | null;
  counts: ArrayLike<number>;
}

function cellsOf(table: Table): Cells {
  const values = (name: string): ArrayLike<number> | null => {
    const column = table.getChild(name);
    return column && ((column.data[0]?.values as Uint32Array | undefined) ?? []);
  };
  return { cells: values('cell'), counts: values('count') ?? [] };
}

/** Calls `take` with every cell that either side names, ascending, and its rows on both. */
function eachCell(
  a: Cells,
  b: Cells,
  check: () => void,
  take: (cell: number, mine: number, other: number) => void,
): void {
  let i = 0;
  let k = 0;
  for (let n = 1; i < a.counts.length || k < b.counts.length; n++) {
    const ours = i < a.counts.length ? (a.cells === null ? i : a.cells[i]!) : Infinity;
    const theirs = k < b.counts.length ? (b.cells === null ? k : b.cells[k]!) : Infinity;
    const cell = Math.min(ours, theirs);
    take(cell, ours === cell ? a.counts[i++]! : 0, theirs === cell ? b.counts[k++]! : 0);
    if (n % STEP === 0) check();
  }
}
