import { kernelsFor } from '../../kernels/load.js';
import { threadArena } from '../../kernels/thread-arena.js';
import { scaleCounts } from '../../sample/scale-counts.js';
import { countCells, type CellCounts } from '../../scan/byte-counts.js';
import { joinCounts, tallyWide, type JoinedCounts } from '../../scan/join-counts.js';
import { joinPairCounts } from '../../scan/pair-counts.js';
import type { Grid } from './plan.js';

/** Less than the share of cells that makes a frame sparse: to sort a list of more takes longer than to count. */
const SORTED_A_CELL = 1 / 512;

/** What all parts of a scatter counted. */
export type WholeGrid = ({ of: 'count' } & JoinedCounts) | Exclude<Grid, { of: 'count' }>;

/** Adds grids of `size` cells up, in row order, as sums are floating-point. The first one is used up. */
export function wholeOf(grids: readonly Grid[], size: number, check: () => void): WholeGrid {
  const [first, ...others] = grids as [Grid, ...Grid[]];
  if (first.of === 'count' || first.of === 'cells') {
    const kernels = kernelsFor(threadArena);
    const lists = grids.flatMap((grid) => (grid.of === 'cells' ? grid.cells : []));
    // Lists stay lists where they are all there is, and are sooner sorted than all cells are gone through.
    if (lists.length === grids.length) {
      const cells = joined(lists);
      if (cells.length < size * SORTED_A_CELL) return { of: 'cells', cells };
      return { of: 'count', ...joinCounts([countCells(cells, size)], kernels, check) };
    }
    const parts = grids.map((grid) => asCounts(grid, size));
    return { of: 'count', ...joinCounts(parts, kernels, check) };
  }
  const whole = { ...first };
  for (const other of others) {
    check();
    if (whole.of === 'category' && other.of === 'category') {
      whole.pairs = joinPairCounts(whole.pairs, other.pairs);
    } else if (whole.of === 'mean' && other.of === 'mean') {
      for (let i = 0; i < other.counts.length; i++) {
        whole.counts[i]! += other.counts[i]!;
        whole.sums[i]! += other.sums[i]!;
        whole.colored[i]! += other.colored[i]!;
      }
    }
  }
  return whole;
}

/** Each grid alone, in memory of its own. */
export function eachOf(grids: readonly Grid[], size: number, check: () => void): WholeGrid[] {
  return grids.map((grid) => wholeOf([copyOf(grid)], size, check));
}

/** Makes counts of a sample those of so many rows, in the same proportions. */
export function scaledGrid(grid: WholeGrid, rows: number): WholeGrid {
  if (grid.of === 'cells') return grid;
  if (grid.of === 'category') {
    scaleCounts(grid.pairs.counts, rows);
    return grid;
  }
  const counts = Uint32Array.from(grid.counts);
  scaleCounts(counts, rows);
  return grid.of === 'count' ? { of: 'count', counts, ...tallyWide(counts) } : { ...grid, counts };
}

function joined(lists: readonly Uint32Array<ArrayBuffer>[]): Uint32Array<ArrayBuffer> {
  if (lists.length === 1) return lists[0]!;
  const all = new Uint32Array(lists.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}

function asCounts(grid: Grid, size: number): CellCounts {
  if (grid.of === 'count') return grid;
  if (grid.of === 'cells') return countCells(grid.cells, size);
  throw new Error(`A grid of counts is not added to one by ${grid.of}.`);
}

// Of pairs and cells nothing is added to in place.
function copyOf(grid: Grid): Grid {
  return 'counts' in grid
    ? { ...grid, counts: grid.counts.slice() as Uint32Array<ArrayBuffer> }
    : grid;
}
