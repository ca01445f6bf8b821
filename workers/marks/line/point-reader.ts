import { BLOCK_ROWS, type TableView } from '../../columns.js';
import type { Arena } from '../../kernels/arena.js';
import type { F64, Kernels, U32 } from '../../kernels/kernels.js';
import { fillDoubles } from '../../scan/fill-doubles.js';
import { openSource, type Source } from '../../scan/source.js';
import { batchOf, columnOf, type NumberArray } from '../../scan/values.js';
import type { OffsetPlan } from '../scatter/plan.js';

/** Room for points in the arena, less the origin of x. */
export interface PointRoom {
  xs: F64;
  ys: F64;
  /** Their rows; null where they follow one another. */
  rows: U32 | null;
}

export interface PointReaderOptions {
  table: TableView;
  /** An x that is never null and finite. */
  x: number;
  y: number;
  offset: OffsetPlan;
  /** Rows of the snapshot: from `from` to `to` - 1. */
  from: number;
  to: number;
  arena: Arena;
  kernels: Kernels;
}

/** Reads the rows of a stretch that have a y, in their order. */
export class PointReader {
  /** Points from `from` to `to` - 1. */
  readonly count: number;
  /** Some of the rows have no y. */
  readonly hasGaps: boolean;
  /** Of a row on average, x and y together. */
  readonly rowBytes: number;
  readonly #options: PointReaderOptions;
  readonly #firstRows: number[];
  readonly #raw: PointRoom;
  readonly #mask: Uint8Array<ArrayBuffer>;
  readonly #places: Uint16Array<ArrayBuffer>;
  #row: number;
  #batch = -1;
  #x!: Source;
  #y!: Source;
  #isWhole = true;

  constructor(options: PointReaderOptions) {
    const { table, from, to, arena } = options;
    this.#options = options;
    this.#row = from;
    let firstRow = 0;
    this.#firstRows = table.batchRows.map((rows) => (firstRow += rows) - rows);
    this.#raw = { xs: arena.f64(BLOCK_ROWS), ys: arena.f64(BLOCK_ROWS), rows: null };
    this.#mask = arena.u8(BLOCK_ROWS);
    this.#places = arena.u16(BLOCK_ROWS);
    let gaps = 0;
    let bytes = 0;
    for (const [batch, rows] of table.batchRows.entries()) {
      const first = this.#firstRows[batch]!;
      const start = Math.max(0, from - first);
      const end = Math.min(rows, to - first);
      if (start >= end) continue;
      gaps += this.#gapsIn(batch, start, end);
      for (const column of [options.x, options.y]) {
        const { data, validity } = batchOf(table, column, batch);
        bytes += (((data?.length ?? 0) + (validity?.length ?? 0)) / rows) * (end - start);
      }
    }
    this.hasGaps = gaps > 0;
    this.count = to - from - gaps;
    this.rowBytes = bytes / Math.max(1, to - from);
  }

  /** Reads up to BLOCK_ROWS points into the room from position `at` on; how many, 0 only at the end. */
  read({ xs, ys, rows }: PointRoom, at: number): number {
    const { to, kernels } = this.#options;
    while (this.#row < to) {
      const first = this.#open(this.#row);
      const position = this.#row - first;
      // Blocks begin at whole bytes of validity.
      const block = position - (position % BLOCK_ROWS);
      const batchEnd = this.#options.table.batchRows[this.#batch]!;
      const end = Math.min(block + BLOCK_ROWS, batchEnd, to - first);
      const raw = this.#raw;
      const skip = position % 8;
      const count = end - position;
      const isInPlace = rows === null && skip === 0;
      const [intoX, intoY] = isInPlace ? [xs.subarray(at), ys.subarray(at)] : [raw.xs, raw.ys];
      this.#fillX(position - skip, count + skip, intoX);
      this.#fillY(position - skip, count + skip, intoY);
      const firstRow = this.#row - skip;
      this.#row = first + end;
      if (isInPlace) return count;
      const mask = this.#mask.fill(1, 0, count + skip).fill(0, 0, skip);
      if (!this.#isWhole) kernels.andFinite(raw.ys, mask, count + skip);
      const points = kernels.count(mask, count + skip);
      if (points === 0) continue;
      const places = this.#places;
      kernels.pack(mask, places, count + skip);
      kernels.gather(raw.xs, places, xs.subarray(at), points);
      kernels.gather(raw.ys, places, ys.subarray(at), points);
      if (rows !== null) for (let k = 0; k < points; k++) rows[at + k] = firstRow + places[k]!;
      return points;
    }
    return 0;
  }

  /** The first row from `row` on, before `end`, that has no y; -1 where each has one. */
  firstGap(row: number, end: number): number {
    const { kernels } = this.#options;
    while (row < end) {
      const first = this.#open(row);
      const batchEnd = first + this.#options.table.batchRows[this.#batch]!;
      const position = row - first;
      const skip = position % 8;
      const rows = Math.min(GAP_ROWS, end - row, batchEnd - row);
      if (!this.#isWhole) {
        this.#fillY(position - skip, rows + skip, this.#raw.ys);
        const mask = this.#mask.fill(1, 0, rows + skip);
        kernels.andFinite(this.#raw.ys, mask, rows + skip);
        const at = mask.subarray(skip, skip + rows).indexOf(0);
        if (at >= 0) return row + at;
      }
      row += this.#isWhole ? batchEnd - row : rows;
    }
    return -1;
  }

  /** Rows without a y among some of a batch. */
  #gapsIn(batch: number, start: number, end: number): number {
    const { table, y, kernels } = this.#options;
    const { nulls, notFinite = 0, storage } = batchOf(table, y, batch);
    if (storage === 'null') return end - start;
    if (nulls + notFinite === 0) return 0;
    if (end - start === table.batchRows[batch]) return nulls + notFinite;
    this.#open(this.#firstRows[batch]!);
    let points = 0;
    for (let at = start - (start % BLOCK_ROWS); at < end; at += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, end - at);
      this.#fillY(at, rows, this.#raw.ys);
      const mask = this.#mask.fill(1, 0, rows).fill(0, 0, Math.max(0, start - at));
      kernels.andFinite(this.#raw.ys, mask, rows);
      points += kernels.count(mask, rows);
    }
    return end - start - points;
  }

  /** Goes to the batch that holds a row; gives its first one. */
  #open(row: number): number {
    const { table, x, y } = this.#options;
    const firstRows = this.#firstRows;
    const isOpen =
      this.#batch >= 0 &&
      row >= firstRows[this.#batch]! &&
      row < firstRows[this.#batch]! + table.batchRows[this.#batch]!;
    if (!isOpen) {
      this.#batch = firstRows.findLastIndex((first) => first <= row);
      const view = batchOf(table, y, this.#batch);
      this.#x = openSource(table, batchOf(table, x, this.#batch));
      this.#y = openSource(table, view);
      this.#isWhole = view.nulls + (view.notFinite ?? 0) === 0 && view.storage !== 'null';
    }
    return firstRows[this.#batch]!;
  }

  #fillX(from: number, rows: number, out: F64): void {
    const { table, x, offset, kernels } = this.#options;
    const { origin } = offset;
    const { numbers, bigints } = this.#x;
    if (typeof origin === 'bigint') {
      if (bigints instanceof BigInt64Array) {
        kernels.offsetsOfBigints(bigints, from, rows, origin, out);
      } else {
        kernels.doubles(numbers as NumberArray, from, rows, out);
        const shift = Number(origin);
        for (let i = 0; i < rows; i++) out[i]! -= shift;
      }
      return;
    }
    fillDoubles(this.#x, from, rows, scaleOf(table, x), out, kernels);
    if (origin !== 0) for (let i = 0; i < rows; i++) out[i]! -= origin;
  }

  #fillY(from: number, rows: number, out: F64): void {
    const { table, y, kernels } = this.#options;
    fillDoubles(this.#y, from, rows, scaleOf(table, y), out, kernels);
  }
}

/** Rows looked at at once for a gap, which mostly is near. */
const GAP_ROWS = 256;

function scaleOf(table: TableView, column: number): number {
  const { logical } = columnOf(table, column);
  return logical.kind === 'decimal' ? logical.scale : 0;
}
