import type { NumberArray } from '../scan/values.js';

/** Bits of Arrow's validity and of booleans, least significant first. */
export type Bits = Uint8Array;
export type Mask = Uint8Array<ArrayBuffer>;
export type F64 = Float64Array<ArrayBuffer>;
export type I64 = BigInt64Array<ArrayBuffer>;
export type U16 = Uint16Array<ArrayBuffer>;
export type U32 = Uint32Array<ArrayBuffer>;
export type Cells = Int32Array<ArrayBuffer>;

/** The cell of a row that lies beyond the domain. */
export const OUTSIDE = -1;
/** The cell of a row that has no place on the axis: null, NaN, infinite, not positive on a log axis. */
export const DROPPED = -2;
/** The cell of a row that does not pass the filters. */
export const FILTERED = -3;
/** Where the counts of `countCells` begin: before them stand a spare one and those of DROPPED and OUTSIDE. */
export const COUNTS_AT = 3;

/**
 * The inner loops of a scan over one block. There are two implementations, WebAssembly SIMD and a plain twin in
 * TypeScript, and they give the same bits. Everything but the columns themselves (`from` rows into shared memory,
 * always a multiple of 8) must lie in the arena of the thread, whose buffers end on whole cache lines: up to 64 bytes
 * beyond the last row may be written.
 */
export interface Kernels {
  /** values[from + i] as doubles. */
  doubles(values: NumberArray, from: number, rows: number, out: F64): void;
  /** 64-bit integers as the nearest doubles. */
  doublesOfBigints(
    values: BigInt64Array | BigUint64Array,
    from: number,
    rows: number,
    out: F64,
  ): void;
  /** The same less `origin`: no difference may take more than 64 bits. */
  offsetsOfBigints(
    values: BigInt64Array,
    from: number,
    rows: number,
    origin: bigint,
    out: F64,
  ): void;
  /** Whole numbers as int64. */
  widen(values: NumberArray, from: number, rows: number, out: I64): void;
  /** Codes of a dictionary as uint32. */
  codes(values: NumberArray, from: number, rows: number, out: U32): void;
  unpackBits(bits: Bits, from: number, rows: number, out: Mask): void;
  unpackDoubles(bits: Bits, from: number, rows: number, out: F64): void;
  unpackCodes(bits: Bits, from: number, rows: number, out: U32): void;
  /** NaN where the validity bit is 0. */
  nullDoubles(validity: Bits, from: number, rows: number, out: F64): void;
  /** NULL_CODE where the validity bit is 0. */
  nullCodes(validity: Bits, from: number, rows: number, out: U32): void;

  /** mask[i] &= low <= values[i] <= high; NaN is in no range. */
  andRange(values: F64, low: number, high: number, mask: Mask, rows: number): void;
  andRangeI64(values: I64, low: bigint, high: bigint, mask: Mask, rows: number): void;
  /** The same for values[from + i], as they are stored. */
  andStoredRange(
    values: NumberArray,
    from: number,
    low: number,
    high: number,
    mask: Mask,
    rows: number,
  ): void;
  /** mask[i] &= lut[codes[i]], or `ofNull` where the code is NULL_CODE. */
  andCodes(codes: U32, lut: Mask, ofNull: number, mask: Mask, rows: number): void;
  /** Rows whose byte is 1. */
  count(mask: Mask, rows: number): number;

  /** Writes the bytes of a mask as bits, up to a multiple of 64 rows: those from `rows` on are 0. The mask has room for them. */
  packBits(mask: Mask, rows: number, out: Mask): void;
  /**
   * into &= bits, of the rows from `from`, a multiple of 64, up to a multiple of 64 rows; `bits` has as many, 0 beyond
   * its last row. Returns how many are left.
   */
  andBits(bits: Bits, from: number, rows: number, into: Mask): number;

  /** Writes the rows whose byte is 1, ascending. */
  pack(mask: Mask, places: U16, rows: number): void;
  /** out[i] = values[places[i]]. */
  gather<T extends F64 | I64 | U32 | Mask>(values: T, places: U16, out: T, rows: number): void;

  /** cells[i] by `linearCell` of protocol/cells.ts: OUTSIDE beyond the ends, DROPPED where it is not finite. */
  linearCells(
    values: F64,
    low: number,
    high: number,
    width: number,
    cells: Cells,
    rows: number,
  ): void;
  /**
   * cells[i] = the last of the edges at or below values[i]; OUTSIDE beyond `low` and `high`, DROPPED below `least`
   * or where it is not finite.
   */
  stepCells(
    values: F64,
    steps: Steps,
    low: number,
    high: number,
    least: number,
    cells: Cells,
    rows: number,
  ): void;
  /** The same between the edges of a log axis; DROPPED where it is not positive. */
  logCells(values: F64, edges: F64, table: LogTable, cells: Cells, rows: number): void;
  /** The same for exact integers. */
  timeCells(values: I64, edges: I64, low: bigint, high: bigint, cells: Cells, rows: number): void;

  /** xs[i] = ys[i] * width + xs[i] where both are cells, else the lesser: DROPPED before OUTSIDE. */
  pictureCells(xs: Cells, ys: Cells, width: number, rows: number): void;
  /**
   * out[i] = actives[i] * stride + cells[i], where the last two places of a stride are those of OUTSIDE and DROPPED.
   * `actives` are places, not below 0; the results must fit 31 bits.
   */
  cubeCells(actives: Cells, cells: Cells, stride: number, out: Cells, rows: number): void;
  /**
   * Adds values[i] to the sum at cells[i], where there is a cell and a number, and what rounding loses to its rest: side by
   * side, sums[2 * cell] and sums[2 * cell + 1], that both are in one cache line. See workers/aggregate/exact-sum.ts.
   */
  sumCells(cells: Cells, values: F64, sums: F64, rows: number): void;
  /**
   * Adds the numbers of the rows that pass, all without a mask, to into[0], what rounding loses to into[1], and how many they are
   * to into[2]. One by one, in registers: the sum is that of `addExactly`, to the bit.
   */
  sumValues(values: F64, mask: Mask | null, into: F64, rows: number): void;
  /** out[i] = FILTERED where values[i] is NaN, else cells[i]. */
  cellsOfValues(cells: Cells, values: F64, out: Cells, rows: number): void;
  /** out[i] = FILTERED where the mask is 0, else cells[i]. `out` may be `cells`. */
  maskCells(cells: Cells, mask: Mask, out: Cells, rows: number): void;
  /** counts[COUNTS_AT + cells[i]]++ for every row; that of FILTERED means nothing. */
  countCells(cells: Cells, counts: U32, rows: number): void;

  /** slots[i] = lut[codes[i]], or `ofNull` where the code is NULL_CODE. */
  slotCodes(codes: U32, lut: U16, ofNull: number, slots: U16, rows: number): void;
  /** The same with cells: cells[i] = lut[codes[i]], or `ofNull`. */
  placeCodes(codes: U32, lut: Cells, ofNull: number, cells: Cells, rows: number): void;
  /** cells[i] = cells[i] * slotCount + slots[i] where it is a cell; the product must fit 31 bits. */
  pairCells(cells: Cells, slots: U16, slotCount: number, rows: number): void;
  /**
   * The same in bytes, that more cells fit the caches. A byte that is 255 becomes 1, and its cell is written to
   * `spilled`: 255 rows of it have to be counted elsewhere. Returns how many were.
   */
  countBytes(cells: Cells, counts: Mask, spilled: Cells, rows: number): number;
  /** Writes which of counts[from] to counts[to - 1] are not 0, ascending; returns how many. `from` is even by 16. */
  occupied(counts: Mask, from: number, to: number, out: Cells): number;

  /**
   * into[i] += other[i], in any memory. Returns how many of the first are done: all, or those before a block with a sum
   * that does not fit a byte.
   */
  addBytes(into: Uint8Array, other: Uint8Array): number;
  /** Writes which bytes, in any memory, are not 0, ascending; returns how many. */
  occupiedBytes(counts: Uint8Array, out: Uint32Array): number;
  /** How many bytes, in any memory, are not 0, and the largest. */
  tallyBytes(counts: Uint8Array): { occupied: number; largest: number };

  /**
   * Writes where the first least and the first greatest of values[from] to values[to - 1] stand, of which there is
   * at least one, and none is NaN.
   */
  extremes(values: F64, from: number, to: number, out: Cells): void;

  /**
   * Summarizes values by `size` rows (even, at most 254), the last ones perhaps fewer. Without a finite one the least
   * is infinite, the greatest its opposite, and both stand at 0.
   */
  leaves(values: F64, rows: number, size: number, out: Leaves): void;

  /**
   * Chooses of each bucket of points, starts[b] to starts[b + 1] - 1, the first that makes the largest triangle with the point
   * chosen before it and the mean of the next bucket, which adds its points in their order; there is one bucket more than are
   * chosen of. `last` has x and y of the point chosen before, and gets those of the last one. `means` has room for two
   * doubles a bucket.
   */
  triangles(
    xs: F64,
    ys: F64,
    starts: Cells,
    buckets: number,
    last: F64,
    means: F64,
    out: Cells,
  ): void;

  /** out = the least and the greatest value, Infinity and -Infinity where all are NaN, and how many are NaN. */
  zone(values: F64, rows: number, out: F64): void;

  /** int64 in the order of doubles, which are not NaN: twice gives their bits again. `out` may lie in the same memory. */
  ordered(values: F64, rows: number, out: I64): void;
  /** mask[i] &= values[i] is finite. */
  andFinite(values: F64, mask: Mask, rows: number): void;
  /** strips[i] = the last of the edges, a power of two of them and one that ends the last strip, at or below keys[i]; 0 below all. */
  findStrips(keys: I64, edges: I64, strips: U16, rows: number): void;
  /** counts[tile]++ for each row of which the mask is 1. */
  countTiles(
    xs: U16,
    ys: U16,
    mask: Mask,
    rows: number,
    stripBits: number,
    tileBits: number,
    counts: U32,
  ): void;
  /** entries[next[tile]++] = each row of which the mask is 1 and whose turn is from `from` to `to - 1`, in order of their turns. */
  placeRows(from: number, to: number, rows: StripedRows, next: U32, entries: U32): void;
  /**
   * Sorts rows of a run of tiles by what is known of their strips, at most BLOCK_ROWS of them. Cells whose byte was full are
   * written to `full`, once for each 255 rows. Returns a tile at or before that of the next row.
   */
  sortRows(run: CodedRun, counts: Mask, full: Cells, lists: RowLists): number;
  /**
   * Lists rows of a run of tiles behind the first `count`: those of some strips, counted from the first of the run, which reach
   * into its first and its last tile. Returns how many there are then.
   */
  listRows(
    run: TileRun,
    strips: { x: StripRange; y: StripRange },
    rows: U32,
    count: number,
  ): number;
}

/** Strips from `low` to `high`, both of them too. */
export interface StripRange {
  low: number;
  high: number;
}

/** The rows of a batch, with their strips on both axes. */
export interface StripedRows {
  rows: number;
  xs: U16;
  ys: U16;
  /** 1 where a row has a place. */
  mask: Mask;
  stripBits: number;
  tileBits: number;
}

/** Rows `from` to `to - 1` of a run of neighbouring tiles: of one row of tiles, numbered from the first of the run. */
export interface TileRun {
  from: number;
  to: number;
  /** The entries of these rows. */
  entries: U32;
  /** Where the rows of each tile of the run begin, and the end of the last. */
  starts: U32;
  stripBits: number;
  /** Bits of the rows of the batch, in the arena: a row whose bit is 0 is left out. */
  bits: Mask | null;
}

/** The same with what is known of strips. */
export interface CodedRun extends TileRun {
  /** A tile at or before that of row `from`. */
  tile: number;
  /** What is known of each strip of the run on x, and of the strips of its row of tiles on y: see `workers/tiles/strip-codes.ts`. */
  xs: Cells;
  ys: Cells;
  /** The same of whole tiles; -1 where their strips differ. */
  xTiles: Cells;
  yTile: number;
  /** What is done with a row, by the flags of x * 16 + those of y: see `workers/tiles/ways.ts`. */
  ways: Mask;
}

/** Rows whose cells have to be looked up: in memory one behind the other, with room for as many more behind them. */
export interface RowLists {
  /**
   * How many stand in each list: without x, without y, without both; then how many rows were dropped, how many counted, and how
   * many cells are full.
   */
  sizes: U32;
  capacity: number;
  /** Rows without x, and their y. */
  rowsOfX: U32;
  yOfX: Cells;
  /** Rows without y, and their x. */
  rowsOfY: U32;
  xOfY: Cells;
  rowsOfBoth: U32;
}

/** Cells of codes are less than 2 to this; above it stand the flags. */
export const FLAG_SHIFT = 26;
/** What is done with a row: it is counted in its cell, listed without x, y or both, dropped, or left out. */
export const Way = { COUNT: 0, X: 1, Y: 2, BOTH: 3, DROP: 4, SKIP: 5 } as const;

/** What stretches of values come to, one entry each. */
export interface Leaves {
  /** The finite extremes. */
  least: F64;
  greatest: F64;
  /** Where the first of each stands, from the start of the stretch. */
  leastAt: Mask;
  greatestAt: Mask;
  /** Values that are not finite. */
  gaps: Mask;
}

/** Edges that are equally far apart but for rounding. */
export interface Steps {
  edges: F64;
  /** How far an edge is from a whole number of mean widths at most, in widths; more than MAX_DOUBT: it is no steps. */
  doubt: number;
}

/** For the first bits of a double (its high word, shifted) the first cell that it may be in. */
export interface LogTable {
  cells: Cells;
  base: number;
  shift: number;
}
