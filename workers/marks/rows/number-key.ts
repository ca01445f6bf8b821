/** The two words by which numbers are put in order, and the number that they stand for. */
export interface NumberKey {
  high: number;
  low: number;
}

/** How numbers become the keys of a level, and back: see `level.ts`. */
export interface NumberKeys {
  /** Writes the key of a number that is not null. */
  write(value: number, key: NumberKey): void;
  /** The number of a key. */
  read(high: number, low: number): number;
}

const SIGN = 0x8000_0000;
const ALL = 0xffff_ffff;

/** Doubles: the bits ascend with them once the sign of positive ones, and all bits of negative ones, are turned over. */
export function doubleKeys(descending: boolean): NumberKeys {
  const double = new Float64Array(1);
  const words = new Uint32Array(double.buffer);
  const turn = descending ? ALL : 0;
  return {
    write(value, key) {
      // -0 and 0 are one value, and NaN is above all.
      double[0] = value === 0 ? 0 : value;
      const flip = words[1]! >>> 31 === 1 ? ALL : 0;
      const isNaN = value !== value;
      key.high = ((isNaN ? ALL : words[1]! ^ (flip | SIGN)) ^ turn) >>> 0;
      key.low = ((isNaN ? ALL : words[0]! ^ flip) ^ turn) >>> 0;
    },
    read(high, low) {
      const [upper, lower] = [(high ^ turn) >>> 0, (low ^ turn) >>> 0];
      const flip = upper >>> 31 === 1 ? 0 : ALL;
      words[1] = upper ^ (flip | SIGN);
      words[0] = lower ^ flip;
      return double[0]!;
    },
  };
}

/** Whole numbers of `bits` bits from `least` on, counted from there and moved to the top. */
export function integerKeys(least: number, bits: number, descending: boolean): NumberKeys {
  const scale = 2 ** (32 - bits);
  const turn = descending ? ALL : 0;
  return {
    write(value, key) {
      const top = (value - least) * scale;
      const whole = Math.floor(top);
      key.high = (whole ^ turn) >>> 0;
      key.low = (((top - whole) * 2 ** 32) ^ turn) >>> 0;
    },
    read: (high, low) => (((high ^ turn) >>> 0) + ((low ^ turn) >>> 0) / 2 ** 32) / scale + least,
  };
}
