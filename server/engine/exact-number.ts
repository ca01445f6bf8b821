/** A rational number: `numerator / denominator`, the denominator positive. */
export interface Exact {
  numerator: bigint;
  denominator: bigint;
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Beyond it neither a double nor a 128-bit integer has anything to compare with. */
const MAX_EXPONENT = 400;

/**
 * The number that a JSON number or a decimal string writes, exactly: 0.1 is one tenth, not the double next to it.
 * Undefined where the text is no number, or one with an absurd exponent.
 */
export function exactNumber(value: number | string): Exact | undefined {
  const text = String(value).trim();
  const parts = text.length > 1000 ? null : DECIMAL.exec(text);
  if (parts === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = parts;
  if (whole.length + fraction.length === 0) return undefined;
  const shift = Number(exponent) - fraction.length;
  if (Math.abs(Number(exponent)) > MAX_EXPONENT) return undefined;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  return shift >= 0
    ? { numerator: digits * 10n ** BigInt(shift), denominator: 1n }
    : { numerator: digits, denominator: 10n ** BigInt(-shift) };
}

/** The greatest integer that is not above the number. */
export function floorOf({ numerator, denominator }: Exact): bigint {
  return floorDivide(numerator, denominator);
}

/** The least integer that is not below the number. */
export function ceilOf({ numerator, denominator }: Exact): bigint {
  return ceilDivide(numerator, denominator);
}

/** Whether the first number is greater. */
export function isAbove(a: Exact, b: Exact): boolean {
  return a.numerator * b.denominator > b.numerator * a.denominator;
}

/** How far the number is from `origin`, as a double: exact for whole numbers within 2^53 of it. */
export function toNumber(exact: Exact, origin: bigint): number {
  const whole = floorOf(exact);
  const rest = exact.numerator - whole * exact.denominator;
  return Number(whole - origin) + Number(rest) / Number(exact.denominator);
}

/** The quotient rounded down; `divisor` is positive. */
export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}

/** The quotient rounded up; `divisor` is positive. */
export function ceilDivide(value: bigint, divisor: bigint): bigint {
  return -floorDivide(-value, divisor);
}

/** The next double above `value`. */
export function nextUp(value: number): number {
  if (!(value < Infinity)) return value;
  if (value === 0) return Number.MIN_VALUE;
  words.setFloat64(0, value);
  const bits = words.getBigInt64(0);
  words.setBigInt64(0, value > 0 ? bits + 1n : bits - 1n);
  return words.getFloat64(0);
}

/** The next double below `value`. */
export function nextDown(value: number): number {
  return -nextUp(-value);
}

const words = new DataView(new ArrayBuffer(8));
