import type { Span, TableView } from '../columns.js';
import { NOWHERE, type Range } from '../pyramid/ranges.js';
import { doubleReader } from '../scan/double-at.js';
import { openSource } from '../scan/source.js';
import { batchOf, columnOf, type NumberArray } from '../scan/values.js';
import type { Order } from './order.js';
import {
  leavesOf,
  openOrderedPyramid,
  RUN_FAN_OUT,
  RUN_LEAF_ROWS,
  upperStarts,
  type OrderedPyramid,
} from './ordered-pyramid.js';

/** Bytes that come from memory at once. */
const LINE_BYTES = 64;

export interface RunRangesOptions {
  table: TableView;
  /** A column of numbers. */
  column: number;
  /** Where the pyramids of the batches lie. */
  pyramids: readonly (Span | undefined)[];
}

/**
 * Summarizes stretches of the runs of an order: whole nodes from the pyramid of a column, the ragged ends from the column. The
 * result is what a walk over the rows gives: the first and the last by x and row, of equal extremes the lowest row.
 */
export class RunRanges {
  /** What was read so far: rows of the column, and bytes of it, of the order and of the pyramid. */
  readonly touched = { rows: 0, bytes: 0 };
  readonly #table: TableView;
  readonly #column: number;
  readonly #pyramids: readonly (Span | undefined)[];
  readonly #scale: number;
  readonly #rightFrom = new Uint32Array(16);
  readonly #rightTo = new Uint32Array(16);
  // The batch that is open.
  #batch = NOWHERE;
  #pyramid!: OrderedPyramid;
  #valueAt!: (position: number) => number;
  /** The values of the batch where they need no conversion, and have no gaps. */
  #plain: NumberArray | undefined;
  #rowBytes = 0;
  #firstRow = 0;
  // The run that is open.
  #order!: Order;
  #positions!: Uint32Array;
  #start = 0;
  #rows = 0;
  #gaps = 0;
  #firstLeaf = 0;
  #firstUpper = 0;
  #leaves = 0;
  readonly #upperStarts: number[] = [];
  // The last nodes with a row of either kind, as level and number; NOWHERE where a single row came later.
  #pointLevel = NOWHERE;
  #pointNode = NOWHERE;
  #gapLevel = NOWHERE;
  #gapNode = NOWHERE;
  /** The sum of what `warmUp` looked at: unused looks would be left out by the compiler. */
  looks = 0;

  constructor({ table, column, pyramids }: RunRangesOptions) {
    this.#table = table;
    this.#column = column;
    this.#pyramids = pyramids;
    const { logical } = columnOf(table, column);
    this.#scale = logical.kind === 'decimal' ? logical.scale : 0;
  }

  /** Goes to a run of the order of a batch, whose first row in the snapshot is `firstRow`. */
  open(batch: number, firstRow: number, order: Order, run: number): void {
    if (batch !== this.#batch) this.#openBatch(batch);
    this.#firstRow = firstRow;
    this.#order = order;
    this.#positions = order.positions;
    this.#start = order.starts[run]!;
    this.#rows = order.placed[run]!;
    this.#gaps = this.#pyramid.gapsOfRun[run]!;
    this.#firstLeaf = this.#pyramid.firstLeaf[run]!;
    this.#firstUpper = this.#pyramid.firstUpper[run]!;
    this.#leaves = leavesOf(this.#rows);
    upperStarts(this.#leaves, this.#upperStarts);
  }

  /** Rows of the run that have an x and a place. */
  get points(): number {
    return this.#rows - this.#gaps;
  }

  /**
   * Looks at what `add` is going to need around `bounds[from]` to `bounds[to]`, places in the run. Looks that do not wait for one
   * another overlap.
   */
  warmUp(bounds: Float64Array, from: number, to: number): void {
    const { leafExtremes } = this.#pyramid;
    let sum = 0;
    for (let c = from; c <= to; c++) {
      const around = 2 * (this.#firstLeaf + Math.floor(bounds[c]! / RUN_LEAF_ROWS));
      sum += leafExtremes[Math.max(0, around - LINE_BYTES / 8)]! + (leafExtremes[around] ?? 0);
      sum += leafExtremes[around + LINE_BYTES / 8] ?? 0;
    }
    this.looks += sum;
  }

  /** Takes the rows at places `from` to `to` of the run, which follow those taken in before, into a range. */
  add(range: Range, from: number, to: number): void {
    if (from >= to) return;
    if (this.#gaps === 0) {
      if (range.first === NOWHERE) range.first = this.#rowAt(from);
      range.last = this.#rowAt(to - 1);
      range.points += to - from;
    }
    const firstLeaf = Math.ceil(from / RUN_LEAF_ROWS);
    // The last leaf of a run may be short, and is whole where it ends with the run.
    const endLeaf = to === this.#rows ? this.#leaves : Math.floor(to / RUN_LEAF_ROWS);
    if (firstLeaf >= endLeaf) {
      this.#addRows(range, from, to);
      return;
    }
    if (this.#gaps === 0) {
      this.#addLeaves(range, firstLeaf, endLeaf);
      this.#addEnd(range, firstLeaf - 1, from, firstLeaf * RUN_LEAF_ROWS);
      this.#addEnd(range, endLeaf, endLeaf * RUN_LEAF_ROWS, to);
      return;
    }
    this.#addRows(range, from, firstLeaf * RUN_LEAF_ROWS);
    this.#pointLevel = this.#gapLevel = NOWHERE;
    this.#addLeaves(range, firstLeaf, endLeaf);
    const { last, lastGap } = range;
    this.#addRows(range, endLeaf * RUN_LEAF_ROWS, to);
    if (this.#pointLevel >= 0 && range.last === last) {
      range.last = this.#lastIn(this.#pointLevel, this.#pointNode, true);
    }
    if (this.#gapLevel >= 0 && range.lastGap === lastGap) {
      range.lastGap = this.#lastIn(this.#gapLevel, this.#gapNode, false);
    }
  }

  /** The last row at places `from` to `to` that has a place. */
  lastPoint(from: number, to: number): number {
    if (from >= to || this.#gaps === this.#rows) return NOWHERE;
    if (this.#gaps === 0) return this.#rowAt(to - 1);
    const start = Math.max(from, to - 1 - ((to - 1) % RUN_LEAF_ROWS));
    const near = this.#lastOfRows(start, to, true);
    if (near !== NOWHERE || start === from) return near;
    const firstLeaf = Math.ceil(from / RUN_LEAF_ROWS);
    for (let level = 0, node = start / RUN_LEAF_ROWS - 1; ;) {
      if (node < firstLeaf / RUN_FAN_OUT ** level) {
        // What is left of `from` is not asked for: go down to where nodes are whole, and at last to rows.
        if (level === 0)
          return this.#lastOfRows(from, Math.min(to, firstLeaf * RUN_LEAF_ROWS), true);
        level--;
        node = (node + 1) * RUN_FAN_OUT - 1;
        continue;
      }
      if (this.#holds(level, node, true)) return this.#lastIn(level, node, true);
      const isFirst = node % RUN_FAN_OUT === 0 && level < this.#upperStarts.length - 1;
      if (isFirst) level++;
      node = isFirst ? node / RUN_FAN_OUT - 1 : node - 1;
    }
  }

  /** The first row from place `from` of the run on that has a place. */
  firstPoint(from: number): number {
    if (from >= this.#rows || this.#gaps === this.#rows) return NOWHERE;
    if (this.#gaps === 0) return this.#rowAt(from);
    let node = Math.floor(from / RUN_LEAF_ROWS) + 1;
    const near = this.#firstOfRows(from, Math.min(this.#rows, node * RUN_LEAF_ROWS), true);
    if (near !== NOWHERE) return near;
    let level = 0;
    for (;;) {
      while (node % RUN_FAN_OUT === 0 && level < this.#upperStarts.length - 1) {
        node /= RUN_FAN_OUT;
        level++;
      }
      if (node >= this.#nodesOf(level)) return NOWHERE;
      if (this.#holds(level, node, true)) return this.#firstIn(level, node, true);
      node++;
    }
  }

  /** Whether the row at a place of the run has a place for y. */
  isPoint(place: number): boolean {
    return this.#gaps === 0 || hasPlace(this.#read(place));
  }

  #openBatch(batch: number): void {
    const view = batchOf(this.#table, this.#column, batch);
    const { nulls, notFinite = 0, storage, data, validity } = view;
    const source = openSource(this.#table, view);
    this.#batch = batch;
    this.#plain =
      nulls > 0 || notFinite > 0 || storage === 'null' || this.#scale > 0
        ? undefined
        : source.numbers;
    const read = storage === 'null' ? () => NaN : doubleReader(source, this.#scale);
    const valid = source.validity;
    this.#valueAt =
      valid === undefined
        ? read
        : (position) =>
            ((valid[position >> 3]! >> (position & 7)) & 1) === 0 ? NaN : read(position);
    this.#rowBytes =
      4 +
      ((data?.length ?? 0) + (validity?.length ?? 0)) / Math.max(1, this.#table.batchRows[batch]!);
    const span = this.#pyramids[batch]!;
    this.#pyramid = openOrderedPyramid(this.#table, span);
  }

  #rowAt(place: number): number {
    return this.#firstRow + this.#positions[this.#start + place]!;
  }

  #read(place: number): number {
    this.touched.rows++;
    this.touched.bytes += this.#rowBytes;
    return this.#valueAt(this.#positions[this.#start + place]!);
  }

  #addRows(range: Range, from: number, to: number): void {
    if (from >= to) return;
    this.touched.rows += to - from;
    this.touched.bytes += (to - from) * this.#rowBytes;
    const start = this.#start + from;
    const end = this.#start + to;
    if (this.#plain !== undefined) {
      addPlain(range, this.#plain, this.#positions, start, end, this.#firstRow);
    } else if (this.#gaps === 0) {
      addGapless(range, this.#valueAt, this.#positions, start, end, this.#firstRow);
    } else addGappy(range, this.#valueAt, this.#positions, start, end, this.#firstRow);
  }

  /**
   * Takes in the extremes of some rows of a leaf, after those of whole leaves: only where the leaf is as extreme as what was found by a row
   * that is not one of them, rows are read. All have a place.
   */
  #addEnd(range: Range, leaf: number, from: number, to: number): void {
    if (from >= to) return;
    const { leafExtremes, leafLeastAt, leafGreatestAt } = this.#pyramid;
    const node = this.#firstLeaf + leaf;
    const least = leafExtremes[2 * node]!;
    const greatest = leafExtremes[2 * node + 1]!;
    this.touched.bytes += 16;
    if (least <= range.least) {
      const place = leaf * RUN_LEAF_ROWS + leafLeastAt[node]!;
      if (place < from || place >= to) return this.#addRows(range, from, to);
      const row = this.#rowAt(place);
      if (least < range.least || row < range.leastAt) {
        range.least = least;
        range.leastAt = row;
      }
    }
    if (greatest >= range.greatest) {
      const place = leaf * RUN_LEAF_ROWS + leafGreatestAt[node]!;
      if (place < from || place >= to) return this.#addRows(range, from, to);
      const row = this.#rowAt(place);
      if (greatest > range.greatest || row < range.greatestAt) {
        range.greatest = greatest;
        range.greatestAt = row;
      }
    }
  }

  /** Takes in whole leaves in order: up the pyramid as far as nodes are whole, and down again. */
  #addLeaves(range: Range, firstLeaf: number, endLeaf: number): void {
    const top = this.#upperStarts.length - 1;
    let level = 0;
    let from = firstLeaf;
    let to = endLeaf;
    for (; level < top; level++) {
      const firstParent = Math.ceil(from / RUN_FAN_OUT);
      // As of leaves: the last node of a level is whole where it ends with the run.
      const endParent =
        to === this.#nodesOf(level) ? Math.ceil(to / RUN_FAN_OUT) : Math.floor(to / RUN_FAN_OUT);
      if (firstParent >= endParent) break;
      this.#addNodes(range, level, from, firstParent * RUN_FAN_OUT);
      this.#rightFrom[level] = Math.min(to, endParent * RUN_FAN_OUT);
      this.#rightTo[level] = to;
      from = firstParent;
      to = endParent;
    }
    this.#addNodes(range, level, from, to);
    while (level-- > 0) {
      this.#addNodes(range, level, this.#rightFrom[level]!, this.#rightTo[level]!);
    }
  }

  #addNodes(range: Range, level: number, from: number, to: number): void {
    if (from === to) return;
    const { leafExtremes, extremes } = this.#pyramid;
    const values = level === 0 ? leafExtremes : extremes;
    const start = level === 0 ? this.#firstLeaf : this.#firstUpper + this.#upperStarts[level - 1]!;
    const mayTie = !this.#order.isRowOrder;
    let { least, greatest } = range;
    let low = NOWHERE;
    let high = NOWHERE;
    for (let node = start + from; node < start + to; node++) {
      const ownLeast = values[2 * node]!;
      const ownGreatest = values[2 * node + 1]!;
      if (ownLeast < least) {
        least = ownLeast;
        low = node;
      } else if (mayTie && ownLeast === least && ownLeast < Infinity) {
        const best = low === NOWHERE ? range.leastAt : this.#leastRow(level, low);
        if (this.#leastRow(level, node) < best) low = node;
      }
      if (ownGreatest > greatest) {
        greatest = ownGreatest;
        high = node;
      } else if (mayTie && ownGreatest === greatest && ownGreatest > -Infinity) {
        const best = high === NOWHERE ? range.greatestAt : this.#greatestRow(level, high);
        if (this.#greatestRow(level, node) < best) high = node;
      }
    }
    if (low >= 0) {
      range.least = least;
      range.leastAt = this.#leastRow(level, low);
    }
    if (high >= 0) {
      range.greatest = greatest;
      range.greatestAt = this.#greatestRow(level, high);
    }
    this.touched.bytes += (to - from) * 16;
    if (this.#gaps > 0) this.#countGaps(range, level, from, to);
  }

  /** The row of the least of a node, which is numbered among the nodes of all runs. */
  #leastRow(level: number, node: number): number {
    const { leafLeastAt, leastAt } = this.#pyramid;
    return level === 0
      ? this.#rowAt((node - this.#firstLeaf) * RUN_LEAF_ROWS + leafLeastAt[node]!)
      : this.#firstRow + leastAt[node]!;
  }

  #greatestRow(level: number, node: number): number {
    const { leafGreatestAt, greatestAt } = this.#pyramid;
    return level === 0
      ? this.#rowAt((node - this.#firstLeaf) * RUN_LEAF_ROWS + leafGreatestAt[node]!)
      : this.#firstRow + greatestAt[node]!;
  }

  #countGaps(range: Range, level: number, from: number, to: number): void {
    for (let node = from; node < to; node++) {
      const gaps = this.#gapsOf(level, node);
      const rows = this.#rowsOf(level, node);
      if (gaps < rows) {
        range.points += rows - gaps;
        if (range.first === NOWHERE) range.first = this.#firstIn(level, node, true);
        this.#pointLevel = level;
        this.#pointNode = node;
      }
      if (gaps > 0) {
        if (range.firstGap === NOWHERE) range.firstGap = this.#firstIn(level, node, false);
        this.#gapLevel = level;
        this.#gapNode = node;
      }
    }
  }

  #nodesOf(level: number): number {
    return level === 0 ? this.#leaves : this.#upperStarts[level]! - this.#upperStarts[level - 1]!;
  }

  #rowsOf(level: number, node: number): number {
    const span = RUN_LEAF_ROWS * RUN_FAN_OUT ** level;
    return Math.min(span, this.#rows - node * span);
  }

  #gapsOf(level: number, node: number): number {
    this.touched.bytes += level === 0 ? 1 : 4;
    const { leafGaps, gaps } = this.#pyramid;
    return level === 0
      ? leafGaps[this.#firstLeaf + node]!
      : gaps[this.#firstUpper + this.#upperStarts[level - 1]! + node]!;
  }

  /** Whether a node holds a row with a place, or one without. */
  #holds(level: number, node: number, isPoint: boolean): boolean {
    const gaps = this.#gapsOf(level, node);
    return isPoint ? gaps < this.#rowsOf(level, node) : gaps > 0;
  }

  /** The first row under a node that has a place, or none; there is one. */
  #firstIn(level: number, node: number, isPoint: boolean): number {
    let below = node;
    for (let at = level - 1; at >= 0; at--) {
      below *= RUN_FAN_OUT;
      while (!this.#holds(at, below, isPoint)) below++;
    }
    const start = below * RUN_LEAF_ROWS;
    return this.#firstOfRows(start, Math.min(this.#rows, start + RUN_LEAF_ROWS), isPoint);
  }

  #lastIn(level: number, node: number, isPoint: boolean): number {
    let below = node;
    for (let at = level - 1; at >= 0; at--) {
      below = Math.min(this.#nodesOf(at), (below + 1) * RUN_FAN_OUT) - 1;
      while (!this.#holds(at, below, isPoint)) below--;
    }
    const start = below * RUN_LEAF_ROWS;
    return this.#lastOfRows(start, Math.min(this.#rows, start + RUN_LEAF_ROWS), isPoint);
  }

  #firstOfRows(from: number, to: number, isPoint: boolean): number {
    for (let place = from; place < to; place++) {
      if (hasPlace(this.#read(place)) === isPoint) return this.#rowAt(place);
    }
    return NOWHERE;
  }

  #lastOfRows(from: number, to: number, isPoint: boolean): number {
    for (let place = to - 1; place >= from; place--) {
      if (hasPlace(this.#read(place)) === isPoint) return this.#rowAt(place);
    }
    return NOWHERE;
  }
}

function hasPlace(value: number): boolean {
  return value > -Infinity && value < Infinity;
}

/** Four values are read before one is compared: where a guess at a comparison was wrong, the looks after it wait for it. */
function addPlain(
  range: Range,
  values: NumberArray,
  positions: Uint32Array,
  start: number,
  end: number,
  firstRow: number,
): void {
  const last = end - 1;
  for (let i = start; i < end; i += 4) {
    const a = positions[i]!;
    // In place of what is beyond the end the last one is looked at again.
    const b = positions[Math.min(i + 1, last)]!;
    const c = positions[Math.min(i + 2, last)]!;
    const d = positions[Math.min(i + 3, last)]!;
    const ofA = values[a]!;
    const ofB = values[b]!;
    const ofC = values[c]!;
    const ofD = values[d]!;
    addExtremes(range, ofA, firstRow + a);
    addExtremes(range, ofB, firstRow + b);
    addExtremes(range, ofC, firstRow + c);
    addExtremes(range, ofD, firstRow + d);
  }
}

function addGapless(
  range: Range,
  valueAt: (position: number) => number,
  positions: Uint32Array,
  start: number,
  end: number,
  firstRow: number,
): void {
  for (let i = start; i < end; i++) {
    const position = positions[i]!;
    addExtremes(range, valueAt(position), firstRow + position);
  }
}

function addGappy(
  range: Range,
  valueAt: (position: number) => number,
  positions: Uint32Array,
  start: number,
  end: number,
  firstRow: number,
): void {
  for (let i = start; i < end; i++) {
    const row = firstRow + positions[i]!;
    const value = valueAt(positions[i]!);
    if (!hasPlace(value)) {
      if (range.firstGap === NOWHERE) range.firstGap = row;
      range.lastGap = row;
      continue;
    }
    if (range.first === NOWHERE) range.first = row;
    range.last = row;
    range.points++;
    addExtremes(range, value, row);
  }
}

function addExtremes(range: Range, value: number, row: number): void {
  if (value < range.least || (value === range.least && row < range.leastAt)) {
    range.least = value;
    range.leastAt = row;
  }
  if (value > range.greatest || (value === range.greatest && row < range.greatestAt)) {
    range.greatest = value;
    range.greatestAt = row;
  }
}
