import { largeUint32 } from '../large-arrays.js';

/** Bits that are looked at a time: 2,048 places to write to fit the second-level cache. */
const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;
const SHIFTS = [0, DIGIT_BITS, 2 * DIGIT_BITS];

/** Positions that are being sorted, with room for as many, and for their keys. */
export interface Sorting {
  order: Uint32Array;
  spare: Uint32Array;
  keys: Uint32Array;
  spareKeys: Uint32Array;
}

/** Positions to be sorted, which are reordered. */
export function sortingOf(order: Uint32Array): Sorting {
  const room = (): Uint32Array => largeUint32(order.length);
  return { order, spare: room(), keys: room(), spareKeys: room() };
}

/**
 * Puts positions in ascending order of `words[position]`, and leaves equal ones as they stand: a radix sort, least digit first, that
 * passes over digits in which all agree. Keys go along with their positions, as to look them up in each pass would miss the caches.
 */
export function radixSort(sorting: Sorting, words: Uint32Array, check: () => void): void {
  const { length } = sorting.order;
  const counts = SHIFTS.map(() => new Uint32Array(DIGITS));
  const [low, middle, high] = counts as [Uint32Array, Uint32Array, Uint32Array];
  check();
  const { order, keys } = sorting;
  for (let i = 0; i < length; i++) {
    const key = words[order[i]!]!;
    keys[i] = key;
    low[key & (DIGITS - 1)]!++;
    middle[(key >>> DIGIT_BITS) & (DIGITS - 1)]!++;
    high[key >>> (2 * DIGIT_BITS)]!++;
  }
  for (const [k, shift] of SHIFTS.entries()) {
    const own = counts[k]!;
    if (length === 0 || own[(sorting.keys[0]! >>> shift) & (DIGITS - 1)] === length) continue;
    check();
    startsOf(own);
    scatter(sorting, own, shift);
    swap(sorting);
  }
}

/** Makes of counts where each digit begins. */
function startsOf(counts: Uint32Array): void {
  let place = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = counts[digit]!;
    counts[digit] = place;
    place += count;
  }
}

function scatter(
  { order, keys, spare, spareKeys }: Sorting,
  starts: Uint32Array,
  shift: number,
): void {
  for (let i = 0; i < order.length; i++) {
    const key = keys[i]!;
    const place = starts[(key >>> shift) & (DIGITS - 1)]!++;
    spare[place] = order[i]!;
    spareKeys[place] = key;
  }
}

function swap(sorting: Sorting): void {
  const { order, keys, spare, spareKeys } = sorting;
  Object.assign(sorting, { order: spare, keys: spareKeys, spare: order, spareKeys: keys });
}
