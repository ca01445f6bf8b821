import type { Digits } from './column-plan.js';

// A numeric in its binary form, all int16, most significant byte first:
//   0: number of digits to the base of 10,000
//   2: weight: the power of 10,000 that the first digit counts
//   4: sign: 0 plus, 0x4000 minus, 0xC000 no number, 0xD000 and 0xF000 infinite
//   6: scale: decimal digits after the point, as the value is shown
//   8: the digits

const MINUS = 0x4000;
const BASE_DIGITS = 4;
const POWERS = Array.from({ length: 23 }, (_, i) => 10 ** i);
const TWO_32 = 2 ** 32;

/** False for what is no number, or infinite. */
export function isFiniteNumeric(bytes: Uint8Array, at: number): boolean {
  return bytes[at + 4]! < 0xc0;
}

/** Widens `digits` to what the value needs. */
export function measureNumeric(bytes: Uint8Array, at: number, digits: Digits): void {
  if (!isFiniteNumeric(bytes, at)) return;
  const count = int16(bytes, at);
  if (count === 0) return;
  // As the last one may have at its end: only digits that count are counted.
  const last = int16(bytes, at + 6 + 2 * count);
  const zeros = last % 10 !== 0 ? 0 : last % 100 !== 0 ? 1 : last % 1000 !== 0 ? 2 : 3;
  const scale = (count - 1 - int16(bytes, at + 2)) * BASE_DIGITS - zeros;
  if (scale > digits.scale) digits.scale = scale;
  const whole = (int16(bytes, at + 2) + 1) * BASE_DIGITS;
  // The first digit to the base of 10,000 may have leading zeros.
  const first = int16(bytes, at + 8);
  const unused = first >= 1000 ? 0 : first >= 100 ? 1 : first >= 10 ? 2 : 3;
  if (whole - unused > digits.whole) digits.whole = whole - unused;
}

/**
 * Writes the value times 10^scale as a whole number of `width` bytes, low word first, at `row` of `out`. Returns false where it has
 * more digits than that.
 */
export function writeNumeric(
  bytes: Uint8Array,
  at: number,
  scale: number,
  width: number,
  out: Int32Array | Int16Array,
  row: number,
): boolean {
  const count = int16(bytes, at);
  const isNegative = MINUS >>> 8 === bytes[at + 4];
  // The power of ten by which the digits, read as one whole number, have to be multiplied.
  const power = (int16(bytes, at + 2) - count + 1) * BASE_DIGITS + scale;
  if (count <= 3 && power <= 15 && power > -23) {
    let value = 0;
    for (let i = 0; i < count; i++) value = value * 10_000 + int16(bytes, at + 8 + 2 * i);
    if (power < 0 && value % POWERS[-power]! !== 0) return false;
    // Exact: below 10^12 times a power, or the zeros at the end taken off.
    value = power < 0 ? value / POWERS[-power]! : value * POWERS[power]!;
    if (value <= Number.MAX_SAFE_INTEGER)
      return writeSafe(isNegative ? -value : value, width, out, row);
  }
  let value = 0n;
  for (let i = 0; i < count; i++) value = value * 10_000n + BigInt(int16(bytes, at + 8 + 2 * i));
  if (power < 0 && value % 10n ** BigInt(-power) !== 0n) return false;
  value = power < 0 ? value / 10n ** BigInt(-power) : value * 10n ** BigInt(power);
  return writeBig(isNegative ? -value : value, width, out, row);
}

function writeSafe(
  value: number,
  width: number,
  out: Int32Array | Int16Array,
  row: number,
): boolean {
  if (width === 2 || width === 4) {
    out[row] = value;
    return out[row] === value;
  }
  const high = Math.floor(value / TWO_32);
  const first = (row * width) >>> 2;
  out[first] = value - high * TWO_32;
  out[first + 1] = high;
  if (width === 16) out[first + 2] = out[first + 3] = high >> 31;
  return true;
}

function writeBig(
  value: bigint,
  width: number,
  out: Int32Array | Int16Array,
  row: number,
): boolean {
  if (BigInt.asIntN(width * 8, value) !== value) return false;
  if (width < 8) return writeSafe(Number(value), width, out, row);
  const first = (row * width) >>> 2;
  for (let i = 0; i < width >>> 2; i++) {
    out[first + i] = Number(BigInt.asIntN(32, value >> BigInt(32 * i)));
  }
  return true;
}

function int16(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) >> 16) | bytes[at + 1]!;
}
