import { BLOCK_ROWS } from '../columns.js';
import type { Block } from '../scan/block.js';
import { openWords } from './words-of.js';

/** Values of one digit of a key: a key has four of 16 bits, the most significant first. */
export const DIGITS = 2 ** 16;
export const KEY_DIGITS = 4;

/** The first digits of a key. */
export interface KeyPrefix {
  digits: readonly number[];
}

/** The keys of a block of doubles: high and low words of integers that are in the order of the doubles. */
export interface BlockKeys {
  high: Uint32Array;
  low: Uint32Array;
  /** 0 for a row that does not match, that has no number, or whose key begins otherwise: its words mean nothing. */
  has: Uint8Array;
}

/**
 * Makes keys of the doubles of a column, and tells those that begin with `prefix`. The bits of positive doubles ascend as they do; with the
 * sign bit set they come after the negative ones, whose bits are all turned over. -0 has the key of 0. Valid until the next block.
 */
export function openKeys(column: number, prefix: KeyPrefix): (block: Block) => BlockKeys {
  const wordsOf = openWords(column, 'f64');
  const { highMask, lowMask, highBits, lowBits } = prefixBits(prefix);
  const high = new Uint32Array(BLOCK_ROWS);
  const low = new Uint32Array(BLOCK_ROWS);
  return (block) => {
    const { words, has } = wordsOf(block);
    const { rows } = block;
    for (let i = 0; i < rows; i++) {
      const top = words[2 * i + 1]!;
      // All bits where the sign bit is set, else none.
      const turned = (top | 0) >> 31;
      const highKey = top ^ (turned | 0x8000_0000);
      const lowKey = words[2 * i]! ^ turned;
      high[i] = highKey;
      low[i] = lowKey;
      const differing = ((highKey ^ highBits) & highMask) | ((lowKey ^ lowBits) & lowMask);
      if (differing !== 0) has[i] = 0;
    }
    return { high, low, has };
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

/** The first digits as bits of both words, and which bits these are. */
function prefixBits({ digits }: KeyPrefix) {
  if (digits.length >= KEY_DIGITS) {
    throw new Error(`Expected fewer than ${KEY_DIGITS} digits, got ${digits.length}.`);
  }
  const [first = 0, second = 0, third = 0] = digits;
  return {
    highMask: [0, 0xffff_0000, ~0, ~0][digits.length]! | 0,
    lowMask: digits.length === 3 ? 0xffff_0000 | 0 : 0,
    highBits: (first << 16) | second,
    lowBits: third << 16,
  };
}
