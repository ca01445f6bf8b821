import { largeUint32 } from '../large-arrays.js';

/** Bits of a digit: its 2,048 counters stay in the first-level cache. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/** What rows are sorted by: unsigned integers of 64 bits in two halves, and the position of each. Consumed by the sort. */
export interface SortKeys {
  low: Uint32Array<ArrayBuffer>;
  high: Uint32Array<ArrayBuffer>;
  positions: Uint32Array<ArrayBuffer>;
}

/** The keys of as many rows, to be filled. */
export function createSortKeys(rows: number): SortKeys {
  return { low: largeUint32(rows), high: largeUint32(rows), positions: largeUint32(rows) };
}

/**
 * The positions in ascending order of their keys, of equal keys as they came: digit by digit, the lowest first. Digits that
 * all keys share are left out.
 */
export function sortedPositions(keys: SortKeys, check: () => void): Uint32Array<ArrayBuffer> {
  let from = keys;
  let into = createSortKeys(from.positions.length);
  for (const half of ['low', 'high'] as const) {
    const differing = differingBits(from[half]);
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      if (((differing >>> shift) & (DIGITS - 1)) === 0) continue;
      check();
      deal(from, into, from[half], shift);
      [from, into] = [into, from];
    }
  }
  return from.positions;
}

function differingBits(words: Uint32Array): number {
  const first = words[0]!;
  let bits = 0;
  for (let i = 1; i < words.length; i++) bits |= words[i]! ^ first;
  return bits;
}

/** One stable pass by the digit of `words` that begins at bit `shift`. */
function deal(from: SortKeys, into: SortKeys, words: Uint32Array, shift: number): void {
  const next = new Uint32Array(DIGITS + 1);
  const mask = DIGITS - 1;
  for (let i = 0; i < words.length; i++) next[((words[i]! >>> shift) & mask) + 1]!++;
  for (let digit = 1; digit < DIGITS; digit++) next[digit]! += next[digit - 1]!;
  const { low, high, positions } = from;
  const { low: lows, high: highs, positions: places } = into;
  for (let i = 0; i < words.length; i++) {
    const digit = (words[i]! >>> shift) & mask;
    const at = next[digit]!++;
    lows[at] = low[i]!;
    highs[at] = high[i]!;
    places[at] = positions[i]!;
  }
}
