import { openedOnce } from '../opened-once.js';

/**
 * Rows of a leaf. With 32 the pyramid of a column of doubles would take more than half a byte a row, with 128 the ragged ends of
 * a pixel column would read twice as much of the column.
 */
export const LEAF_ROWS = 64;

/** Nodes under one node of the next level. A level of at most so many is the last. */
export const FAN_OUT = 8;

/** Level-1 nodes of a group, which are those under one node of GROUP_LEVEL. */
export const GROUP_NODES = FAN_OUT ** 2;
export const GROUP_LEVEL = 3;

/** Numbers of `around` by node, a line of memory, and words of `aroundAt`, which lie in the same bytes. */
export const AROUND_STRIDE = 8;
export const AROUND_AT_STRIDE = 2 * AROUND_STRIDE;
/** The first word that is a place. */
export const AROUND_AT = 12;

/** Rows of a node by level. */
export const LEVEL_ROWS = Array.from({ length: 8 }, (_, level) => LEAF_ROWS * FAN_OUT ** level);

/**
 * The extremes of one batch of a column of numbers, for stretches of LEAF_ROWS rows (level 0), of FAN_OUT times as many
 * (level 1), and so on. Numbers are those that a scan compares (`Block.f64`); what is null, NaN or infinite has no
 * place. Positions are from the start of the leaf on level 0, of the batch above.
 */
export interface Pyramid {
  rows: number;
  /** Where the nodes of each level begin among all nodes, and their end. */
  starts: readonly number[];
  /**
   * The least and the greatest of every node, level after level: side by side, as a look at one is a look at both. Without
   * a row that has a place the least is infinite, the greatest its opposite.
   */
  extremes: Float64Array;
  /**
   * By node of level 1, AROUND_STRIDE apart, the least and the greatest of its group before it, of its group after it, and its own. So an
   * end of a range that is longer than a group mostly takes a look at one line of memory.
   */
  around: Float64Array;
  /** The places of the first four, AROUND_AT_STRIDE apart, from word AROUND_AT on; 0 where there is no such node. */
  aroundAt: Uint32Array;
  /** By leaf: where the first least and the first greatest stand, and how many rows have no place. */
  leafLeastAt: Uint8Array;
  leafGreatestAt: Uint8Array;
  leafGaps: Uint8Array;
  /** The same by node above the leaves. */
  leastAt: Uint32Array;
  greatestAt: Uint32Array;
  gaps: Uint32Array;
}

/** Where the nodes of each level begin among all nodes, and their end. */
function startsOf(rows: number): number[] {
  const starts = [0];
  let nodes = Math.ceil(rows / LEAF_ROWS);
  let end = nodes;
  starts.push(end);
  while (nodes > FAN_OUT) {
    nodes = Math.ceil(nodes / FAN_OUT);
    end += nodes;
    starts.push(end);
  }
  return starts;
}

/** Nodes of level 1, where there is such a level. */
const groupedOf = (starts: readonly number[]): number =>
  starts.length > 2 ? starts[2]! - starts[1]! : 0;

/** Bytes of the pyramid of a batch: some 0.48 a row. */
export function pyramidBytes(rows: number): number {
  const starts = startsOf(rows);
  const leaves = starts[1]!;
  const nodes = starts.at(-1)!;
  const upper = nodes - leaves;
  const bytes = nodes * 16 + groupedOf(starts) * AROUND_STRIDE * 8 + upper * 12 + leaves * 3;
  return Math.ceil(bytes / 64) * 64;
}

/**
 * Looks at the pyramid of a batch of `rows` rows that lies at `offset`:
 *
 *   by node of level 1: f64 least before it in its group, greatest, least after it, greatest, own least, greatest; u32 place of the first four,
 *   f64 least and f64 greatest by node,
 *   u32 place of the least by node above the leaves, of the greatest, rows without a place,
 *   u8 place of the least by leaf, of the greatest, rows without a place; padding to 64 bytes
 */
export function pyramidAt(buffer: ArrayBufferLike, offset: number, rows: number): Pyramid {
  const starts = startsOf(rows);
  const leaves = starts[1]!;
  const nodes = starts.at(-1)!;
  const upper = nodes - leaves;
  const grouped = groupedOf(starts);
  let at = offset;
  const next = (bytes: number): number => {
    const start = at;
    at += bytes;
    return start;
  };
  const aroundOffset = next(grouped * AROUND_STRIDE * 8);
  return {
    rows,
    starts,
    around: new Float64Array(buffer, aroundOffset, grouped * AROUND_STRIDE),
    aroundAt: new Uint32Array(buffer, aroundOffset, grouped * AROUND_AT_STRIDE),
    extremes: new Float64Array(buffer, next(nodes * 16), nodes * 2),
    leastAt: new Uint32Array(buffer, next(upper * 4), upper),
    greatestAt: new Uint32Array(buffer, next(upper * 4), upper),
    gaps: new Uint32Array(buffer, next(upper * 4), upper),
    leafLeastAt: new Uint8Array(buffer, next(leaves), leaves),
    leafGreatestAt: new Uint8Array(buffer, next(leaves), leaves),
    leafGaps: new Uint8Array(buffer, next(leaves), leaves),
  };
}

/** The pyramid of a batch of so many rows, whose arrays are made once a thread. */
export const openPyramid = openedOnce(pyramidAt);

/** The position in the batch that a node names. */
export function placeIn(
  node: number,
  { starts }: Pyramid,
  ofLeaves: Uint8Array,
  ofUpper: Uint32Array,
): number {
  const leaves = starts[1]!;
  return node < leaves ? node * LEAF_ROWS + ofLeaves[node]! : ofUpper[node - leaves]!;
}

/** Nodes of a level. */
export function nodesOf({ starts }: Pyramid, level: number): number {
  return starts[level + 1]! - starts[level]!;
}
