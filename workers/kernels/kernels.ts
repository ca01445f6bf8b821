import type { NumberArray } from '../scan/values.js';

/** Bits of Arrow's validity and of booleans, least significant first. */
type Bits = Uint8Array;
type Mask = Uint8Array<ArrayBuffer>;
type F64 = Float64Array<ArrayBuffer>;
type I64 = BigInt64Array<ArrayBuffer>;

/**
 * The inner loops of a scan over one block. There are two implementations, WebAssembly SIMD and a plain twin in
 * TypeScript, and they give the same bits. Everything but the columns themselves (`from` rows into shared memory,
 * always a multiple of 8) must lie in the arena of the thread.
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
  /** Whole numbers as int64. */
  widen(values: NumberArray, from: number, rows: number, out: I64): void;
  /** Codes of a dictionary as uint32. */
  codes(values: NumberArray, from: number, rows: number, out: Uint32Array<ArrayBuffer>): void;
  unpackBits(bits: Bits, from: number, rows: number, out: Mask): void;
  unpackDoubles(bits: Bits, from: number, rows: number, out: F64): void;
  unpackCodes(bits: Bits, from: number, rows: number, out: Uint32Array<ArrayBuffer>): void;
  /** NaN where the validity bit is 0. */
  nullDoubles(validity: Bits, from: number, rows: number, out: F64): void;
  /** NULL_CODE where the validity bit is 0. */
  nullCodes(validity: Bits, from: number, rows: number, out: Uint32Array<ArrayBuffer>): void;

  /** mask[i] &= low <= values[i] <= high; NaN is in no range. */
  andRange(values: F64, low: number, high: number, mask: Mask, rows: number): void;
  andRangeI64(values: I64, low: bigint, high: bigint, mask: Mask, rows: number): void;
  /** Rows whose byte is 1. */
  count(mask: Mask, rows: number): number;

  /**
   * cells[i] = the cell of a linear axis as `linearCell` of protocol/cells.ts has it, OUTSIDE beyond the ends,
   * DROPPED where the value is not finite.
   */
  linearCells(
    values: F64,
    low: number,
    high: number,
    width: number,
    cells: Int32Array<ArrayBuffer>,
    rows: number,
  ): void;
}

/** The cell of a row that lies beyond the domain. */
export const OUTSIDE = -1;
/** The cell of a row that has no place on the axis: null, NaN, infinite, not positive on a log axis. */
export const DROPPED = -2;
