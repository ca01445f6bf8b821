import type { Block } from '../../scan/block.js';

/** What a run of rows of one pixel column comes to. Positions are within the block; -1 is none. */
export interface Run {
  /** Rows that match. */
  rows: number;
  /** Those of them that have a place for y. */
  points: number;
  first: number;
  last: number;
  least: number;
  leastAt: number;
  greatest: number;
  greatestAt: number;
  firstGap: number;
  lastGap: number;
}

/** Reads the rows `from` to `to`. Only where `mayGap` is there a y that is not finite or not greater than `above`; `places` is for two positions, in the arena. */
export function runOf(
  ys: Float64Array<ArrayBuffer>,
  { kernels, mask }: Block,
  from: number,
  to: number,
  mayGap: boolean,
  above: number,
  places: Int32Array<ArrayBuffer>,
): Run {
  if (mask !== null || mayGap) return partialRun(ys, mask, from, to, above);
  kernels.extremes(ys, from, to, places);
  const [leastAt, greatestAt] = places as unknown as [number, number];
  const rows = to - from;
  return {
    rows,
    points: rows,
    first: from,
    last: to - 1,
    least: ys[leastAt]!,
    leastAt,
    greatest: ys[greatestAt]!,
    greatestAt,
    firstGap: -1,
    lastGap: -1,
  };
}

function partialRun(
  ys: Float64Array,
  mask: Uint8Array | null,
  from: number,
  to: number,
  above: number,
): Run {
  const run: Run = {
    rows: 0,
    points: 0,
    first: -1,
    last: -1,
    least: Infinity,
    leastAt: -1,
    greatest: -Infinity,
    greatestAt: -1,
    firstGap: -1,
    lastGap: -1,
  };
  for (let i = from; i < to; i++) {
    if (mask !== null && mask[i] === 0) continue;
    run.rows++;
    const y = ys[i]!;
    if (y > above && y < Infinity) {
      run.points++;
      if (run.first < 0) run.first = i;
      run.last = i;
      if (y < run.least) {
        run.least = y;
        run.leastAt = i;
      }
      if (y > run.greatest) {
        run.greatest = y;
        run.greatestAt = i;
      }
    } else {
      if (run.firstGap < 0) run.firstGap = i;
      run.lastGap = i;
    }
  }
  return run;
}
