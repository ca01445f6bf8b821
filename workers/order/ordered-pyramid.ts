import { openedOnce } from '../opened-once.js';
import type { Order } from './order.js';

/**
 * Rows of a leaf: half as many as in a pyramid over rows that lie side by side, as the ragged ends of a pixel column are
 * gathered here from all over the batch.
 */
export const RUN_LEAF_ROWS = 32;

/** Nodes under one node of the next level. A level of at most so many is the last. */
export const RUN_FAN_OUT = 8;

/**
 * The extremes of a column of numbers in one batch, in its `Order`: every run, as far as its rows have an x, has nodes of its
 * own, for stretches of RUN_LEAF_ROWS rows (level 0), of RUN_FAN_OUT times as many (level 1), and so on. What is null, NaN or
 * infinite has no place. Of equal extremes the one of the lowest row counts.
 */
export interface OrderedPyramid {
  /** By run where its leaves begin among all leaves, where its nodes above them begin among all of those, and its rows without a place. */
  firstLeaf: Uint32Array;
  firstUpper: Uint32Array;
  gapsOfRun: Uint32Array;
  /**
   * The least and the greatest of every leaf side by side, those of every node above, level after level, likewise. Without a
   * row that has a place the least is infinite, the greatest its opposite.
   */
  leafExtremes: Float64Array;
  extremes: Float64Array;
  /** By node above the leaves: the positions in the batch of both, and how many rows have no place. */
  leastAt: Uint32Array;
  greatestAt: Uint32Array;
  gaps: Uint32Array;
  /** By leaf the same, positions from the start of the leaf in the order. */
  leafLeastAt: Uint8Array;
  leafGreatestAt: Uint8Array;
  leafGaps: Uint8Array;
}

/** Leaves of a run of so many rows. */
export function leavesOf(rows: number): number {
  return Math.ceil(rows / RUN_LEAF_ROWS);
}

/** Where the levels above the leaves begin among the nodes of a run, and their end; `out` is given back, as long as it has to be. */
export function upperStarts(leaves: number, out: number[] = []): number[] {
  out.length = 0;
  let end = 0;
  out.push(end);
  for (let nodes = leaves; nodes > RUN_FAN_OUT;) {
    nodes = Math.ceil(nodes / RUN_FAN_OUT);
    end += nodes;
    out.push(end);
  }
  return out;
}

const HEADER_BYTES = 64;

/** The numbers of nodes of a pyramid, which follow from its order. */
export interface PyramidShape {
  runs: number;
  leaves: number;
  uppers: number;
}

/** The shape of the pyramids over an order. */
export function shapeOf({ placed }: Order): PyramidShape {
  let leaves = 0;
  let uppers = 0;
  const starts: number[] = [];
  for (const rows of placed) {
    leaves += leavesOf(rows);
    uppers += upperStarts(leavesOf(rows), starts).at(-1)!;
  }
  return { runs: placed.length, leaves, uppers };
}

/** Bytes of a pyramid: some 0.7 a row where runs are long. */
export function orderedPyramidBytes({ runs, leaves, uppers }: PyramidShape): number {
  const bytes = HEADER_BYTES + leaves * 19 + uppers * 28 + runs * 12;
  return Math.ceil(bytes / 64) * 64;
}

/** Writes the header of a pyramid; see `orderedPyramidAt`. */
export function createOrderedPyramid(
  bytes: Uint8Array<ArrayBuffer>,
  { runs, leaves, uppers }: PyramidShape,
): OrderedPyramid {
  new Uint32Array(bytes.buffer, bytes.byteOffset, 3).set([runs, leaves, uppers]);
  return orderedPyramidAt(bytes.buffer, bytes.byteOffset);
}

/** The pyramid in the order of a batch, whose arrays are made once a thread. */
export const openOrderedPyramid = openedOnce(orderedPyramidAt);

/**
 * Looks at the pyramid that lies at `offset`:
 *
 *    0: u32 runs   4: u32 leaves   8: u32 nodes above the leaves; padded to 64 bytes
 *   64: f64 least and f64 greatest by leaf, the same by node above,
 *       u32 position of the least by node above, of the greatest, rows without a place,
 *       u32 first leaf by run, first node above, rows without a place,
 *       u8 place of the least by leaf, of the greatest, rows without a place; padded to 64 bytes
 */
export function orderedPyramidAt(buffer: ArrayBufferLike, offset: number): OrderedPyramid {
  const [runs, leaves, uppers] = new Uint32Array(buffer, offset, 3) as unknown as [
    number,
    number,
    number,
  ];
  let at = offset + HEADER_BYTES;
  const next = (bytes: number): number => {
    const start = at;
    at += bytes;
    return start;
  };
  return {
    leafExtremes: new Float64Array(buffer, next(leaves * 16), leaves * 2),
    extremes: new Float64Array(buffer, next(uppers * 16), uppers * 2),
    leastAt: new Uint32Array(buffer, next(uppers * 4), uppers),
    greatestAt: new Uint32Array(buffer, next(uppers * 4), uppers),
    gaps: new Uint32Array(buffer, next(uppers * 4), uppers),
    firstLeaf: new Uint32Array(buffer, next(runs * 4), runs),
    firstUpper: new Uint32Array(buffer, next(runs * 4), runs),
    gapsOfRun: new Uint32Array(buffer, next(runs * 4), runs),
    leafLeastAt: new Uint8Array(buffer, next(leaves), leaves),
    leafGreatestAt: new Uint8Array(buffer, next(leaves), leaves),
    leafGaps: new Uint8Array(buffer, next(leaves), leaves),
  };
}
