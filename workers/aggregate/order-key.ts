/** Values of one digit of a key: a key has four of 16 bits, the most significant first. */
export const DIGITS = 2 ** 16;
export const KEY_DIGITS = 4;

/** The first digits of a key. */
export interface KeyPrefix {
  digits: readonly number[];
}

/** The keys of a block of doubles: high and low words of integers that are in the order of the doubles. */
export interface Keys {
  high: Uint32Array;
  low: Uint32Array;
  /** Reads the keys of the first `rows` values; those of NaN mean nothing. */
  read(values: Float64Array, rows: number): void;
}

/**
 * Makes keys of doubles. The bits of positive doubles ascend as they do; with the sign bit set they come after the
 * negative ones, whose bits are all turned over. -0 has the key of 0.
 */
export function openKeys(rows: number): Keys {
  const high = new Uint32Array(rows);
  const low = new Uint32Array(rows);
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  return {
    high,
    low,
    read(values, count) {
      for (let i = 0; i < count; i++) {
        double[0] = values[i]! + 0;
        const top = words[1]!;
        if (top < 0x8000_0000) {
          high[i] = top ^ 0x8000_0000;
          low[i] = words[0]!;
        } else {
          high[i] = ~top;
          low[i] = ~words[0]!;
        }
      }
    },
  };
}

/** The double of a whole key. */
export function doubleOfKey(digits: readonly number[]): number {
  const words = new Uint32Array(2);
  const high = digits[0]! * DIGITS + digits[1]!;
  const low = digits[2]! * DIGITS + digits[3]!;
  const isPositive = high >= 0x8000_0000;
  words[1] = isPositive ? high - 0x8000_0000 : ~high;
  words[0] = isPositive ? low : ~low;
  return new Float64Array(words.buffer)[0]!;
}

/** Whether key `i` begins with the digits of `prefix`. */
export function hasPrefix({ digits }: KeyPrefix, { high, low }: Keys, i: number): boolean {
  switch (digits.length) {
    case 0:
      return true;
    case 1:
      return high[i]! >>> 16 === digits[0];
    case 2:
      return high[i] === digits[0]! * DIGITS + digits[1]!;
    case 3:
      return high[i] === digits[0]! * DIGITS + digits[1]! && low[i]! >>> 16 === digits[2];
    default:
      throw new Error(`Expected fewer than ${KEY_DIGITS} digits, got ${digits.length}.`);
  }
}
