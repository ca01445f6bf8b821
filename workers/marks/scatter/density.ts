import { kernelsFor } from '../../kernels/load.js';
import { threadArena } from '../../kernels/thread-arena.js';
import { narrowest, nullableColumn, plainColumn, type FrameColumn } from '../../scan/frame.js';
import { tallyWide } from '../../scan/join-counts.js';
import type { CountedKeys } from '../../scan/pair-counts.js';
import { keptSlots } from '../../scan/slots.js';
import { categoryColumn } from './category.js';
import type { ScatterColor } from './plan.js';
import type { WholeGrid } from './whole-grid.js';

/** Below this share of occupied cells the empty ones are left out. */
const SPARSE_BELOW = 1 / 64;

export interface DensityColumns {
  layout: 'dense' | 'sparse';
  /** Of the frame. */
  rows: number;
  /** Cells, or pairs of a cell and a category, that hold a row of the snapshot. */
  marks: number;
  columns: FrameColumn[];
  /** Extremes of the means, where the color is a number. */
  means?: { min: number | null; max: number | null };
}

/** Whether so many occupied cells are so few of all that the empty ones are left out. */
export function isSparse(occupied: number, cells: number): boolean {
  return occupied < cells * SPARSE_BELOW;
}

/** The columns of a frame of as many counts as rows have cells: so few that it is sparse, see `isSparse`. */
export function sparseColumns(cellsOfRows: Uint32Array<ArrayBuffer>): DensityColumns {
  const cells = cellsOfRows.sort();
  const counts = new Uint32Array(cells.length);
  let occupied = 0;
  let largest = 0;
  for (let i = 0; i < cells.length; i++) {
    if (i === 0 || cells[i] !== cells[occupied - 1]) cells[occupied++] = cells[i]!;
    const count = ++counts[occupied - 1]!;
    if (count > largest) largest = count;
  }
  const { bits, Numbers } = narrowest(largest);
  const countField = { name: 'count', type: { type: 'int', bits, signed: false } } as const;
  return {
    layout: 'sparse',
    rows: occupied,
    marks: occupied,
    columns: [
      plainColumn(cellField, cells.subarray(0, occupied)),
      plainColumn(countField, new Numbers(counts.subarray(0, occupied))),
    ],
  };
}

/** The columns of a frame of counts, and of mean colors. */
export function densityColumns(grid: WholeGrid & { of: 'count' | 'mean' }): DensityColumns {
  const { counts } = grid;
  const { occupied, largest } = grid.of === 'count' ? grid : tallyWide(grid.counts);
  const layout = isSparse(occupied, counts.length) ? 'sparse' : 'dense';
  const { bits, Numbers } = narrowest(largest);
  const countField = { name: 'count', type: { type: 'int', bits, signed: false } } as const;
  const means = grid.of === 'mean' ? meansOf(grid) : null;
  if (layout === 'dense') {
    const columns = [
      plainColumn(countField, counts instanceof Numbers ? counts : new Numbers(counts)),
    ];
    if (means !== null) columns.push(meanColumn(means, null));
    return {
      layout,
      rows: counts.length,
      marks: occupied,
      columns,
      ...(means && { means: means.extent }),
    };
  }
  const cells = placesOf(counts, occupied);
  const count = new Numbers(occupied);
  for (let k = 0; k < occupied; k++) count[k] = counts[cells[k]!]!;
  const columns = [plainColumn(cellField, cells), plainColumn(countField, count)];
  if (means !== null) columns.push(meanColumn(means, cells));
  return {
    layout,
    rows: occupied,
    marks: occupied,
    columns,
    ...(means && { means: means.extent }),
  };
}

/** Which counts are not 0, ascending. */
function placesOf(counts: Uint8Array | Uint32Array, occupied: number): Uint32Array<ArrayBuffer> {
  const cells = new Uint32Array(occupied);
  if (counts instanceof Uint8Array) kernelsFor(threadArena).occupiedBytes(counts, cells);
  else for (let i = 0, k = 0; i < counts.length; i++) if (counts[i] !== 0) cells[k++] = i;
  return cells;
}

const cellField = { name: 'cell', type: { type: 'int', bits: 32, signed: false } } as const;

interface Means {
  values: Float32Array<ArrayBuffer>;
  valid: Uint8Array;
  extent: { min: number | null; max: number | null };
}

function meansOf({ sums, colored }: WholeGrid & { of: 'mean' }): Means {
  const values = new Float32Array(sums.length);
  const valid = new Uint8Array(sums.length);
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < sums.length; i++) {
    if (colored[i] === 0) continue;
    const mean = Math.fround(sums[i]! / colored[i]!);
    values[i] = mean;
    valid[i] = 1;
    if (!Number.isFinite(mean)) continue;
    if (mean < min) min = mean;
    if (mean > max) max = mean;
  }
  return { values, valid, extent: min <= max ? { min, max } : { min: null, max: null } };
}

function meanColumn({ values, valid }: Means, cells: Uint32Array | null): FrameColumn {
  const field = { name: 'color', type: { type: 'float', bits: 32 } } as const;
  if (cells === null) return nullableColumn(field, values, valid);
  return nullableColumn(
    field,
    Float32Array.from(cells, (cell) => values[cell]!),
    Uint8Array.from(cells, (cell) => valid[cell]!),
  );
}

/** The columns of counts by cell and category: a row a pair that occurs, by cell, then in legend order. */
export function pairColumns(
  { keys, counts }: CountedKeys,
  color: ScatterColor & { kind: 'category' },
): DensityColumns {
  const slotCount = keptSlots(color.slots) + 2;
  let largest = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i]! > largest) largest = counts[i]!;
  const { bits, Numbers } = narrowest(largest);
  const cells = new Uint32Array(keys.length);
  const slots = new Uint16Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const cell = Math.floor(keys[i]! / slotCount);
    cells[i] = cell;
    slots[i] = keys[i]! - cell * slotCount;
  }
  const countField = { name: 'count', type: { type: 'int', bits, signed: false } } as const;
  const columns = [
    plainColumn(cellField, cells),
    plainColumn(countField, new Numbers(counts)),
    categoryColumn(color, slots),
  ];
  return { layout: 'sparse', rows: keys.length, marks: keys.length, columns };
}
