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
  let rows = 0;
  let points = 0;
  let first = -1;
  let last = -1;
  let least = Infinity;
  let leastAt = -1;
  let greatest = -Infinity;
  let greatestAt = -1;
  let firstGap = -1;
  let lastGap = -1;
  for (let i = from; i < to; i++) {
    if (mask !== null && mask[i] === 0) continue;
    rows++;
    const y = ys[i]!;
    if (y > above && y < Infinity) {
      if (points++ === 0) first = i;
      last = i;
      if (y < least) {
        least = y;
        leastAt = i;
      }
      if (y > greatest) {
        greatest = y;
        greatestAt = i;
      }
    } else {
      if (firstGap < 0) firstGap = i;
      lastGap = i;
    }
  }
  return {
    rows,
    points,
    first,
    last,
    least,
    leastAt,
    greatest,
    greatestAt,
    firstGap,
    lastGap,
  };
}
