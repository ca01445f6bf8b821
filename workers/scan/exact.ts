import { formatDecimal } from '../json-value.js';

/** 10^0 to 10^22: the powers of ten that a double holds exactly. */
const MAX_EXACT_POWER = 22;
const MAX_SAFE = 2n ** 53n;

/** The double nearest to `integer / 10^scale`. */
export function toDouble(integer: bigint, scale: number): number {
  if (scale === 0) return Number(integer);
  // Both operands exact: IEEE division rounds the true quotient once.
  if (integer <= MAX_SAFE && integer >= -MAX_SAFE && scale <= MAX_EXACT_POWER) {
    return Number(integer) / 10 ** scale;
  }
  return Number(formatDecimal(integer, scale));
}

/** The signed 128-bit integer at position `i` of an array of halves, low half first. */
export function wideAt(halves: BigInt64Array | BigUint64Array, i: number): bigint {
  return (halves[2 * i + 1]! << 64n) | BigInt.asUintN(64, halves[2 * i]!);
}
