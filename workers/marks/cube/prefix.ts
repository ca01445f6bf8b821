import { addPair } from './pair-sum.js';
import type { Counts } from './join.js';

/** The cells of the active view, and the numbers of each in what is summed up. */
export interface CubeShape {
  width: number;
  /** 0 where there is one axis alone. */
  height: number;
  /** Numbers of one edge in the result. */
  stride: number;
  check: () => void;
}

/** Which numbers of a cell are summed up, and where they go to among those of an edge. */
export interface Picked {
  bins: Int32Array;
  to: Int32Array;
}

/** How many edges the cells have: one more than cells on each axis. */
export function edgeCount({ width, height }: Pick<CubeShape, 'width' | 'height'>): number {
  return (width + 1) * (height === 0 ? 1 : height + 1);
}

/**
 * Sums up counts over the cells into `out`: the number of an edge is that of all cells before it, on either axis. A
 * difference of two edges, or of four corners, is then the count of what lies between. `from` are the numbers of a cell.
 */
export function prefixCounts<T extends Counts>(
  counts: Counts,
  from: number,
  { bins, to }: Picked,
  shape: CubeShape,
  out: T,
): T {
  const run = new Float64Array(bins.length);
  eachCell(shape, (cell, edge, above, isFirst) => {
    const start = cell * from;
    if (isFirst) run.fill(0);
    for (let k = 0; k < bins.length; k++) {
      run[k]! += counts[start + bins[k]!]!;
      const at = to[k]!;
      out[edge + at] = above < 0 ? run[k]! : run[k]! + out[above + at]!;
    }
  });
  return out;
}

/** The same for sums in pairs of doubles. */
export function prefixSums(
  { high, low }: Pairs,
  from: number,
  { bins, to }: Picked,
  shape: CubeShape,
  out: Pairs,
): Pairs {
  const run = { high: new Float64Array(bins.length), low: new Float64Array(bins.length) };
  eachCell(shape, (cell, edge, above, isFirst) => {
    const start = cell * from;
    if (isFirst) {
      run.high.fill(0);
      run.low.fill(0);
    }
    for (let k = 0; k < bins.length; k++) {
      const own = start + bins[k]!;
      addPair(run.high, run.low, k, high[own]!, low[own]!);
      const at = edge + to[k]!;
      out.high[at] = run.high[k]!;
      out.low[at] = run.low[k]!;
      if (above >= 0) {
        addPair(out.high, out.low, at, out.high[above + to[k]!]!, out.low[above + to[k]!]!);
      }
    }
  });
  return out;
}

/** Sums, and what a double cannot hold of them. */
export interface Pairs {
  high: Float64Array<ArrayBuffer>;
  low: Float64Array<ArrayBuffer>;
}

/** Visits each cell with where the edge after it begins, where that above it does, -1 for none, and whether a row of cells begins. */
function eachCell(
  { width, height, stride, check }: CubeShape,
  visit: (cell: number, edge: number, above: number, isFirst: boolean) => void,
): void {
  const edges = width + 1;
  for (let y = 0; y < Math.max(1, height); y++) {
    const row = height === 0 ? 0 : (y + 1) * edges;
    for (let x = 0; x < width; x++) {
      if (x % 16 === 0) check();
      const above = height === 0 ? -1 : (y * edges + x + 1) * stride;
      visit(y * width + x, (row + x + 1) * stride, above, x === 0);
    }
  }
}
