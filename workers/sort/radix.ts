import { largeUint32 } from '../large-arrays.js';

/** Bits that are looked at a time: 2,048 places to write to fit the first-level cache. */
const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;

/**
 * Puts positions in ascending order of `words[position]`, and leaves equal ones as they stand: a radix sort, least digit first, that
 * passes over digits in which all agree. What is returned is `order` or `spare`.
 */
export function radixSort(
  order: Uint32Array<ArrayBuffer>,
  spare: Uint32Array<ArrayBuffer>,
  words: Uint32Array,
  check: () => void,
): { order: Uint32Array<ArrayBuffer>; spare: Uint32Array<ArrayBuffer> } {
  const counts = new Uint32Array(DIGITS);
  let [from, to] = [order, spare];
  for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
    check();
    counts.fill(0);
    for (let i = 0; i < from.length; i++) counts[(words[from[i]!]! >>> shift) & (DIGITS - 1)]!++;
    const agreed = (words[from[0] ?? 0]! >>> shift) & (DIGITS - 1);
    if (counts[agreed] === from.length) continue;
    check();
    let place = 0;
    for (let digit = 0; digit < DIGITS; digit++) {
      const count = counts[digit]!;
      counts[digit] = place;
      place += count;
    }
    for (let i = 0; i < from.length; i++) {
      const position = from[i]!;
      to[counts[(words[position]! >>> shift) & (DIGITS - 1)]!++] = position;
    }
    [from, to] = [to, from];
  }
  return { order: from, spare: to };
}

/** Room for as many positions. */
export const positions = (count: number): Uint32Array<ArrayBuffer> => largeUint32(count);
