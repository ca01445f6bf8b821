import { addPair, type Pairs } from './pair-sum.js';
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
  eachCell(shape, (cell, edge, before, above) => {
    const start = cell * from;
    if (above < 0) {
      for (let k = 0; k < bins.length; k++) {
        const at = to[k]!;
        out[edge + at] = out[before + at]! + counts[start + bins[k]!]!;
      }
      return;
    }
    if (before < 0) run.fill(0);
    for (let k = 0; k < bins.length; k++) {
      run[k]! += counts[start + bins[k]!]!;
      const at = to[k]!;
      out[edge + at] = run[k]! + out[above + at]!;
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
  eachCell(shape, (cell, edge, before, above) => {
    const start = cell * from;
    if (before < 0 || cell === 0) {
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

/**
 * Visits each cell with where the numbers of the edge after it begin, and those of the edges before and above that one. With one
 * axis there is none above, with two none before the first cell of a row: -1.
 */
function eachCell(
  { width, height, stride, check }: CubeShape,
  visit: (cell: number, edge: number, before: number, above: number) => void,
): void {
  if (height === 0) {
    for (let x = 0; x < width; x++) {
      if (x % 16 === 0) check();
      visit(x, (x + 1) * stride, x * stride, -1);
    }
    return;
  }
  const edges = width + 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x % 16 === 0) check();
      const above = y * edges + x + 1;
      const before = x === 0 ? -1 : (above + edges - 1) * stride;
      visit(y * width + x, (above + edges) * stride, before, above * stride);
    }
  }
}
