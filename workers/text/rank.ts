import { largeUint32 } from '../large-arrays.js';
import type { Strings } from '../select/strings.js';

/** Up to so many strings are put in order one by one. */
const FEW = 16;
/** Above so many, two bytes at a time are counted. */
const MANY = 2 ** 16;
/** Strings that are put in order between two looks at the cancel word. */
const STRINGS_A_LOOK = 2 ** 14;
/** A byte as a digit: 0 stands for the end of the string, which comes first. */
const BASE = 257;

/**
 * The place of each string in the order of their UTF-8 bytes, which is that of their code points: a radix sort
 * from the first byte on. Of equal strings the first comes first. `check` is called every few milliseconds.
 */
export function ranksOf(strings: Strings, check?: () => void): Uint32Array<ArrayBuffer> {
  const order = orderOf(strings, check);
  const ranks = new Uint32Array(order.length);
  for (let place = 0; place < order.length; place++) ranks[order[place]!] = place;
  return ranks;
}

/** The strings' positions in the order of their UTF-8 bytes. */
export function orderOf(strings: Strings, check?: () => void): Uint32Array<ArrayBuffer> {
  const size = strings.offsets.length - 1;
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const sorter = { strings, order, spare: largeUint32(size), check };
  // Stretches of `order` that agree up to byte `depth`. A stack, because equal beginnings may be long.
  const todo: Stretch[] = [{ from: 0, to: size, depth: 0 }];
  let since = 0;
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    const count = next.to - next.from;
    if (count < 2) continue;
    since += count;
    if (since >= STRINGS_A_LOOK) {
      check?.();
      since = 0;
    }
    if (count <= FEW) insertionSort(sorter, next);
    else if (count > MANY) countTwoBytes(sorter, next, todo);
    else sortFourBytes(sorter, next, todo);
  }
  return order;
}

interface Sorter {
  strings: Strings;
  order: Uint32Array;
  spare: Uint32Array;
  check: (() => void) | undefined;
}

interface Stretch {
  from: number;
  to: number;
  depth: number;
}

function countTwoBytes(sorter: Sorter, { from, to, depth }: Stretch, todo: Stretch[]): void {
  const { order, spare, strings, check } = sorter;
  const starts = new Uint32Array(BASE * BASE + 1);
  const digits = largeUint32(to - from);
  for (let i = from; i < to; i++) {
    if ((i - from) % MANY === 0) check?.();
    const digit = digitsAt(strings, order[i]!, depth, 2);
    digits[i - from] = digit;
    starts[digit + 1]!++;
  }
  for (let digit = 0; digit < BASE * BASE; digit++) {
    const count = starts[digit + 1]!;
    starts[digit + 1] = starts[digit]! + count;
    const start = from + starts[digit]!;
    // A last digit of 0 is an end: nothing is left to compare.
    if (count > 1 && digit % BASE !== 0)
      todo.push({ from: start, to: start + count, depth: depth + 2 });
  }
  for (let i = from; i < to; i++) {
    if ((i - from) % MANY === 0) check?.();
    spare[from + starts[digits[i - from]!]!++] = order[i]!;
  }
  order.set(spare.subarray(from, to), from);
}

function sortFourBytes(sorter: Sorter, { from, to, depth }: Stretch, todo: Stretch[]): void {
  const { order, spare, strings } = sorter;
  const count = to - from;
  // Four digits and a position fit a double's 53 bits, and the engine's own sort of doubles is native.
  const keys = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    keys[i] = digitsAt(strings, order[from + i]!, depth, 4) * MANY + i;
    spare[from + i] = order[from + i]!;
  }
  keys.sort();
  let start = 0;
  let digits = Math.floor(keys[0]! / MANY);
  for (let i = 0; i < count; i++) {
    const own = Math.floor(keys[i]! / MANY);
    order[from + i] = spare[from + keys[i]! - own * MANY]!;
    if (own === digits) continue;
    if (i - start > 1 && digits % BASE !== 0) {
      todo.push({ from: from + start, to: from + i, depth: depth + 4 });
    }
    start = i;
    digits = own;
  }
  if (count - start > 1 && digits % BASE !== 0) {
    todo.push({ from: from + start, to, depth: depth + 4 });
  }
}

/** Bytes of a string from `depth` on as one number, in digits of 257 values: 0 is the end of the string. */
export function digitsAt(
  { offsets, bytes }: Strings,
  string: number,
  depth: number,
  count: number,
): number {
  const end = offsets[string + 1]!;
  let at = offsets[string]! + depth;
  let digits = 0;
  for (let k = 0; k < count; k++, at++) digits = digits * BASE + (at < end ? bytes[at]! + 1 : 0);
  return digits;
}

function insertionSort({ order, strings }: Sorter, { from, to, depth }: Stretch): void {
  for (let i = from + 1; i < to; i++) {
    const string = order[i]!;
    let k = i;
    while (k > from && compareStrings(strings, order[k - 1]!, string, depth) > 0) {
      order[k] = order[k - 1]!;
      k--;
    }
    order[k] = string;
  }
}

/** Negative where string `a` comes before string `b` by its bytes from `depth` on, positive where behind, else 0. */
export function compareStrings(
  { offsets, bytes }: Strings,
  a: number,
  b: number,
  depth = 0,
): number {
  const endOfA = offsets[a + 1]!;
  const endOfB = offsets[b + 1]!;
  let i = offsets[a]! + depth;
  let k = offsets[b]! + depth;
  while (i < endOfA && k < endOfB) {
    const difference = bytes[i++]! - bytes[k++]!;
    if (difference !== 0) return difference;
  }
  return endOfA - i - (endOfB - k);
}
