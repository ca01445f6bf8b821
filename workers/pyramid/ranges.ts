import { BLOCK_ROWS, type Span, type TableView } from '../columns.js';
import type { Arena } from '../kernels/arena.js';
import type { Kernels } from '../kernels/kernels.js';
import { fillDoubles } from '../scan/fill-doubles.js';
import { openSource, type Source } from '../scan/source.js';
import { batchOf, columnOf, spanBytes, type NumberArray } from '../scan/values.js';
import { ExtremesWalk, type LeafValues } from './extremes-walk.js';
import {
  FAN_OUT,
  LEAF_ROWS,
  LEVEL_ROWS,
  nodesOf,
  placeIn,
  openPyramid,
  type Pyramid,
} from './pyramid.js';

/** Bytes that come from memory at once. */
const LINE_BYTES = 64;

/** What stands where there is no such row. */
export const NOWHERE = -1;

/** What rows that follow one another come to. Rows are those of the snapshot, NOWHERE where there is none. */
export interface Range {
  /** Rows that have a place, and the first and the last of them. */
  points: number;
  first: number;
  last: number;
  /** The finite extremes, and the first row of each. */
  least: number;
  leastAt: number;
  greatest: number;
  greatestAt: number;
  /** The first and the last row without a place. */
  firstGap: number;
  lastGap: number;
}

export function emptyRange(): Range {
  return clear({} as Range);
}

/** Makes it the range of no rows: another object for each of a thousand pixel columns takes a tenth of a line's time. */
export function clear(range: Range): Range {
  range.points = 0;
  range.first = NOWHERE;
  range.last = NOWHERE;
  range.least = Infinity;
  range.leastAt = NOWHERE;
  range.greatest = -Infinity;
  range.greatestAt = NOWHERE;
  range.firstGap = NOWHERE;
  range.lastGap = NOWHERE;
  return range;
}

export interface RangesOptions {
  table: TableView;
  /** A column of numbers. */
  column: number;
  /** Where the pyramids of the batches lie; null where there are none, and rows are read one by one. */
  pyramids: readonly (Span | undefined)[] | null;
  arena: Arena;
  kernels: Kernels;
}

/**
 * Summarizes stretches of rows of one column: whole nodes from its pyramid, the ragged ends from the column. The result
 * is what a walk over the rows gives, the first of equals included.
 */
export class Ranges {
  /** What was read so far: rows of the column, and bytes of it and of the pyramid. */
  readonly touched = { rows: 0, bytes: 0 };
  readonly #table: TableView;
  readonly #column: number;
  readonly #pyramids: readonly (Span | undefined)[] | null;
  readonly #kernels: Kernels;
  readonly #scale: number;
  readonly #chunkRows: number;
  readonly #chunk: Float64Array<ArrayBuffer>;
  readonly #firstRows: number[];
  readonly #walk = new ExtremesWalk();
  readonly #leaf: LeafValues = { values: new Float64Array(0), start: 0 };
  readonly #rightFrom = new Uint32Array(16);
  readonly #rightTo = new Uint32Array(16);
  // The batch that is open, and the chunk of it that is converted.
  #batch = NOWHERE;
  #source!: Source;
  #rowBytes = 0;
  #rows = 0;
  #firstRow = 0;
  #hasGaps = false;
  /** No row of the batch has a place. */
  #isEmpty = false;
  /** The values of the batch where they need no conversion, and have no gaps. */
  #plain: NumberArray | undefined;
  #pyramid: Pyramid | undefined;
  #chunkAt = NOWHERE;
  /** The sum of what `warmUp` looked at: unused looks would be left out by the compiler. */
  looks = 0;
  // The last nodes with a row of either kind, as level and position; NOWHERE where a single row came later.
  #pointLevel = NOWHERE;
  #pointNode = NOWHERE;
  #gapLevel = NOWHERE;
  #gapNode = NOWHERE;

  constructor({ table, column, pyramids, arena, kernels }: RangesOptions) {
    this.#table = table;
    this.#column = column;
    this.#pyramids = pyramids;
    this.#kernels = kernels;
    const { logical } = columnOf(table, column);
    this.#scale = logical.kind === 'decimal' ? logical.scale : 0;
    // Beside a pyramid only the ends of a range are read, at most a leaf each.
    this.#chunkRows = pyramids === null ? BLOCK_ROWS : LEAF_ROWS;
    this.#chunk = arena.f64(this.#chunkRows);
    let firstRow = 0;
    this.#firstRows = table.batchRows.map((rows) => (firstRow += rows) - rows);
  }

  /**
   * Looks at what `add` is going to need around the starts of pixel columns, from `starts[c]` on as far as they lie in the
   * batch; gives the first that does not. Looks that do not wait for one another overlap, where those of `add` each
   * wait for memory. Where no row is without a place `add` needs so little that it is done sooner without.
   */
  warmUp(batch: number, starts: Float64Array, c: number): number {
    const { data, nulls, notFinite = 0 } = batchOf(this.#table, this.#column, batch);
    const end = this.#firstRows[batch]! + this.#table.batchRows[batch]!;
    let next = c;
    if (nulls + notFinite > 0) this.#open(batch);
    const extremes = nulls + notFinite > 0 ? this.#pyramid?.extremes : undefined;
    if (extremes === undefined || data === undefined || this.#rows < LEAF_ROWS) {
      while (next < starts.length && starts[next]! < end) next++;
      return next;
    }
    const bytes = spanBytes(this.#table, data);
    const leafBytes = Math.floor((data.length / this.#rows) * LEAF_ROWS);
    let sum = 0;
    for (; next < starts.length && starts[next]! < end; next++) {
      const leaf = Math.floor((starts[next]! - this.#firstRow) / LEAF_ROWS);
      for (let at = 0; at < leafBytes; at += LINE_BYTES) sum += bytes[leaf * leafBytes + at]!;
      const around = 2 * leaf;
      sum += extremes[Math.max(0, around - LINE_BYTES / 8)]! + extremes[around]!;
      sum += extremes[around + LINE_BYTES / 8] ?? 0;
    }
    this.looks += sum;
    return next;
  }

  readonly #leafOf = (leaf: number): LeafValues => {
    const plain = this.#plain;
    if (plain === undefined) {
      this.#leaf.start = leaf * LEAF_ROWS;
      this.#leaf.values = this.#convert(leaf * LEAF_ROWS);
    } else {
      this.#leaf.start = 0;
      this.#leaf.values = plain;
    }
    return this.#leaf;
  };

  /** Takes the rows `from` to `to` of a batch, which follow those taken in before, into a range. */
  add(range: Range, batch: number, from: number, to: number): void {
    this.#open(batch);
    if (from >= to) return;
    if (!this.#hasGaps) {
      if (range.first === NOWHERE) range.first = this.#firstRow + from;
      range.last = this.#firstRow + to - 1;
      range.points += to - from;
    }
    const pyramid = this.#pyramid;
    const firstLeaf = Math.ceil(from / LEAF_ROWS);
    // The last leaf of a batch may be short, and is whole where it ends with the batch.
    const endLeaf = to === this.#rows ? Math.ceil(to / LEAF_ROWS) : Math.floor(to / LEAF_ROWS);
    if (pyramid === undefined || firstLeaf >= endLeaf) {
      this.#addRows(range, from, to);
      return;
    }
    if (!this.#hasGaps) {
      this.#addExtremes(range, pyramid, from, to);
      return;
    }
    this.#addRows(range, from, firstLeaf * LEAF_ROWS);
    this.#pointLevel = this.#gapLevel = NOWHERE;
    this.#addLeaves(range, pyramid, firstLeaf, endLeaf);
    const { last, lastGap } = range;
    this.#addRows(range, endLeaf * LEAF_ROWS, to);
    if (this.#pointLevel >= 0 && range.last === last) {
      range.last = this.#lastIn(pyramid, this.#pointLevel, this.#pointNode, true);
    }
    if (this.#gapLevel >= 0 && range.lastGap === lastGap) {
      range.lastGap = this.#lastIn(pyramid, this.#gapLevel, this.#gapNode, false);
    }
  }

  /** The last row of a batch before position `to` that has a place. */
  lastPoint(batch: number, to: number): number {
    this.#open(batch);
    if (to === 0 || this.#isEmpty) return NOWHERE;
    if (!this.#hasGaps) return this.#firstRow + to - 1;
    const pyramid = this.#pyramid;
    const firstOf = (position: number): number => position - (position % LEAF_ROWS);
    if (pyramid === undefined) return this.#lastOfRows(0, to, true);
    const start = firstOf(to - 1);
    const near = this.#lastOfRows(start, to, true);
    if (near !== NOWHERE) return near;
    let level = 0;
    let node = start / LEAF_ROWS - 1;
    while (node >= 0) {
      if (this.#holds(pyramid, level, node, true)) return this.#lastIn(pyramid, level, node, true);
      const isFirst = node % FAN_OUT === 0 && level < pyramid.starts.length - 2;
      if (isFirst) level++;
      node = isFirst ? node / FAN_OUT - 1 : node - 1;
    }
    return NOWHERE;
  }

  /** The first row of a batch from position `from` on that has a place. */
  firstPoint(batch: number, from: number): number {
    this.#open(batch);
    if (from >= this.#rows || this.#isEmpty) return NOWHERE;
    if (!this.#hasGaps) return this.#firstRow + from;
    const pyramid = this.#pyramid;
    if (pyramid === undefined) return this.#firstOfRows(from, this.#rows, true);
    let node = Math.floor(from / LEAF_ROWS) + 1;
    const near = this.#firstOfRows(from, Math.min(this.#rows, node * LEAF_ROWS), true);
    if (near !== NOWHERE) return near;
    let level = 0;
    for (;;) {
      while (node % FAN_OUT === 0 && level < pyramid.starts.length - 2) {
        node /= FAN_OUT;
        level++;
      }
      if (node >= nodesOf(pyramid, level)) return NOWHERE;
      if (this.#holds(pyramid, level, node, true)) return this.#firstIn(pyramid, level, node, true);
      node++;
    }
  }

  #open(batch: number): void {
    if (batch === this.#batch) return;
    const view = batchOf(this.#table, this.#column, batch);
    const { nulls, notFinite = 0, storage, data, validity } = view;
    this.#batch = batch;
    this.#source = openSource(this.#table, view);
    this.#rows = this.#table.batchRows[batch]!;
    this.#firstRow = this.#firstRows[batch]!;
    this.#hasGaps = nulls > 0 || notFinite > 0 || storage === 'null';
    this.#isEmpty = storage === 'null' || nulls + notFinite === this.#rows;
    this.#plain = this.#hasGaps || this.#scale > 0 ? undefined : this.#source.numbers;
    this.#rowBytes = ((data?.length ?? 0) + (validity?.length ?? 0)) / Math.max(1, this.#rows);
    this.#chunkAt = NOWHERE;
    const span = this.#pyramids?.[batch];
    this.#pyramid = span === undefined ? undefined : openPyramid(this.#table, span, this.#rows);
  }

  /** Converts the chunk that begins at this position. */
  #convert(at: number): Float64Array<ArrayBuffer> {
    if (this.#chunkAt !== at) {
      const rows = Math.min(this.#chunkRows, this.#rows - at);
      fillDoubles(this.#source, at, rows, this.#scale, this.#chunk, this.#kernels);
      this.#chunkAt = at;
      this.touched.rows += rows;
      this.touched.bytes += rows * this.#rowBytes;
    }
    return this.#chunk;
  }

  /** Rows that all have a place: a walk that leaves out what cannot matter finds the extremes. */
  #addExtremes(range: Range, pyramid: Pyramid, from: number, to: number): void {
    const walk = this.#walk;
    walk.find(pyramid, from, to, this.#leafOf);
    if (walk.least < range.least) {
      range.least = walk.least;
      range.leastAt = this.#firstRow + walk.leastAt;
    }
    if (walk.greatest > range.greatest) {
      range.greatest = walk.greatest;
      range.greatestAt = this.#firstRow + walk.greatestAt;
    }
    this.touched.bytes += walk.nodes * 16;
    if (this.#plain === undefined) return;
    this.touched.rows += walk.rows;
    this.touched.bytes += walk.rows * this.#rowBytes;
  }

  #addRows(range: Range, from: number, to: number): void {
    const plain = this.#plain;
    if (plain !== undefined && from < to) {
      addGapless(range, plain, from, to, this.#firstRow);
      this.touched.rows += to - from;
      this.touched.bytes += (to - from) * plain.BYTES_PER_ELEMENT;
      return;
    }
    const chunkRows = this.#chunkRows;
    for (let at = from - (from % chunkRows); at < to; at += chunkRows) {
      const values = this.#convert(at);
      const start = Math.max(0, from - at);
      const end = Math.min(chunkRows, to - at);
      const firstRow = this.#firstRow + at;
      // NaN is below and above nothing; what is infinite has to be told from what is finite.
      if (this.#hasGaps) addGappy(range, values, start, end, firstRow);
      else addGapless(range, values, start, end, firstRow);
    }
  }

  /** Takes in whole leaves in row order: up the pyramid as far as nodes are whole, and down again. */
  #addLeaves(range: Range, pyramid: Pyramid, firstLeaf: number, endLeaf: number): void {
    const top = pyramid.starts.length - 2;
    let level = 0;
    let from = firstLeaf;
    let to = endLeaf;
    for (; level < top; level++) {
      const firstParent = Math.ceil(from / FAN_OUT);
      const endParent = Math.floor(to / FAN_OUT);
      if (firstParent >= endParent) break;
      this.#addNodes(range, pyramid, level, from, firstParent * FAN_OUT);
      this.#rightFrom[level] = endParent * FAN_OUT;
      this.#rightTo[level] = to;
      from = firstParent;
      to = endParent;
    }
    this.#addNodes(range, pyramid, level, from, to);
    while (level-- > 0) {
      this.#addNodes(range, pyramid, level, this.#rightFrom[level]!, this.#rightTo[level]!);
    }
  }

  #addNodes(range: Range, pyramid: Pyramid, level: number, from: number, to: number): void {
    if (from === to) return;
    const { starts, extremes } = pyramid;
    const start = starts[level]!;
    let { least, greatest } = range;
    let low = -1;
    let high = -1;
    for (let node = start + from; node < start + to; node++) {
      if (extremes[2 * node]! < least) {
        least = extremes[2 * node]!;
        low = node;
      }
      if (extremes[2 * node + 1]! > greatest) {
        greatest = extremes[2 * node + 1]!;
        high = node;
      }
    }
    if (low >= 0) {
      range.least = least;
      range.leastAt = this.#firstRow + placeIn(low, pyramid, pyramid.leafLeastAt, pyramid.leastAt);
    }
    if (high >= 0) {
      range.greatest = greatest;
      range.greatestAt =
        this.#firstRow + placeIn(high, pyramid, pyramid.leafGreatestAt, pyramid.greatestAt);
    }
    this.touched.bytes += (to - from) * 16;
    if (this.#hasGaps) this.#countGaps(range, pyramid, level, from, to);
  }

  #countGaps(range: Range, pyramid: Pyramid, level: number, from: number, to: number): void {
    for (let node = from; node < to; node++) {
      const gaps = gapsOf(pyramid, level, node);
      const rows = rowsOf(pyramid, level, node);
      if (gaps < rows) {
        range.points += rows - gaps;
        if (range.first === NOWHERE) range.first = this.#firstIn(pyramid, level, node, true);
        this.#pointLevel = level;
        this.#pointNode = node;
      }
      if (gaps > 0) {
        if (range.firstGap === NOWHERE) range.firstGap = this.#firstIn(pyramid, level, node, false);
        this.#gapLevel = level;
        this.#gapNode = node;
      }
    }
    this.touched.bytes += (to - from) * (level === 0 ? 1 : 4);
  }

  /** Whether a node holds a row with a place, or one without. */
  #holds(pyramid: Pyramid, level: number, node: number, isPoint: boolean): boolean {
    const gaps = gapsOf(pyramid, level, node);
    this.touched.bytes += level === 0 ? 1 : 4;
    return isPoint ? gaps < rowsOf(pyramid, level, node) : gaps > 0;
  }

  /** The first row under a node that has a place, or none; there is one. */
  #firstIn(pyramid: Pyramid, level: number, node: number, isPoint: boolean): number {
    let below = node;
    for (let at = level - 1; at >= 0; at--) {
      below *= FAN_OUT;
      while (!this.#holds(pyramid, at, below, isPoint)) below++;
    }
    const start = below * LEAF_ROWS;
    return this.#firstOfRows(start, Math.min(this.#rows, start + LEAF_ROWS), isPoint);
  }

  #lastIn(pyramid: Pyramid, level: number, node: number, isPoint: boolean): number {
    let below = node;
    for (let at = level - 1; at >= 0; at--) {
      below = Math.min(nodesOf(pyramid, at), (below + 1) * FAN_OUT) - 1;
      while (!this.#holds(pyramid, at, below, isPoint)) below--;
    }
    const start = below * LEAF_ROWS;
    return this.#lastOfRows(start, Math.min(this.#rows, start + LEAF_ROWS), isPoint);
  }

  #firstOfRows(from: number, to: number, isPoint: boolean): number {
    const chunkRows = this.#chunkRows;
    for (let at = from - (from % chunkRows); at < to; at += chunkRows) {
      const values = this.#convert(at);
      const end = Math.min(chunkRows, to - at);
      for (let i = Math.max(0, from - at); i < end; i++) {
        if (hasPlace(values[i]!) === isPoint) return this.#firstRow + at + i;
      }
    }
    return NOWHERE;
  }

  #lastOfRows(from: number, to: number, isPoint: boolean): number {
    const chunkRows = this.#chunkRows;
    const lastChunk = to - 1 - ((to - 1) % chunkRows);
    for (let at = lastChunk; at + chunkRows > from; at -= chunkRows) {
      const values = this.#convert(at);
      const start = Math.max(0, from - at);
      for (let i = Math.min(chunkRows, to - at) - 1; i >= start; i--) {
        if (hasPlace(values[i]!) === isPoint) return this.#firstRow + at + i;
      }
    }
    return NOWHERE;
  }
}

function hasPlace(value: number): boolean {
  return value > -Infinity && value < Infinity;
}

/** The first and the last row, and how many there are, are known without a look. */
function addGapless(
  range: Range,
  values: NumberArray,
  from: number,
  to: number,
  firstRow: number,
): void {
  let { least, greatest, leastAt, greatestAt } = range;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (value < least) {
      least = value;
      leastAt = firstRow + i;
    }
    if (value > greatest) {
      greatest = value;
      greatestAt = firstRow + i;
    }
  }
  range.least = least;
  range.leastAt = leastAt;
  range.greatest = greatest;
  range.greatestAt = greatestAt;
}

function addGappy(
  range: Range,
  values: Float64Array,
  from: number,
  to: number,
  firstRow: number,
): void {
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (!hasPlace(value)) {
      if (range.firstGap === NOWHERE) range.firstGap = firstRow + i;
      range.lastGap = firstRow + i;
      continue;
    }
    if (range.first === NOWHERE) range.first = firstRow + i;
    range.last = firstRow + i;
    range.points++;
    if (value < range.least) {
      range.least = value;
      range.leastAt = firstRow + i;
    }
    if (value > range.greatest) {
      range.greatest = value;
      range.greatestAt = firstRow + i;
    }
  }
}

function gapsOf({ starts, leafGaps, gaps }: Pyramid, level: number, node: number): number {
  return level === 0 ? leafGaps[node]! : gaps[starts[level]! + node - starts[1]!]!;
}

function rowsOf({ rows }: Pyramid, level: number, node: number): number {
  const span = LEVEL_ROWS[level]!;
  return Math.min(span, rows - node * span);
}
