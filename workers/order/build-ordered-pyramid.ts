import { crc32 } from 'node:zlib';
import { BLOCK_ROWS, type Span, type TableView } from '../columns.js';
import type { BuiltPart } from '../index-part.js';
import { kernelsFor } from '../kernels/load.js';
import { threadArena as arena } from '../kernels/thread-arena.js';
import { largeFloat64 } from '../large-arrays.js';
import { checkCancel, unlessWithdrawn } from '../scan/cancel.js';
import { fillDoubles } from '../scan/fill-doubles.js';
import { openSource } from '../scan/source.js';
import { batchOf, columnOf } from '../scan/values.js';
import { orderOf, type BuildOrderTask } from './build-order.js';
import { orderAt, type Order } from './order.js';
import {
  createOrderedPyramid,
  leavesOf,
  orderedPyramidBytes,
  RUN_FAN_OUT,
  RUN_LEAF_ROWS,
  shapeOf,
  upperStarts,
  type OrderedPyramid,
} from './ordered-pyramid.js';

export interface BuildOrderedPyramidTask extends BuildOrderTask {
  /** A column of numbers. */
  y: number;
  /** The order of the batch, where it is built already. */
  over?: Span;
}

/** Leaves between two looks at the cancel word. */
const LEAVES_A_LOOK = 4096;

/** Builds the pyramid of a column in the order of one batch. */
export function buildOrderedPyramid(task: BuildOrderedPyramidTask): BuiltPart {
  return unlessWithdrawn(() => {
    const { table, y, batch, over, cancel } = task;
    const check = (): void => checkCancel(cancel);
    arena.reset();
    const order =
      over === undefined
        ? orderOf(task, check).order
        : orderAt(table.slabs[over.slab]!, over.offset);
    const values = doublesOf(table, y, batch, check);
    const shape = shapeOf(order);
    const bytes = new Uint8Array(orderedPyramidBytes(shape));
    const pyramid = createOrderedPyramid(bytes, shape);
    let leaf = 0;
    let upper = 0;
    for (let run = 0; run < shape.runs; run++) {
      pyramid.firstLeaf[run] = leaf;
      pyramid.firstUpper[run] = upper;
      pyramid.gapsOfRun[run] = fillLeaves(pyramid, leaf, order, run, values, check);
      const leaves = leavesOf(order.placed[run]!);
      upper += fillUppers(pyramid, leaf, upper, leaves, order, run);
      leaf += leaves;
    }
    return { withdrawn: false, bytes, crc32: crc32(bytes) };
  });
}

function doublesOf(
  table: TableView,
  column: number,
  batch: number,
  check: () => void,
): Float64Array<ArrayBuffer> {
  const rows = table.batchRows[batch]!;
  const { logical } = columnOf(table, column);
  const scale = logical.kind === 'decimal' ? logical.scale : 0;
  const source = openSource(table, batchOf(table, column, batch));
  const kernels = kernelsFor(arena);
  const block = arena.f64(BLOCK_ROWS);
  const values = largeFloat64(rows);
  for (let from = 0; from < rows; from += BLOCK_ROWS) {
    check();
    const count = Math.min(BLOCK_ROWS, rows - from);
    fillDoubles(source, from, count, scale, block, kernels);
    values.set(block.subarray(0, count), from);
  }
  return values;
}

/** Fills the leaves of a run; gives how many of its rows have no place. */
function fillLeaves(
  { leafExtremes, leafLeastAt, leafGreatestAt, leafGaps }: OrderedPyramid,
  firstLeaf: number,
  { positions, starts, placed }: Order,
  run: number,
  values: Float64Array,
  check: () => void,
): number {
  const start = starts[run]!;
  const end = start + placed[run]!;
  let gapsOfRun = 0;
  for (let from = start, leaf = firstLeaf; from < end; from += RUN_LEAF_ROWS, leaf++) {
    if (leaf % LEAVES_A_LOOK === 0) check();
    const to = Math.min(end, from + RUN_LEAF_ROWS);
    let least = Infinity;
    let greatest = -Infinity;
    let leastAt = from;
    let greatestAt = from;
    let gaps = 0;
    for (let i = from; i < to; i++) {
      const position = positions[i]!;
      const value = values[position]!;
      if (!(value > -Infinity && value < Infinity)) {
        gaps++;
        continue;
      }
      if (value < least || (value === least && position < positions[leastAt]!)) {
        least = value;
        leastAt = i;
      }
      if (value > greatest || (value === greatest && position < positions[greatestAt]!)) {
        greatest = value;
        greatestAt = i;
      }
    }
    leafExtremes[2 * leaf] = least;
    leafExtremes[2 * leaf + 1] = greatest;
    leafLeastAt[leaf] = leastAt - from;
    leafGreatestAt[leaf] = greatestAt - from;
    leafGaps[leaf] = gaps;
    gapsOfRun += gaps;
  }
  return gapsOfRun;
}

/** Fills the nodes of a run above its leaves; gives how many there are. */
function fillUppers(
  pyramid: OrderedPyramid,
  firstLeaf: number,
  firstUpper: number,
  leaves: number,
  order: Order,
  run: number,
): number {
  const { extremes, leastAt, greatestAt, gaps } = pyramid;
  const starts = upperStarts(leaves);
  let below = leaves;
  for (let level = 1; level < starts.length; level++) {
    const first = firstUpper + starts[level - 1]!;
    const end = firstUpper + starts[level]!;
    const belowOf = level === 1 ? leafReader(pyramid, firstLeaf, order, run) : null;
    const base = level === 1 ? 0 : firstUpper + starts[level - 2]!;
    for (let node = first; node < end; node++) {
      let least = Infinity;
      let greatest = -Infinity;
      let low = 0;
      let high = 0;
      let missing = 0;
      const from = (node - first) * RUN_FAN_OUT;
      for (let child = from; child < from + RUN_FAN_OUT && child < below; child++) {
        const at = base + child;
        const own = belowOf?.(child);
        const childLeast = own?.least ?? extremes[2 * at]!;
        const childGreatest = own?.greatest ?? extremes[2 * at + 1]!;
        const childLow = own?.leastAt ?? leastAt[at]!;
        const childHigh = own?.greatestAt ?? greatestAt[at]!;
        missing += own?.gaps ?? gaps[at]!;
        if (childLeast < least || (childLeast === least && childLow < low)) {
          least = childLeast;
          low = childLow;
        }
        if (childGreatest > greatest || (childGreatest === greatest && childHigh < high)) {
          greatest = childGreatest;
          high = childHigh;
        }
      }
      extremes[2 * node] = least;
      extremes[2 * node + 1] = greatest;
      leastAt[node] = low;
      greatestAt[node] = high;
      gaps[node] = missing;
    }
    below = end - first;
  }
  return starts.at(-1)!;
}

interface Leaf {
  least: number;
  greatest: number;
  leastAt: number;
  greatestAt: number;
  gaps: number;
}

/** Reads the leaves of a run as the nodes above them are stored; the object is the same each time. */
function leafReader(
  { leafExtremes, leafLeastAt, leafGreatestAt, leafGaps }: OrderedPyramid,
  firstLeaf: number,
  { positions, starts }: Order,
  run: number,
): (i: number) => Leaf {
  const leaf: Leaf = { least: 0, greatest: 0, leastAt: 0, greatestAt: 0, gaps: 0 };
  const start = starts[run]!;
  return (i) => {
    const at = firstLeaf + i;
    const first = start + i * RUN_LEAF_ROWS;
    leaf.least = leafExtremes[2 * at]!;
    leaf.greatest = leafExtremes[2 * at + 1]!;
    leaf.leastAt = positions[first + leafLeastAt[at]!]!;
    leaf.greatestAt = positions[first + leafGreatestAt[at]!]!;
    leaf.gaps = leafGaps[at]!;
    return leaf;
  };
}
