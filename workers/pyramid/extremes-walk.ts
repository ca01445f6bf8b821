import type { NumberArray } from '../scan/values.js';
import {
  AROUND_AT,
  AROUND_AT_STRIDE,
  AROUND_STRIDE,
  FAN_OUT,
  GROUP_LEVEL,
  LEAF_ROWS,
  LEVEL_ROWS,
  nodesOf,
  placeIn,
  type Pyramid,
} from './pyramid.js';

/** Rows of a group of level-1 nodes. */
const GROUP_ROWS = LEVEL_ROWS[GROUP_LEVEL]!;

/** The values of the rows of a leaf: `values[i - start]` is that of the row at position `i` of the batch. */
export interface LeafValues {
  values: NumberArray;
  start: number;
}

/**
 * Finds the first least and the first greatest of rows of one batch that all have a place. It begins with the whole nodes in the middle,
 * and goes on outward: a ragged end is looked into, down to its rows, only as long as its node is as extreme as what was found.
 */
export class ExtremesWalk {
  least = Infinity;
  greatest = -Infinity;
  /** Positions in the batch. */
  leastAt = -1;
  greatestAt = -1;
  /** Nodes and rows that were looked at. */
  nodes = 0;
  rows = 0;

  /** Goes over the rows `from` to `to`, among which is a whole leaf. `leafOf` gives the values of a leaf. */
  find(pyramid: Pyramid, from: number, to: number, leafOf: (leaf: number) => LeafValues): void {
    const { starts, extremes, rows, leafLeastAt, leafGreatestAt, leastAt, greatestAt } = pyramid;
    const { around, aroundAt } = pyramid;
    let least = Infinity;
    let greatest = -Infinity;
    // Nodes among all; -1 where the row of the extreme is known.
    let low = -1;
    let high = -1;
    let lowRow = -1;
    let highRow = -1;
    // What has been looked at ends with the nodes `a` to `b` of a level; in the middle it is those from `begin` to `end`.
    let level = 0;
    let a = 0;
    let b = 0;
    let begin = 0;
    let end = 0;
    const firstGroup = Math.floor(from / GROUP_ROWS);
    const lastGroup = Math.floor((to - 1) / GROUP_ROWS);
    // Of shorter ranges the nodes above a group are few, and in the caches already.
    const isLong = lastGroup > firstGroup + 1;
    if (isLong) {
      level = 1;
      a = Math.floor(from / LEVEL_ROWS[1]!) + 1;
      b = Math.floor((to - 1) / LEVEL_ROWS[1]!);
      const after = (a - 1) * AROUND_STRIDE + 2;
      const afterAt = (a - 1) * AROUND_AT_STRIDE + AROUND_AT + 2;
      least = around[after]!;
      greatest = around[after + 1]!;
      lowRow = aroundAt[afterAt]!;
      highRow = aroundAt[afterAt + 1]!;
      begin = starts[GROUP_LEVEL]! + firstGroup + 1;
      end = starts[GROUP_LEVEL]! + lastGroup;
    } else {
      a = Math.ceil(from / LEAF_ROWS);
      // The last node of a level may be short, and is whole where it ends with the batch.
      b = to === rows ? nodesOf(pyramid, 0) : Math.floor(to / LEAF_ROWS);
      for (const top = starts.length - 2; level < top; level++) {
        const above = Math.ceil(a / FAN_OUT);
        const endAbove =
          b === nodesOf(pyramid, level) ? nodesOf(pyramid, level + 1) : Math.floor(b / FAN_OUT);
        if (above >= endAbove) break;
        a = above;
        b = endAbove;
      }
      begin = starts[level]! + a;
      end = starts[level]! + b;
    }
    for (let n = begin; n < end; n++) {
      if (extremes[2 * n]! < least) {
        least = extremes[2 * n]!;
        low = n;
      }
      if (extremes[2 * n + 1]! > greatest) {
        greatest = extremes[2 * n + 1]!;
        high = n;
      }
    }
    let nodes = end - begin;
    let isLeftDone = false;
    let isRightDone = false;
    if (isLong) {
      const before = b * AROUND_STRIDE;
      const beforeAt = b * AROUND_AT_STRIDE + AROUND_AT;
      if (around[before]! < least) {
        least = around[before]!;
        low = -1;
        lowRow = aroundAt[beforeAt]!;
      }
      if (around[before + 1]! > greatest) {
        greatest = around[before + 1]!;
        high = -1;
        highRow = aroundAt[beforeAt + 1]!;
      }
      const left = (a - 1) * AROUND_STRIDE + 4;
      isLeftDone = around[left]! > least && around[left + 1]! < greatest;
      isRightDone = around[before + 4]! >= least && around[before + 5]! <= greatest;
      // Twice the bytes of four nodes.
      nodes += 8;
    }
    this.rows = 0;

    // To the left: what is found comes before what was found, and goes before its equals.
    for (let l = level, inner = a; !isLeftDone && from < inner * LEVEL_ROWS[l]!;) {
      const outer = starts[l]! + inner - 1;
      nodes++;
      let isDone = true;
      if (extremes[2 * outer]! <= least) {
        const at = placeIn(outer, pyramid, leafLeastAt, leastAt);
        if (at >= from) {
          least = extremes[2 * outer]!;
          low = -1;
          lowRow = at;
        } else isDone = false;
      }
      if (extremes[2 * outer + 1]! >= greatest) {
        const at = placeIn(outer, pyramid, leafGreatestAt, greatestAt);
        if (at >= from) {
          greatest = extremes[2 * outer + 1]!;
          high = -1;
          highRow = at;
        } else isDone = false;
      }
      if (isDone) break;
      if (l === 0) {
        const { values, start } = leafOf(inner - 1);
        this.rows += inner * LEAF_ROWS - from;
        for (let i = inner * LEAF_ROWS - 1; i >= from; i--) {
          const value = values[i - start]!;
          if (value <= least) {
            least = value;
            low = -1;
            lowRow = i;
          }
          if (value >= greatest) {
            greatest = value;
            high = -1;
            highRow = i;
          }
        }
        break;
      }
      l--;
      const end = starts[l]! + inner * FAN_OUT;
      inner = Math.ceil(from / LEVEL_ROWS[l]!);
      for (let n = end - 1; n >= starts[l]! + inner; n--) {
        if (extremes[2 * n]! <= least) {
          least = extremes[2 * n]!;
          low = n;
        }
        if (extremes[2 * n + 1]! >= greatest) {
          greatest = extremes[2 * n + 1]!;
          high = n;
        }
      }
      nodes += end - starts[l]! - inner;
    }

    // To the right: what is found comes after all others.
    for (let l = level, inner = b; !isRightDone && to > inner * LEVEL_ROWS[l]!;) {
      const outer = starts[l]! + inner;
      nodes++;
      let isDone = true;
      if (extremes[2 * outer]! < least) {
        const at = placeIn(outer, pyramid, leafLeastAt, leastAt);
        if (at < to) {
          least = extremes[2 * outer]!;
          low = -1;
          lowRow = at;
        } else isDone = false;
      }
      if (extremes[2 * outer + 1]! > greatest) {
        const at = placeIn(outer, pyramid, leafGreatestAt, greatestAt);
        if (at < to) {
          greatest = extremes[2 * outer + 1]!;
          high = -1;
          highRow = at;
        } else isDone = false;
      }
      if (isDone) break;
      if (l === 0) {
        const { values, start } = leafOf(inner);
        this.rows += to - inner * LEAF_ROWS;
        for (let i = inner * LEAF_ROWS; i < to; i++) {
          const value = values[i - start]!;
          if (value < least) {
            least = value;
            low = -1;
            lowRow = i;
          }
          if (value > greatest) {
            greatest = value;
            high = -1;
            highRow = i;
          }
        }
        break;
      }
      l--;
      const begin = starts[l]! + inner * FAN_OUT;
      inner = Math.floor(to / LEVEL_ROWS[l]!);
      for (let n = begin; n < starts[l]! + inner; n++) {
        if (extremes[2 * n]! < least) {
          least = extremes[2 * n]!;
          low = n;
        }
        if (extremes[2 * n + 1]! > greatest) {
          greatest = extremes[2 * n + 1]!;
          high = n;
        }
      }
      nodes += starts[l]! + inner - begin;
    }
    this.nodes = nodes;
    this.least = least;
    this.greatest = greatest;
    this.leastAt = low < 0 ? lowRow : placeIn(low, pyramid, leafLeastAt, leastAt);
    this.greatestAt = high < 0 ? highRow : placeIn(high, pyramid, leafGreatestAt, greatestAt);
  }
}
